"""Where case and leg stand when a row of the lifecycle begins: the sets of states that several rows share."""

from __future__ import annotations

from hotline.vocabulary import OPEN_LEG_STATES, CaseState, LegState

BEFORE_DISPATCH = frozenset({CaseState.TRIAGE, CaseState.READY})
DISPUTED = frozenset({CaseState.DISPUTED})
WITH_AGENCIES = frozenset({CaseState.DISPATCHED, CaseState.DISPUTED})
TELLING = WITH_AGENCIES | {CaseState.RESOLVED, CaseState.FOLLOW_UP}
"""While the caller is told, demands are answered and evidence is handed in: until the case is closed."""
RELEASABLE = TELLING | {CaseState.ARCHIVED}
"""When the public may read how far a case is."""

QUEUED = frozenset({LegState.QUEUED})
SIGNED = frozenset({LegState.SIGNED})
AT_WORK = OPEN_LEG_STATES - QUEUED
