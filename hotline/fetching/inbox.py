"""The watched folder: `HOTLINE_INBOX/<channel>/file`, or `<channel>@<office>` where there are several offices.

A file is complete when its size and time stood still between two turns, or when it was renamed into place: names that
begin with a dot or end in `.tmp` or `.part` are still being written. What was taken moves to `done/` or `refused/` of
its folder with the result beside it as JSON; the result holds counts and reasons, never what a caller said.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from hotline.errors import HotlineError
from hotline.fetching.taking import office_named, take
from hotline.intake.channels import get_channel
from hotline.store.taken import TakenState, Way

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from hotline.services import Services
    from hotline.store.taken import Taken

DONE, REFUSED = "done", "refused"
UNFINISHED = (".tmp", ".part", ".crdownload", ".filepart")
MOST_BYTES = 1024 * 1024 * 1024
MOST_FILES = 20
"""Files a turn, so that the next turn comes soon."""
log = logging.getLogger(__name__)


class Watch:
    """Remembers how large each file was at the last turn."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._seen: dict[Path, tuple[int, int]] = {}
        self._told: set[Path] = set()

    def complete(self, inbox: Path) -> list[Path]:
        """The files that have not changed since the last turn, the oldest first."""
        now = {path: (stat.st_size, stat.st_mtime_ns) for path, stat in _files(inbox)}
        still = [path for path, size in now.items() if self._seen.get(path) == size]
        self._seen = now
        return sorted(still, key=lambda path: (now[path][1], path.name))

    def is_news(self, path: Path) -> bool:
        """Whether this file's failure was not told before: it stands there until somebody sees to it."""
        fresh = path not in self._told
        self._told = (self._told | {path}) & self._seen.keys()
        return fresh


def _files(inbox: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Plain files of the channels' folders, links left out: a link could show any file of the machine."""
    for folder in sorted(inbox.iterdir()) if inbox.is_dir() else ():
        if folder.is_symlink() or not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            name = path.name.lower()
            if not name.startswith(".") and not name.endswith(UNFINISHED) and not path.is_symlink() and path.is_file():
                yield path, path.stat()


def take_files(services: Services, inbox: Path, watch: Watch) -> int:
    """Take what is complete; return how many files were moved."""
    moved = 0
    for path in watch.complete(inbox):
        if moved == MOST_FILES:
            break
        try:
            moved += _take(services, path)
        except (HotlineError, OSError) as error:
            # It stays where it is and is tried again; the name could hold personal data.
            if watch.is_news(path):
                log.error("inbox_file_failed folder=%s type=%s", path.parent.name, type(error).__name__)  # noqa: TRY400 - a trace could hold data.
    return moved


def _take(services: Services, path: Path) -> bool:
    code, _, office = path.parent.name.partition("@")
    channel, office_id = get_channel(code).code, office_named(services, office)
    if path.stat().st_size > MOST_BYTES:
        _move(path, REFUSED, {"error": "文件超过 1 GB。请拆成较小的文件后重新放入。"})
        return True
    with path.open("rb") as content:
        line = take(services, content, office_id=office_id, channel=channel, way=Way.FOLDER, name=path.name)
    _move(path, REFUSED if line.state == TakenState.REFUSED else DONE, _result(line))
    return True


def _result(line: Taken) -> dict[str, object]:
    """What stands beside a file that was moved."""
    result: dict[str, object] = {"taken_at": line.begun_at.isoformat(), "accepted": line.accepted}
    result |= {"duplicates": line.duplicates, "rejected": line.rejected}
    return result | ({"error": line.problem} if line.problem else {})


def _move(path: Path, where: str, result: dict[str, object]) -> None:
    """Move a file aside under a name that is free, the result first: a crash between leaves the file to be moved."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    target, count = folder / path.name, 1
    while target.exists():
        count += 1
        target = folder / f"{path.stem}-{count}{path.suffix}"
    beside = target.with_name(f"{target.name}.result.json")
    beside.write_text(json.dumps(result, ensure_ascii=False) + "\n", encoding="utf-8")
    path.rename(target)
