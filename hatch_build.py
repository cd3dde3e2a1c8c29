"""Build hook: takes the browser files out of pinned packages, so that none stands in the repository.

Each file is named by its package, its path in the package and its SHA-256; a file with any other hash is refused.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = {
    "bootstrap.min.css": (
        "bootstrap-flask",
        "flask_bootstrap/static/bootstrap5/css/bootstrap.min.css",
        "d85327d99c7a3ee1f9b5d0500d1370acea3ad2db39c163c2f51f232baedbdede",
    ),
}


class AssetHook(BuildHookInterface):  # type: ignore[type-arg] - the plugin's config type is of no use here.
    """Copies `ASSETS` into `hotline/web/static/vendor/` before the wheel or the editable install is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature.
        """Copy every asset whose hash fits.

        Raises:
            ValueError: A package ships another file than the pinned one.
        """
        folder = Path(self.root) / "hotline" / "web" / "static" / "vendor"
        folder.mkdir(parents=True, exist_ok=True)
        for name, (package, path, expected) in ASSETS.items():
            content = Path(str(distribution(package).locate_file(path))).read_bytes()
            if hashlib.sha256(content).hexdigest() != expected:
                message = f"{package}: {path} is not the pinned file"
                raise ValueError(message)
            (folder / name).write_bytes(content)
