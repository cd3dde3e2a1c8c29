"""The entry form as it was typed → drafts and the operator's choices, with what is wrong beside each field."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotline.casework.preparation import Choice
from hotline.errors import InvalidInputError
from hotline.intake.normalise import masked
from hotline.store.ids import new_id
from hotline.vocabulary import Kind
from hotline.web.operators.drafting import draft_of
from hotline.web.operators.formreader import TEXT_LIMIT, FormReader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hotline.casework.rulebook import Rulebook
    from hotline.intake.submission import Draft
    from hotline.records import Reporter

_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A form that was read. `errors` names what stands against saving; `draft` serves the preview all the same."""

    token: str
    draft: Draft
    choice: Choice
    split: bool
    errors: Mapping[str, str]
    clue: str = ""

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """The draft, or the two of a split: the dispute keeps the key, the report has one of its own.

        A report in words of its own (`clue`) does not tell an agency that has both halves that they are one person's;
        what was asked for and paid then stays with the dispute.
        """
        if not self.split:
            return (self.draft,)
        report = replace(self.draft, kind=Kind.REPORT, external_id=f"{self.draft.external_id}-2")
        if self.clue:
            report = replace(report, text=self.clue, demand="", evidence_note="", amount=None)
        return (replace(self.draft, kind=Kind.DISPUTE), report)

    def check(self) -> None:
        """Refuse what cannot be saved.

        Raises:
            InvalidInputError: With the fields that are wrong.
        """
        if self.errors:
            message = "有几处需要改正，已填的内容都保留着。"
            raise InvalidInputError(message, **self.errors)


def read_entry(form: Mapping[str, str], *, now: datetime, rulebook: Rulebook) -> Entry:
    """Read the form; nothing is refused here, so that the preview works on what is there (see `Entry.check`)."""
    reader = FormReader(form, now)
    token = form.get("token", "")
    token = token if _TOKEN.fullmatch(token) else new_id()
    draft = draft_of(reader, token, _kind(reader))
    if not draft.text:
        reader.errors["text"] = "请填写来电人反映的内容。"
    choice = _choice(reader, rulebook, draft.reporter)
    return Entry(
        token=token,
        draft=draft,
        choice=choice,
        split=form.get("split") == "1",
        errors=reader.errors,
        clue=reader.text("clue", TEXT_LIMIT),
    )


def _kind(reader: FormReader) -> Kind | None:
    """The kind that the operator chose; what the page had only proposed is proposed anew from the present text."""
    value = reader.one_of("kind", {kind.value for kind in Kind}, "请选择投诉、举报或咨询。")
    if not value or value == reader.form.get("kind_proposed"):
        return None
    return Kind(value)


def _choice(reader: FormReader, rulebook: Rulebook, reporter: Reporter) -> Choice:
    """The operator's own category, setting and plan; the reason stands in clear beside the route, so it is masked."""
    taxonomy = rulebook.taxonomy
    plan_id = reader.one_of("plan_id", rulebook.plans, "请从列出的方案中选择。")
    reason = reader.text("reason")
    if plan_id and not reason:
        reader.errors["reason"] = "另选方案请写明理由。"
    category = reader.one_of("category", taxonomy.categories, "请从列出的类别中选择。")
    setting = reader.one_of("setting", taxonomy.settings, "请从列出的环节中选择。")
    if not (category or setting or plan_id):
        return Choice()
    return Choice(category, setting, plan_id, masked(reason, reporter, whole=True))
