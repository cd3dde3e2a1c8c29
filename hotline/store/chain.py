"""The event chains as other rooms use them: append, read, seal, verify."""

from hotline.store.audit import verify
from hotline.store.events import append, last_seq, read_events
from hotline.store.free_texts import delete_texts, read_texts
from hotline.store.sealing import seal_pending

__all__ = ["append", "delete_texts", "last_seq", "read_events", "read_texts", "seal_pending", "verify"]
