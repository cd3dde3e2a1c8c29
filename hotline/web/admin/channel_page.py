"""Adding a channel without code, tried on a sample first; and what the watched folder and pulling did last."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.errors import InvalidInputError, UnusableFileError
from hotline.intake.channel_files import as_written, compose, read_folder, write_channel
from hotline.intake.channels import common_fields, load_channels, parse_added
from hotline.intake.trial import Trial, try_channel
from hotline.records import NewEvent
from hotline.store import taken
from hotline.store.events import last_seq
from hotline.vocabulary import Action, Kind, Role
from hotline.web.access import roles
from hotline.web.admin.room import blueprint
from hotline.web.context import account, actor, now, services

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

STREAM = "channel:"
_BETWEEN = re.compile(r"[,，、;；\n]+")
FIELD_LABELS = {
    "text": "诉求内容",
    "external_id": "编号",
    "received_at": "来件时间",
    "kind": "类型",
    "location_hint": "区域",
    "urgency": "紧急程度",
    "goods": "商品或服务",
    "amount": "金额",
    "happened_on": "发生日期",
    "happened_where": "发生地点",
    "demand": "要求",
    "evidence_note": "证据说明",
    "reporter_name": "来电人姓名",
    "reporter_phone": "来电人电话",
    "reporter_id_number": "来电人证件号",
    "reporter_address": "来电人地址",
    "reporter_anonymous": "是否匿名",
    "reporter_role": "来电人身份",
    "respondent_name": "被投诉方",
    "respondent_address": "被投诉方地址",
    "respondent_phone": "被投诉方电话",
    "respondent_platform": "平台",
    "respondent_url": "网址",
}


@blueprint.get("/channels/new")
@roles(Role.ADMINISTRATOR)
def new_channel() -> str:
    """The empty form, or that of an own channel to change."""
    return _page(typed=as_written(services().settings.channels, request.args.get("code", "")))


@blueprint.post("/channels/new")
@roles(Role.ADMINISTRATOR)
def try_or_add_channel() -> ResponseReturnValue:
    """Try the channel on the sample, or put it to use: every worker knows it within seconds."""
    try:
        content = _content()
        if request.form.get("do") != "save":
            return _page(trial=_tried(content))
        with services().write() as store:
            channel = parse_added(content)
            stream = f"{STREAM}{channel.code}"
            event = NewEvent(Action.NOTE, {"what": "channel_set", "channel": channel.code}, content)
            seq = last_seq(store.session, stream)
            store.append(stream, [event], expected_seq=seq, actor=actor(), at=now(), recorded_at=now())
            write_channel(services().settings.channels, content)
    except (InvalidInputError, UnusableFileError) as error:
        return _page(errors=error.fields, problem=error.message), 422
    services().refresh_rules()
    flash(f"渠道“{channel.name}”已启用，各处几秒内生效。")
    return redirect(url_for("admin.fetched"))


@blueprint.get("/fetched")
@roles(Role.ADMINISTRATOR)
def fetched() -> str:
    """The deployment's own channels, and the last results of the watched folder and of pulling."""
    office_id, settings = account().office_id, services().settings
    own, problems = read_folder(settings.channels)
    with services().read() as store:
        lines, sources = taken.latest(store.session, office_id), taken.pull_states(store.session, office_id)
    labels = {str(each): each.label for each in (*taken.Way, *taken.TakenState)}
    return render_template(
        "admin/fetched.html",
        own=own.values(),
        problems=problems,
        lines=lines,
        sources=sources,
        labels=labels,
        inbox=settings.inbox is not None,
        pulling=settings.pull is not None,
    )


def _content() -> str:
    """The file of the channel that the form describes.

    Raises:
        InvalidInputError: A field cannot be used.
    """
    form = request.form
    kind = next((kind for kind in Kind if kind == form.get("kind")), None)
    if kind is None:
        message = "请选择默认类型。"
        raise InvalidInputError(message, kind=message)
    aliases = {
        field: [name.strip() for name in _BETWEEN.split(form.get(f"alias_{field}", ""))] for field in common_fields()
    }
    content = compose(
        code=form.get("code", "").strip(),
        name=form.get("name", "").strip(),
        kind=kind,
        authority=form.get("authority", "").strip(),
        aliases=aliases,
    )
    parse_added(content)
    return content


def _tried(content: str) -> Trial:
    """The sample read as the channel would read it.

    Raises:
        InvalidInputError: No sample was chosen.
        UnusableFileError: The sample cannot be read.
    """
    file = request.files.get("sample")
    if not file or not file.filename:
        message = "请选择一个样例文件。"
        raise InvalidInputError(message, sample=message)
    office = services().office(account().office_id)
    return try_channel(
        file.read(), parse_added(content), now=now(), office_id=office.id, home_region=office.region or None
    )


def _page(
    *,
    trial: Trial | None = None,
    errors: dict[str, str] | None = None,
    problem: str = "",
    typed: dict[str, str] | None = None,
) -> str:
    return render_template(
        "admin/new_channel.html",
        trial=trial,
        errors=errors or {},
        problem=problem,
        typed=typed or request.form,
        kinds=tuple(Kind),
        fields=[(field, FIELD_LABELS.get(field, field), names) for field, names in common_fields().items()],
        labels=FIELD_LABELS,
        known=load_channels().values(),
    )
