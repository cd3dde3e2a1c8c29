"""What a process does first after it was forked from one that has loaded everything."""

from __future__ import annotations

import gc

YOUNG = 50_000
"""Objects between two looks for cycles. A registration makes thousands and hardly a cycle; the default of 700 spends a
tenth of its processor time on looking."""


def settle() -> None:
    """Keep what was there before the fork for good, and look for garbage seldom.

    Looking through model, rules and directory would cost time and write to pages of memory that are shared with the
    parent until then.
    """
    gc.freeze()
    gc.set_threshold(YOUNG)
