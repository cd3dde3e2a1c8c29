"""One content taken once: the ledger first, then the import, then the outcome.

A crash leaves whole batches and a line that still runs; the next turn imports the same content again, finds what is
registered already and completes the rest.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from hotline.errors import HotlineError, InvalidInputError, UnusableFileError
from hotline.importing.files import import_file
from hotline.intake.outcome import ImportOutcome
from hotline.records import Actor
from hotline.store import taken
from hotline.store.taken import TakenState
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from typing import IO

    from hotline.services import Services
    from hotline.store.taken import Taken, Way

_PIECE = 1024 * 1024
ACCOUNT = "fetching"
"""The account id under which what was fetched is registered."""


def take(services: Services, content: bytes | IO[bytes], *, office_id: str, channel: str, way: Way, name: str) -> Taken:
    """Import a content that was never taken, or not to its end; of any other give the ledger's line.

    A stream must be able to seek.

    Raises:
        HotlineError: The installation cannot import at this moment; the line still runs and is tried again.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    digest = services.keyring.sign(b"taken|" + _digest(stream))
    with services.write() as store:
        line = taken.begin(
            store.session, office_id, channel, way, name=printable(name), digest=digest, at=services.now()
        )
    if line.ended:
        return line
    source = f"{way.label}：{line.name}"
    outcome, problem = ImportOutcome(), ""
    try:
        outcome = import_file(services, stream, channel, Actor(ACCOUNT, Role.SYSTEM, office_id), source=source)
    except (UnusableFileError, InvalidInputError) as error:
        problem = error.message
        stream.seek(0)
        if whole := stream.read():  # No table: it stays in quarantine as it came. An empty one is nothing.
            with services.write() as store:
                store.quarantine(
                    office_id=office_id,
                    channel=channel,
                    source=source,
                    reason=problem,
                    content=whole,
                    at=services.now(),
                )
    state = TakenState.REFUSED if problem else TakenState.DONE
    counts = {"accepted": outcome.accepted, "duplicates": outcome.duplicates, "rejected": len(outcome.rejected)}
    with services.write() as store:
        taken.end(store.session, line.id, state, services.now(), problem=problem, **counts)
        return taken.begin(store.session, office_id, channel, way, name=line.name, digest=digest, at=services.now())


def _digest(stream: IO[bytes]) -> bytes:
    """The SHA-256 of a content, read piece by piece."""
    digest = hashlib.sha256()
    stream.seek(0)
    while piece := stream.read(_PIECE):
        digest.update(piece)
    return digest.digest()


def printable(name: str) -> str:
    """A file's name without what cannot be shown."""
    text = name.encode("utf-8", "replace").decode()
    return "".join(char for char in text if char.isprintable()) or "未命名"


def office_named(services: Services, wanted: str) -> str:
    """The office of this id; with none named the one whose case numbers begin lowest, as `hotline import` has it.

    Raises:
        HotlineError: There is none.
    """
    if wanted:
        return services.office(wanted).id
    known = sorted(services.offices.values(), key=lambda office: (office.number_prefix, office.id))
    if not known:
        message = "数据库里还没有办公室。"
        raise HotlineError(message)
    return known[0].id
