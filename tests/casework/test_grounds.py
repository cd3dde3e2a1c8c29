from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hotline.casework.grounds import find_ground, grounds_for
from hotline.errors import InvalidInputError
from hotline.vocabulary import Action

LAST_OF_ORDER_20 = datetime(2026, 4, 14, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
FIRST_OF_ORDER_121 = datetime(2026, 4, 14, 16, 0, tzinfo=UTC)  # 00:00 of the 15th in Shanghai


@pytest.mark.parametrize(
    ("action", "at", "codes", "article"),
    [
        (Action.DECLINE, FIRST_OF_ORDER_121, "1234567", "总局令第121号）第16条"),
        (Action.DECLINE, LAST_OF_ORDER_20, "123456", "总局令第20号）第15条"),
        (Action.TERMINATE, FIRST_OF_ORDER_121, "12345678", "总局令第121号）第23条"),
        (Action.TERMINATE, LAST_OF_ORDER_20, "1234567", "总局令第20号）第21条"),
    ],
)
def test_the_day_of_receipt_chooses_the_regulation(action, at, codes, article):
    grounds = grounds_for(action, at)
    assert "".join(ground.code for ground in grounds) == codes
    assert all(ground.article.endswith(article) for ground in grounds)
    assert [ground.other for ground in grounds] == [False] * (len(grounds) - 1) + [True]


def test_mediation_ends_after_sixty_days_or_forty_five_working_days():
    assert "六十日" in find_ground(Action.TERMINATE, "5", FIRST_OF_ORDER_121).text
    assert "四十五个工作日" in find_ground(Action.TERMINATE, "5", LAST_OF_ORDER_20).text


def test_an_impersonator_is_declined_under_order_121_only():
    assert "冒用" in find_ground(Action.DECLINE, "6", FIRST_OF_ORDER_121).text
    assert find_ground(Action.DECLINE, "6", LAST_OF_ORDER_20).other


def test_not_filing_names_article_20_or_what_article_19_lacks():
    codes = [ground.code for ground in grounds_for(Action.NOT_FILE, FIRST_OF_ORDER_121)]
    assert codes == ["20-1", "20-2", "20-3", "20-4", "19-1", "19-2", "19-3", "19-4"]


@pytest.mark.parametrize("code", ["", "0", "8", "一"])
def test_an_item_that_is_not_in_the_article(code):
    with pytest.raises(InvalidInputError) as caught:
        find_ground(Action.DECLINE, code, FIRST_OF_ORDER_121)
    assert "ground" in caught.value.fields


def test_other_actions_have_no_grounds():
    assert grounds_for(Action.SIGN, FIRST_OF_ORDER_121) == ()
