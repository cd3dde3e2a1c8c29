"""Forms and approvals go by the limits adopted for the day a case was received, as the server does."""

from __future__ import annotations

import re
from datetime import date

import pytest

from hotline.casework.policy_change import NewTerms, terms_document
from hotline.casework.rule_assembly import POLICY
from hotline.casework.state import replay
from hotline.casework.transitions import ExtensionRule
from hotline.store.rule_adopting import RuleProposal
from hotline.timing import adopt_rule
from hotline.trying import try_rule
from hotline.vocabulary import Action, Unit
from tests.web.conftest import WEST, actor_of, token_in

TEXT = "在商店买到劣质电饭锅，第二天就冒烟。"
SHORTER = NewTerms(4, Unit.WORKDAY, extension=ExtensionRule(2, Unit.HOUR, 1))


@pytest.fixture
def adopted(app_services, clock):
    """Two hours at most may be added to H-RESOLVE in what is received from 19 November on."""
    clock.forward(days=1)
    content = terms_document(SHORTER)
    proposal = RuleProposal(POLICY, "H-RESOLVE", date(2026, 11, 19), content, "从严", office_id=WEST)
    trial = try_rule(app_services, proposal, WEST)
    adopt_rule(app_services, proposal, trial, actor_of("xc-supervisor"))


@pytest.fixture
def two(adopted, cases, register, step):
    """A case received before that day and one received on it, both signed."""
    both = cases["dispatched"], register(TEXT)
    for each in both:
        step(each, "xc-clerk", Action.SIGN, leg=True)
    return both


def snapshot(services, case_id):
    with services.read() as store:
        return replay(store.events(case_id))


def offered(page):
    """What the page says may be added to H-RESOLVE."""
    return re.search(r'<option value="H-RESOLVE"[^>]*>[^<]*（每次最多 ([^）]+)）', page)[1]


def ask(client, services, case_id, amount):
    page = client.get(f"/cases/{case_id}").text
    case = snapshot(services, case_id)
    fields = {"leg_id": case.legs[0].id, "expected_seq": case.seq, "policy": "H-RESOLVE", "text": "多查几天"}
    address = f"/cases/{case_id}/actions/request_extend"
    return client.post(address, data={"csrf_token": token_in(page), "amount": amount, **fields})


def test_the_form_offers_what_the_server_takes(app_services, two, client, login):
    old, new = two
    clerk = login(client, "xc-clerk")
    before, after = (offered(clerk.get(f"/cases/{each}").text) for each in two)
    assert after == "2 小时"
    assert before != after
    assert ask(clerk, app_services, new, 3).status_code == 422
    assert ask(clerk, app_services, new, 2).status_code == 302
    assert ask(clerk, app_services, old, int(before.split()[0])).status_code == 302


def test_approvals_show_the_unit_that_was_asked_in(two, step, client, login):
    _, new = two
    step(new, "xc-clerk", Action.REQUEST_EXTEND, leg=True, policy="H-RESOLVE", amount=2, text="多查一会")
    boss = login(client, "xc-supervisor")
    for address in ("/supervisors/requests", f"/cases/{new}"):
        page = boss.get(address).text
        assert "2 小时" in page, address
        assert "延长 2 小时" in page, address


def test_a_clock_that_may_no_longer_be_extended_is_not_offered(app_services, clock, register, step, client, login):
    content = terms_document(NewTerms(4, Unit.WORKDAY))
    proposal = RuleProposal(POLICY, "H-RESOLVE", date(2026, 11, 18), content, "不再延期", office_id=WEST)
    adopt_rule(app_services, proposal, try_rule(app_services, proposal, WEST), actor_of("xc-supervisor"))
    case_id = register(TEXT)
    step(case_id, "xc-clerk", Action.SIGN, leg=True)
    assert '<option value="H-RESOLVE"' not in login(client, "xc-clerk").get(f"/cases/{case_id}").text
