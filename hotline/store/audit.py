"""Verifying every stream and every seal: what was altered, removed, reordered, inserted or cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hotline.store.askept import any_bytes_as_text, as_kept
from hotline.store.audit_chains import chain_faults
from hotline.store.audit_seals import seal_faults
from hotline.store.engine import read_transaction
from hotline.store.tables import EVENT, SEAL

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from hotline.store.crypto import Keyring


def verify(engine: Engine, keyring: Keyring, seal_file: Path) -> dict[str, Any]:
    """Walk all chains and seals: `{ok, events, seals, unsealed, broken: [{stream, seq, reason}]}`.

    A fault of a seal itself stands under the stream `seals` with the seal's number. Memory does not grow with the
    number of events.
    """
    with read_transaction(engine) as session, any_bytes_as_text(session):
        events = int(session.execute(select(func.count()).select_from(EVENT)).scalar_one())
        unsealed_count = select(func.count()).select_from(EVENT).where(EVENT.c.seal_id.is_(None))
        unsealed = int(session.execute(unsealed_count).scalar_one())
        ordered = select(*as_kept(session, SEAL)).order_by(SEAL.c.id)
        seals = [dict(row) for row in session.execute(ordered).mappings()]
        broken = [*chain_faults(session, keyring), *seal_faults(session, keyring, seals, seal_file)]
    return {"ok": not broken, "events": events, "seals": len(seals), "unsealed": unsealed, "broken": broken}
