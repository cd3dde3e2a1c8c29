"""The ledger of what the hotline fetched by itself: each content once per office and channel, with its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from hotline.store.dialect import upsert
from hotline.store.ids import new_id
from hotline.store.tables import PULL_STATE, TAKEN_FILE
from hotline.vocabulary import Term

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

NAME_LIMIT = 120
SHOWN = 100


class Way(Term):
    """怎样取来."""

    FOLDER = "folder", "收件目录"
    PULL = "pull", "拉取"


class TakenState(Term):
    """取到哪一步."""

    RUNNING = "running", "正在导入"
    DONE = "done", "已导入"
    REFUSED = "refused", "不能用"


@dataclass(frozen=True, slots=True)
class Taken:
    """One file or page in the ledger."""

    id: str
    office_id: str
    channel: str
    way: str
    name: str
    digest: str
    state: str
    begun_at: datetime
    ended_at: datetime | None
    accepted: int
    duplicates: int
    rejected: int
    problem: str

    @property
    def ended(self) -> bool:
        """Whether it was taken to its end, and is not to be taken again."""
        return self.state != TakenState.RUNNING


@dataclass(frozen=True, slots=True)
class PullState:
    """How far a source was read."""

    office_id: str
    channel: str
    cursor: str
    asked_at: datetime
    problem: str


def begin(session: Session, office_id: str, channel: str, way: Way, *, name: str, digest: str, at: datetime) -> Taken:
    """The ledger's line of this content: a new one, or the one there is, which a crash may have left running."""
    wanted = (TAKEN_FILE.c.office_id == office_id, TAKEN_FILE.c.channel == channel, TAKEN_FILE.c.digest == digest)
    found = session.execute(select(TAKEN_FILE).where(*wanted)).mappings().first()
    if found is None:
        row = {"id": new_id(), "office_id": office_id, "channel": channel, "way": str(way), "digest": digest}
        row |= {"name": name[:NAME_LIMIT], "state": str(TakenState.RUNNING)}
        counts = {"accepted": 0, "duplicates": 0, "rejected": 0}
        session.execute(insert(TAKEN_FILE), [row | counts | {"begun_at": at, "problem": ""}])
        found = session.execute(select(TAKEN_FILE).where(*wanted)).mappings().one()
    return Taken(**found)


def end(session: Session, taken_id: str, state: TakenState, at: datetime, *, problem: str = "", **counts: int) -> None:
    """Note what became of it."""
    changed = update(TAKEN_FILE).where(TAKEN_FILE.c.id == taken_id)
    session.execute(changed.values(state=str(state), ended_at=at, problem=problem, **counts))


def latest(session: Session, office_id: str) -> tuple[Taken, ...]:
    """The office's newest lines, the newest first."""
    statement = select(TAKEN_FILE).where(TAKEN_FILE.c.office_id == office_id)
    statement = statement.order_by(TAKEN_FILE.c.begun_at.desc(), TAKEN_FILE.c.id.desc()).limit(SHOWN)
    return tuple(Taken(**row) for row in session.execute(statement).mappings())


def pull_state(session: Session, office_id: str, channel: str) -> PullState | None:
    """How far this source was read, None where it was never asked."""
    return next((each for each in pull_states(session, office_id) if each.channel == channel), None)


def pull_states(session: Session, office_id: str) -> tuple[PullState, ...]:
    """Every source of the office."""
    statement = select(PULL_STATE).where(PULL_STATE.c.office_id == office_id).order_by(PULL_STATE.c.channel)
    return tuple(PullState(**row) for row in session.execute(statement).mappings())


def keep_pull_state(session: Session, state: PullState) -> None:
    """Note how far a source was read and what was wrong."""
    row = {name: getattr(state, name) for name in PullState.__dataclass_fields__}
    upsert(session, PULL_STATE, [row], key=("office_id", "channel"))
