"""What an agency's receiving address is told: which events it wants, what was sent, and sending it again.

The address itself is set by the office's administrator: a token must not point this server at an address of its choice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import jsonify, request

from hotline.delivery.job import outlets_in_use
from hotline.errors import NotFoundError
from hotline.records import NewEvent
from hotline.store.contacts import outlets_of
from hotline.store.digests import Recipient
from hotline.store.events import last_seq
from hotline.store.hooks import subscribe, subscriptions
from hotline.store.outbox_messages import messages
from hotline.store.outbox_rows import CASE_NEWS
from hotline.store.outbox_tries import send_again
from hotline.vocabulary import Action, Delivery, Outlet
from hotline.web.api.admission import own_body, read_body, token
from hotline.web.api.asking import asked, local, local_or_none
from hotline.web.api.bodies import SubscriptionBody
from hotline.web.api.delivery_shapes import Delivered, DeliveryPage, SubscriptionStatus
from hotline.web.api.operations import Door, Operation, operation
from hotline.web.api.questions import DeliveryQuery
from hotline.web.api.reading import read_as
from hotline.web.api.tags import UNMODIFIED
from hotline.web.context import actor, now, services

if TYPE_CHECKING:
    from flask import Response

    from hotline.store.casestore import CaseStore
    from hotline.store.outbox_messages import Message

UNUSABLE = "有字段不能使用，订阅没有改变。请按 fields 改正后重试。"
NO_MESSAGE = "没有发给本单位的这条消息。请核对编号。"
_ID = re.compile(r"[0-9a-f]{32}")


@operation(
    Operation(
        "get",
        "/subscription",
        Door.AGENCY,
        "查询本单位订阅了哪些推送",
        {200: "订阅", 304: UNMODIFIED},
        answer=SubscriptionStatus,
    )
)
def show_subscription() -> Response:
    """What the token's body wants to hear."""
    with services().read() as store:
        return jsonify(_subscription(store).model_dump())


@operation(
    Operation(
        "put",
        "/subscription",
        Door.AGENCY,
        "订阅推送：派单、退回重办、督办催办、延期答复；接收地址由系统管理员登记",
        {
            200: "已订阅",
            400: "正文不是 JSON",
            413: "正文过大",
            415: "正文声明为 JSON 以外的类型，或经过压缩",
            422: "有字段不能使用，逐项见 fields",
        },
        body=SubscriptionBody,
        answer=SubscriptionStatus,
    )
)
def set_subscription() -> Response:
    """Say what the token's body wants to hear, in the place of what it said before."""
    encoding = request.headers.get("Content-Encoding", "")
    body = read_as(SubscriptionBody, read_body(), request.mimetype, encoding, unusable=UNUSABLE)
    wanted = tuple(dict.fromkeys(body.events))
    with services().write() as store:
        subscribe(store.session, token().office_id, own_body(), wanted, now())
        _note(store, {"what": "subscribed", "body": own_body(), "events": wanted})
        return jsonify(_subscription(store).model_dump())


@operation(
    Operation(
        "get",
        "/deliveries",
        Door.AGENCY,
        "列出推送给本单位的消息和送达情况，新的在前",
        {200: "一页消息", 422: "查询条件不能使用"},
        answer=DeliveryPage,
        query=DeliveryQuery,
    )
)
def list_deliveries() -> Response:
    """What was, or is to be, sent to the body's address."""
    query = asked(DeliveryQuery)
    state = next((each for each in Delivery if each == query.state), None)
    with services().read() as store:
        found, following = messages(
            store.session,
            token().office_id,
            state=state,
            outlet=Outlet.WEBHOOK,
            body_id=own_body(),
            before=query.after or "",
            limit=query.limit,
        )
    items = [_delivered(each) for each in found]
    return jsonify(DeliveryPage(items=items, next=following or None).model_dump())


@operation(
    Operation(
        "post",
        "/deliveries/{event_id}/again",
        Door.AGENCY,
        "重新推送一条消息，编号不变",
        {200: "已重新排队", 404: "没有发给本单位的这条消息"},
        answer=Delivered,
        places={"event_id": "消息编号（event_id）"},
    )
)
def deliver_again(event_id: str) -> Response:
    """Try one message of the body's now, whatever became of it."""
    if not _ID.fullmatch(event_id):
        raise NotFoundError(NO_MESSAGE)
    with services().write() as store:
        message = send_again(store.session, token().office_id, event_id, now(), body_id=own_body())
        if message is None:
            raise NotFoundError(NO_MESSAGE)
        _note(store, {"what": "sent_again", "body": own_body(), "message": message.id})
    return jsonify(_delivered(message).model_dump())


def _subscription(store: CaseStore) -> SubscriptionStatus:
    office_id = token().office_id
    recipient = Recipient(office_id, own_body(), "")
    return SubscriptionStatus(
        events=list(subscriptions(store.session, office_id).get(own_body(), ())),
        address_set=bool(outlets_of(store.session, {recipient}, {Outlet.WEBHOOK})),
        sending=Outlet.WEBHOOK in outlets_in_use(services().settings),
    )


def _delivered(message: Message) -> Delivered:
    payload = message.payload
    news = payload["kind"] == CASE_NEWS
    return Delivered(
        event_id=message.id,
        type=payload["event"] if news else f"deadline.{payload['kind']}",
        case_number=payload["number"] if news else None,
        state=message.state.value,
        attempts=message.attempts,
        created_at=local(message.created_at),
        sent_at=local_or_none(message.sent_at),
        next_try_at=local_or_none(message.next_try_at),
        problem=message.problem,
    )


def _note(store: CaseStore, data: dict[str, str | tuple[str, ...]]) -> None:
    """Append what was done to the office's stream of messages."""
    stream = f"outbox:{token().office_id}"
    seq = last_seq(store.session, stream)
    store.append(
        stream, [NewEvent(Action.NOTE, dict(data))], expected_seq=seq, actor=actor(), at=now(), recorded_at=now()
    )
