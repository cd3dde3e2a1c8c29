"""Addresses that every page names again and again, worked out once in a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import current_app, request, url_for

if TYPE_CHECKING:
    from flask import Flask

_KEPT = "hotline_addresses"


def fixed_url(endpoint: str, **values: str) -> str:
    """`url_for` for an address with few values, all of them our own: never with what somebody typed.

    Where the program is served under a prefix, which comes with the request, nothing is kept.
    """
    if request.script_root:
        return url_for(endpoint, **cast("dict[str, Any]", values))
    kept = cast("dict[object, str]", current_app.extensions[_KEPT])
    key = (endpoint, *values.items())
    found = kept.get(key)
    if found is None:
        found = kept[key] = url_for(endpoint, **cast("dict[str, Any]", values))
    return found


def own_path(typed: str) -> str:
    """An address that came with a request, where it is a path of ours; else nothing."""
    ours = typed.startswith("/") and not typed.startswith(("//", "/\\")) and typed.isprintable()
    return typed if ours else ""


def install(app: Flask) -> None:
    """Make them known to the templates."""
    app.extensions[_KEPT] = {}
    app.jinja_env.globals["fixed_url"] = fixed_url
