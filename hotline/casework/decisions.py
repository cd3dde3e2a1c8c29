"""From checked data to events: what each action appends, and the checks that need both the case and the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from hotline.casework.bonds import links_of, open_demands
from hotline.casework.grounds import find_ground
from hotline.casework.guards import OTHER, approves, decided, is_hotline_policy, requests_on, told
from hotline.casework.privacy import look_fields
from hotline.casework.state import open_legs, term, times_extended
from hotline.casework.unsealing import decidable
from hotline.errors import ForbiddenError, InvalidInputError, TransitionError
from hotline.records import NewEvent
from hotline.vocabulary import Action, CaseState, LegRole, NoticeSubject, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hotline.casework.guards import Scene
    from hotline.casework.transitions import ExtensionRule
    from hotline.records import Command, Json


@dataclass(frozen=True, slots=True)
class Draft:
    """An action whose role, state and fields are right: `data` is what `needs.read_needs` made of the command."""

    scene: Scene
    command: Command
    data: Mapping[str, Json]
    new_id: Callable[[], str]
    extension_rule: Callable[[str], ExtensionRule | None]

    def event(self, **more: Json) -> NewEvent:
        """The action's own event; of a leg's action the data names the leg."""
        leg = self.scene.leg
        where: dict[str, Json] = {"leg_id": leg.id} if leg else {}
        return NewEvent(self.command.action, {**where, **self.data, **more}, self.command.text.strip())


def build(draft: Draft) -> tuple[NewEvent, ...]:
    """The events of one action.

    Raises:
        InvalidInputError, TransitionError, ForbiddenError: The data does not fit the case; nothing is appended.
    """
    return _BUILDERS.get(draft.command.action, _plain)(draft)


def _wrong(message: str, **fields: str) -> InvalidInputError:
    return InvalidInputError(message, **fields)


def _plain(draft: Draft) -> tuple[NewEvent, ...]:
    return (draft.event(),)


def _classify(draft: Draft) -> tuple[NewEvent, ...]:
    return (draft.event(state=draft.data.get("state", CaseState.READY.value)),)


def _wanted(draft: Draft) -> tuple[tuple[str, LegRole], ...]:
    """The bodies chosen with their roles, the lead first; no body twice."""
    lead = cast("str", draft.data["lead"])
    co = cast("Sequence[str]", draft.data.get("co", ()))
    if lead in co:
        message = "牵头单位不能同时是配合单位，请去掉其中一个。"
        raise _wrong(message, co="与牵头单位相同")
    return ((lead, LegRole.LEAD), *((body, LegRole.CO) for body in co))


def _new_legs(draft: Draft, wanted: Sequence[tuple[str, LegRole]]) -> tuple[dict[str, Json], ...]:
    return tuple({"leg_id": draft.new_id(), "body_id": body, "role": role.value} for body, role in wanted)


def _dispatch(draft: Draft) -> tuple[NewEvent, ...]:
    plan, clause = draft.data.get("plan", ""), draft.data.get("clause", "")
    if plan and draft.scene.snapshot.category == OTHER:
        message = "类别为“其他”的诉求不按方案派单，请改类、转交，或不填方案由人指定单位。"
        raise _wrong(message, plan="“其他”不在方案之内")
    legs = _new_legs(draft, _wanted(draft))
    return (NewEvent(Action.DISPATCH, {"legs": legs, "plan": plan, "clause": clause}, draft.command.text.strip()),)


def _reassign(draft: Draft) -> tuple[NewEvent, ...]:
    """A leg whose body and role are chosen again goes on; the other open ones are closed, missing ones opened."""
    wanted = _wanted(draft)
    running = open_legs(draft.scene.snapshot)
    kept = {(leg.body_id, leg.role) for leg in running}
    closed = tuple(leg.id for leg in running if (leg.body_id, leg.role) not in wanted)
    legs = _new_legs(draft, [item for item in wanted if item not in kept])
    if not legs and not closed:
        message = "所选单位与现在的承办单位相同，没有可改派的。"
        raise _wrong(message, lead="与现在相同")
    data: dict[str, Json] = {"legs": legs, "closed": closed}
    extra: dict[str, Json] = {"final": True} if draft.command.action is Action.RULE else {"why": draft.data["why"]}
    return (NewEvent(draft.command.action, {**data, **extra}, draft.command.text.strip()),)


def _with_ground(draft: Draft) -> tuple[NewEvent, ...]:
    """DECLINE, TERMINATE, NOT_FILE: a catch-all ground has to be explained."""
    snapshot, action = draft.scene.snapshot, draft.command.action
    ground = find_ground(action, cast("str", draft.data["ground"]), snapshot.received_at)
    if ground.other and not draft.command.text.strip():
        message = "选择“其他情形”时请写明是哪部法律、法规、规章的什么规定。"
        raise _wrong(message, text="请写明依据")
    return _and_told(draft)


def _and_told(draft: Draft) -> tuple[NewEvent, ...]:
    """ACCEPT, DECLINE, TERMINATE: where the caller was told at once, the notice follows in the same decision."""
    own = {key: value for key, value in draft.event().data.items() if key != "told"}
    event = NewEvent(draft.command.action, own, draft.command.text.strip())
    if draft.data.get("told") is not True or draft.scene.leg is None:
        return (event,)
    if not draft.scene.snapshot.named:
        message = "来电人匿名，无法告知，请去掉“已告知来电人”。"
        raise _wrong(message, told="来电人匿名")
    ended = draft.command.action is Action.TERMINATE
    subject = NoticeSubject.TERMINATION if ended else NoticeSubject.ACCEPTANCE
    return event, NewEvent(Action.NOTIFY, {"leg_id": draft.scene.leg.id, "subject": subject.value})


def _return(draft: Draft) -> tuple[NewEvent, ...]:
    if draft.scene.leg and draft.data["owner"] == draft.scene.leg.body_id:
        message = "应当承办的单位不能是本单位，请写明更合适的单位。"
        raise _wrong(message, owner="不能是本单位")
    return _plain(draft)


def _notify(draft: Draft) -> tuple[NewEvent, ...]:
    subject = term(NoticeSubject, draft.data["subject"])
    if not decided(draft.scene, subject):
        message = f"还没有作出决定，不能告知“{subject.label}”；请先登记相应的步骤。"
        raise TransitionError(message)
    if told(draft.scene, subject):
        message = f"“{subject.label}”已经告知过。"
        raise TransitionError(message)
    return _plain(draft)


def _request(draft: Draft) -> tuple[NewEvent, ...]:
    policy, amount = cast("str", draft.data["policy"]), cast("int", draft.data["amount"])
    rule = draft.extension_rule(policy)
    if rule is None:
        message = "这个时限的条文不允许延期，请按期办理。"
        raise TransitionError(message)
    if is_hotline_policy(policy) and draft.scene.snapshot.urgency is Urgency.CRITICAL:
        message = "特急件的热线时限不能延期，请先作阶段性答复。"
        raise TransitionError(message)
    if any(item.policy == policy for item in requests_on(draft.scene)):
        message = "这个时限已有一件待批的延期申请，请等待批复。"
        raise TransitionError(message)
    if draft.scene.leg and times_extended(draft.scene.leg, policy) >= rule.times:
        message = f"这个时限最多延期{rule.times}次，已经用完。"
        raise TransitionError(message)
    if amount > rule.maximum:
        message = f"这个时限每次最多延长{rule.maximum}{rule.unit.label}，请减少。"
        raise _wrong(message, amount=f"最多{rule.maximum}{rule.unit.label}")
    return (draft.event(request_id=draft.new_id()),)


def _answer_request(draft: Draft) -> tuple[NewEvent, ...]:
    request = next(item for item in requests_on(draft.scene) if item.id == draft.data["request_id"])
    if not approves(draft.scene.actor, request.policy):
        message = "法定时限的延期由承办单位负责人批准，热线时限的延期由办公室督办员批准。"
        raise ForbiddenError(message)
    return (draft.event(policy=request.policy, amount=request.amount),)


def _follow_up(draft: Draft) -> tuple[NewEvent, ...]:
    reopen = draft.data.get("reopen") is True
    if reopen and draft.data["satisfied"] != "no":
        message = "只有不满意的才能退回重办，请核对回访结果。"
        raise _wrong(message, reopen="仅限不满意")
    return (draft.event(solved=draft.data.get("solved") is True, reopen=reopen),)


def _demand(draft: Draft) -> tuple[NewEvent, ...]:
    """SUPERVISE, REMIND: a demand that waits for a reply; a second reminder beside an open one only reminds."""
    action = draft.command.action
    again = any(demand.kind is action for demand in open_demands(draft.scene.snapshot))
    return _plain(draft) if again else (draft.event(demand_id=draft.new_id()),)


def _link(draft: Draft) -> tuple[NewEvent, ...]:
    snapshot, other = draft.scene.snapshot, draft.data["case"]
    if other == snapshot.case_id:
        message = "不能与本件自己关联，请核对编号。"
        raise _wrong(message, number="是本件自己")
    if any(link.case_id == other for link in links_of(snapshot)):
        message = "这两件工单已经关联过。"
        raise TransitionError(message)
    return _plain(draft)


def _unlink(draft: Draft) -> tuple[NewEvent, ...]:
    if not any(link.case_id == draft.data["case"] for link in links_of(draft.scene.snapshot)):
        message = "这两件工单没有关联，不需要解除。"
        raise TransitionError(message)
    return _plain(draft)


def _look(draft: Draft) -> tuple[NewEvent, ...]:
    scene = draft.scene
    wanted = set(cast("Sequence[str]", draft.data["fields"]))
    if not wanted <= look_fields(scene.snapshot, scene.leg, scene.actor, scene.now):
        message = "所选项目中有您无权查看的，请只选允许的项目。"
        raise ForbiddenError(message)
    return _plain(draft)


def _decide_unseal(draft: Draft) -> tuple[NewEvent, ...]:
    scene = draft.scene
    if draft.data["unsealing_id"] not in {each.id for each in decidable(scene.snapshot, scene.actor)}:
        message = "启封须由申请人以外的人审批，请由另一位督办员办理。"
        raise ForbiddenError(message)
    return _plain(draft)


_BUILDERS: Mapping[Action, Callable[[Draft], tuple[NewEvent, ...]]] = {
    Action.CLASSIFY: _classify,
    Action.DISPATCH: _dispatch,
    Action.REASSIGN: _reassign,
    Action.RULE: _reassign,
    Action.RETURN: _return,
    Action.ACCEPT: _and_told,
    Action.DECLINE: _with_ground,
    Action.TERMINATE: _with_ground,
    Action.NOT_FILE: _with_ground,
    Action.NOTIFY: _notify,
    Action.REQUEST_EXTEND: _request,
    Action.EXTEND: _answer_request,
    Action.REFUSE_EXTEND: _answer_request,
    Action.FOLLOW_UP: _follow_up,
    Action.SUPERVISE: _demand,
    Action.REMIND: _demand,
    Action.LINK: _link,
    Action.UNLINK: _unlink,
    Action.LOOK: _look,
    Action.ASK_UNSEAL: lambda draft: (draft.event(unsealing_id=draft.new_id()),),
    Action.UNSEAL: _decide_unseal,
    Action.REFUSE_UNSEAL: _decide_unseal,
}
