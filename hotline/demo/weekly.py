"""What bodies and the office of the demonstration submitted of the last two weeks: some in time, one late, one not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from hotline.moments import SHANGHAI, local_date
from hotline.reports.report_period import week_of
from hotline.store.submissions import SubmissionKind, submit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.records import Actor
    from hotline.services import Services


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission: by which body (an empty one is the office), on which day of the week (1 for Monday), when."""

    body: str
    weekday: int
    hour: time
    text: str
    kind: SubmissionKind = SubmissionKind.WEEKLY
    recipient: str = ""


EVERY_WEEK = (
    Sent(
        "110102-whly",
        2,
        time(15, 5),
        "在一处出租房查获疑似盗版光盘，当事人阻挠检查，已报警并由公安派出所到场处置，执法人员无人受伤。",
        SubmissionKind.URGENT,
    ),
    Sent(
        "110102-zscq",
        4,
        time(16, 20),
        "本周专利侵权纠纷举报均已联系举报人，正在核对权利证明。\n下周对两家商场的专利标识作一次检查。",
    ),
    Sent(
        "110102-scjg",
        5,
        time(11, 40),
        "本周重点检查了药店和小商品市场，侵权商品已登记保存。\n问题：部分举报没有写明摊位号，需要再次联系举报人。",
    ),
    Sent("110102-whly", 5, time(14, 35), "本周检查音像制品经营场所，未发现新的批销点。因外出执法，报送晚于时限。"),
    Sent("", 5, time(16, 30), "已报送。", recipient="市专项行动领导小组办公室"),
    Sent("", 5, time(16, 40), "已报送。", recipient="区政府"),
)


def tell_weekly(services: Services, office_id: str, supervisor: Actor, clerks: Mapping[str, Actor]) -> None:
    """Submit what was due last week and what of this week's story lies behind us."""
    now = services.now()
    week = week_of(local_date(now))
    for monday in (week.before().since, week.since):
        for each in EVERY_WEEK:
            at = datetime.combine(monday + timedelta(days=each.weekday - 1), each.hour, SHANGHAI).astimezone(now.tzinfo)
            urgent_of_last = each.kind is SubmissionKind.URGENT and monday != week.since
            if at >= now or urgent_of_last:
                continue
            by = replace(clerks[each.body], office_id=office_id) if each.body else supervisor
            with services.write() as store:
                submit(
                    store,
                    office_id,
                    monday,
                    each.kind,
                    each.text,
                    by=by,
                    now=at,
                    body_id=each.body,
                    recipient=each.recipient,
                )
