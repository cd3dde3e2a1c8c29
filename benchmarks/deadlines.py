"""What one deadline costs: for a day not seen before, and from what is kept. Run: python benchmarks/deadlines.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter

from hotline.casework.periods import _due_after, due
from hotline.casework.policy_file import load_policies
from hotline.casework.workdays import load_calendar

ROUNDS = 5
FIRST = datetime(2010, 1, 4, 1, tzinfo=UTC)
DAYS = 5_500
LIMIT_FRESH, LIMIT_KEPT = 50.0, 5.0


def main() -> None:
    """Print microseconds for each policy, the slowest first, and fail where a limit is passed."""
    calendar = load_calendar()
    policies = [policy for policy in load_policies() if policy.enabled]
    starts = [FIRST + timedelta(days=day) for day in range(DAYS)]
    due(policies[0], starts[0], calendar)
    fresh, kept = {}, {}
    for policy in policies:
        fresh[policy.id] = _microseconds(lambda start, policy=policy: due(policy, start, calendar), starts, forget=True)
        few = starts[:500]
        for start in few:
            due(policy, start, calendar)
        kept[policy.id] = _microseconds(lambda start, policy=policy: due(policy, start, calendar), few, forget=False)
    for name in sorted(fresh, key=lambda name: -fresh[name])[:10]:
        print(f"{name:24} fresh {fresh[name]:6.1f} us   kept {kept[name]:5.2f} us")
    worst, worst_kept = max(fresh.values()), max(kept.values())
    print(f"{len(policies)} policies: slowest {worst:.1f} us fresh (limit 50), {worst_kept:.2f} us kept (limit 5)")
    if worst >= LIMIT_FRESH or worst_kept >= LIMIT_KEPT:
        raise SystemExit(1)


def _microseconds(call, starts, *, forget: bool) -> float:  # noqa: ANN001 - any callable on any moments.
    """The mean of the best round."""
    best = float("inf")
    for _ in range(ROUNDS):
        if forget:
            _due_after.cache_clear()
        begin = perf_counter()
        for start in starts:
            call(start)
        best = min(best, perf_counter() - begin)
    return best / len(starts) * 1e6


if __name__ == "__main__":
    main()
