"""Whose rows are whose: by one phone every app finds what it holds about its person, and nothing of anybody else."""

import re

import pytest

from people.phones import normalised, phone_index
from privacy.holdings import Holding, Person, holdings
from privacy.person import rows_of, subjects, subjects_of
from tests.learning.access_cast import B_PHONE
from tests.privacy.canary.city import PHONE, City

pytestmark = pytest.mark.django_db

#: Holdings whose rows no phone leads to.
NOT_BY_PHONE = {
    "broadcast.Alert": "words of another office; of whom they tell only it knows",
    "broadcast.Broadcast": "names whom somebody looks for, in words alone",
}
#: Of these the person of the example has rows.
FOUND = {
    *("people.Resident", "people.PhoneCode", "people.Message", "broadcast.Subscription"),
    *("broadcast.NoiseComplaint", "learning.Learner", "learning.Booking", "learning.Certificate"),
    *("learning.VisitRequest", "learning.VisitClass", "repair.Case", "repair.Device", "repair.Step"),
    *("repair.Paper", "repair.Visit", "repair.Draft"),
}


def person(phone: str) -> Person:
    number = normalised(phone)
    return Person(number, phone_index(number))


def test_every_holding_is_found_by_phone_or_says_why_not() -> None:
    assert {one.model for one in holdings() if one.of is None} == set(NOT_BY_PHONE)


def test_theirs_and_nobody_else_s() -> None:
    City()
    theirs = list(rows_of(person(PHONE)))
    assert {holding.model for holding, _ in theirs} >= FOUND
    assert subjects(theirs) == subjects_of(person(PHONE))
    others = dict(_keys(rows_of(person(B_PHONE))))
    assert others  # a case of somebody else
    for model, keys in _keys(theirs):
        assert not keys & others.get(model, set()), model
    assert list(rows_of(person("010-9999-7999"))) == []


def _keys(found: list[tuple[Holding, list]]) -> list[tuple[str, set]]:
    return [(f"{one.model} {one.part}", {row.pk for row in rows}) for one, rows in found]


def test_every_item_is_said_in_korean() -> None:
    """As the notices of a breach and the privacy notice say it."""
    for one in holdings():
        if not one.model.startswith("usersessions"):  # not our model
            assert all(re.search("[가-힣]", item) for item in one.items.split(", ")), (one.model, one.items)


def test_each_row_can_be_told_and_says_whether_law_keeps_it() -> None:
    City()
    for holding, rows in rows_of(person(PHONE)):
        for row in rows:
            assert all(isinstance(name, str) for name in holding.export(row))
            kept = holding.kept(row)
            assert kept is None or kept.ground
