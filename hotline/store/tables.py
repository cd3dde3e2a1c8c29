"""Every table as SQLAlchemy Core sees it: statements are written over these, the row classes only declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from hotline.store.tables_api import ReleasedCaseRow, SubscriptionRow
from hotline.store.tables_case import (
    AnnouncementRow,
    CaseRow,
    ClockRow,
    DecisionRow,
    EvidenceRow,
    LegRow,
    MergedCaseRow,
    NoticeRow,
)
from hotline.store.tables_event import EventRow, EventTextRow, SealRow
from hotline.store.tables_informer import ErasureRow, FollowCodeRow, RekeyMarkRow, UnsealingRow
from hotline.store.tables_intake import ComplaintRow, QuarantineRow, RawSubmissionRow, ReporterRow, SearchDocRow
from hotline.store.tables_learning import DeskVerdictRow, ModelGuessRow
from hotline.store.tables_likeness import TextGramRow
from hotline.store.tables_matters import CaseFlagRow, MatterPartyRow, MatterRow
from hotline.store.tables_outbox import ContactRow, DigestLineRow, OutboxRow, SweepMarkRow
from hotline.store.tables_people import (
    AccountRow,
    BodyRow,
    ChannelTokenRow,
    KeyCheckRow,
    NumberCounterRow,
    OfficeRow,
    RateWindowRow,
    SessionRow,
)
from hotline.store.tables_reports import CaseTallyRow, FollowUpAnswerRow, SubmissionRow, TallyChangeRow, TallyRow
from hotline.store.tables_respondent import RespondentKeyRow
from hotline.store.tables_rules import CaseFocusRow, PlanVersionRow, RulesStampRow, RuleVersionRow
from hotline.store.tables_taken import PullStateRow, TakenFileRow

if TYPE_CHECKING:
    from sqlalchemy import Table


def _table(row: type[SQLModel]) -> Table:
    return METADATA.tables[str(row.__tablename__)]


METADATA = SQLModel.metadata

OFFICE = _table(OfficeRow)
BODY = _table(BodyRow)
ACCOUNT = _table(AccountRow)
SESSION = _table(SessionRow)
RATE_WINDOW = _table(RateWindowRow)
CHANNEL_TOKEN = _table(ChannelTokenRow)
KEY_CHECK = _table(KeyCheckRow)
NUMBER_COUNTER = _table(NumberCounterRow)

RAW_SUBMISSION = _table(RawSubmissionRow)
QUARANTINE = _table(QuarantineRow)
COMPLAINT = _table(ComplaintRow)
REPORTER = _table(ReporterRow)
SEARCH_DOC = _table(SearchDocRow)
RESPONDENT_KEY = _table(RespondentKeyRow)
TEXT_GRAM = _table(TextGramRow)

CASE = _table(CaseRow)
LEG = _table(LegRow)
MERGED_CASE = _table(MergedCaseRow)
DECISION = _table(DecisionRow)
CLOCK = _table(ClockRow)
ANNOUNCEMENT = _table(AnnouncementRow)
NOTICE = _table(NoticeRow)
EVIDENCE = _table(EvidenceRow)

EVENT = _table(EventRow)
EVENT_TEXT = _table(EventTextRow)
SEAL = _table(SealRow)

PLAN_VERSION = _table(PlanVersionRow)
RULES_STAMP = _table(RulesStampRow)
RULE_VERSION = _table(RuleVersionRow)
CASE_FOCUS = _table(CaseFocusRow)

MODEL_GUESS = _table(ModelGuessRow)
DESK_VERDICT = _table(DeskVerdictRow)

CASE_TALLY = _table(CaseTallyRow)
TALLY_CHANGE = _table(TallyChangeRow)
TALLY = _table(TallyRow)
FOLLOW_UP_ANSWER = _table(FollowUpAnswerRow)
SUBMISSION = _table(SubmissionRow)

DIGEST_LINE = _table(DigestLineRow)
OUTBOX = _table(OutboxRow)
CONTACT = _table(ContactRow)
SWEEP_MARK = _table(SweepMarkRow)

MATTER = _table(MatterRow)
MATTER_PARTY = _table(MatterPartyRow)
CASE_FLAG = _table(CaseFlagRow)

FOLLOW_CODE = _table(FollowCodeRow)
UNSEALING = _table(UnsealingRow)
ERASURE = _table(ErasureRow)
REKEY_MARK = _table(RekeyMarkRow)

TAKEN_FILE = _table(TakenFileRow)
PULL_STATE = _table(PullStateRow)

SUBSCRIPTION = _table(SubscriptionRow)
RELEASED_CASE = _table(ReleasedCaseRow)
