"""What forms ask for: short ways to write a need, and the needs that several rows of the lifecycle share."""

from __future__ import annotations

from hotline.casework.completeness import LACKING, SUPPLEMENTS
from hotline.casework.needs import TEXT, Need, NeedKind
from hotline.vocabulary import NoticeSubject


def says(label: str, *, required: bool = True) -> Need:
    """The free text of an action, kept encrypted beside its event."""
    return Need(TEXT, label, NeedKind.TEXT, required)


def one_of(name: str, label: str, *choices: tuple[str, str], required: bool = True) -> Need:
    """One of the choices; without choices the page fills them in."""
    return Need(name, label, NeedKind.CHOICE, required, choices)


def flag(name: str, label: str) -> Need:
    """A box to tick."""
    return Need(name, label, NeedKind.BOOL, required=False)


def line(name: str, label: str, *, required: bool = True) -> Need:
    """A short line that goes into the event."""
    return Need(name, label, NeedKind.TEXT, required)


EVIDENCE_NEEDS = (
    one_of("evidence_id", "证据编号"),
    one_of("sha256", "SHA-256"),
    Need("size", "字节数", NeedKind.NUMBER, limit=20 * 1024 * 1024),
    one_of("notice", "告知书", *((subject.value, subject.label) for subject in NoticeSubject), required=False),
    line("notice_number", "告知书编号", required=False),
    flag("to_caller", "写有来电人姓名"),
)
"""What an upload records. A notice that names its caller (`to_caller`) is only for who may see that name."""
SUPPLEMENT_NEEDS = (
    Need("fields", "补充的项目", NeedKind.CHOICES, choices=tuple(SUPPLEMENTS.items())),
    flag("named", "已有姓名"),
    Need("lacking", "还缺的项目", NeedKind.CHOICES, required=False, choices=tuple(LACKING.items())),
    says("补充的事实", required=False),
)
SUPPLEMENT_CLOCK = "不影响已起的时限；派单后才补上电话的，首次联系时限自此起算；第10条要求的各项补齐后才能受理。"
DEMAND = one_of("demand_id", "回复哪一次督办或催办")
GROUND_NEEDS = (one_of("ground", "法定情形"), says("说明（选“其他情形”时必填）", required=False))
"""Why a complaint is declined, a mediation ended, a report not filed: the grounds of the day, from `grounds`."""
