"""Two cases that belong together: 关联, 解除关联."""

from __future__ import annotations

from hotline.casework.form_needs import line, one_of, says
from hotline.casework.needs import Need, NeedKind
from hotline.casework.transitions import DESK_OR_SYSTEM, Scope, Transition
from hotline.vocabulary import DESK_ROLES, Action, CaseState, Relation

_LINKED = (one_of("case", "关联的工单"), line("number", "关联工单的编号"))

LINK_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.LINK,
        scope=Scope.CASE,
        cases=frozenset(CaseState),
        to=None,
        roles=DESK_OR_SYSTEM,
        clock="不影响时限：各件的时限、告知和回访各自照走。",
        says="关联：与另一件工单关联（拆分、重复、相关），可以解除。",
        needs=(
            *_LINKED,
            one_of("relation", "关系", *((relation.value, relation.label) for relation in Relation)),
            Need("out_of_report", "由举报拆出", NeedKind.BOOL, required=False),
            says("说明", required=False),
        ),
        form=False,
    ),
    Transition(
        action=Action.UNLINK,
        scope=Scope.CASE,
        cases=frozenset(CaseState),
        to=None,
        roles=DESK_ROLES,
        clock="不影响时限。",
        says="解除关联：关联有误的，写明理由解除；关联期间已办的不变。",
        needs=(*_LINKED, says("解除的理由")),
        form=False,
    ),
)
