"""보내기 규칙: the whole table of who, what, how far, when and with what, against the rules of the beginning."""

from datetime import datetime, time
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from broadcast.categories import CATEGORIES, lane_of
from broadcast.clearance import decide_for
from broadcast.default_rules import POLICE_STOP, SENDING_RULES
from broadcast.models import Sender, SendingRule
from broadcast.sending_rules import (
    NOT_POLICE,
    POLICE_CATEGORIES,
    Sending,
    choices_for,
    decide,
    fits,
    within,
)
from tests import make

FIRST = [SendingRule(pk=n, **row) for n, row in enumerate(SENDING_RULES, 1)]
SEOUL = ZoneInfo("Asia/Seoul")

# Read it as the city would: sender, category, villages, hour, template → outcome. `*`: whatever it is.
TABLE = """
city    *         *    *      *    send
office  crisis    *    *      *    second_person
office  wildfire  *    *      *    send
office  rain      *    *      *    send
office  missing   *    *      *    send
office  life      1    *      *    send
office  life      40   *      *    send
office  life      41   *      *    second_person
office  life      358  *      *    second_person
office  heat      41   *      *    second_person
chief   crisis    *    *      *    second_person
chief   wildfire  *    *      *    send
chief   rain      *    *      *    send
chief   missing   *    *      *    send
chief   life      *    21:59  *    send
chief   life      *    22:00  *    second_person
chief   life      *    23:59  *    second_person
chief   life      *    00:00  *    second_person
chief   life      *    05:59  *    second_person
chief   life      *    06:00  *    send
chief   life      *    12:00  *    send
chief   heat      *    03:00  *    second_person
police  phishing  *    *      yes  send
police  phishing  *    *      no   second_person
police  theft     *    *      yes  send
police  theft     *    *      no   second_person
police  traffic   *    *      yes  send
police  traffic   *    *      no   second_person
police  crime     *    *      yes  send
police  crime     *    *      no   second_person
police  missing   *    *      yes  send
police  missing   *    *      no   second_person
police  life      *    *      *    refuse
police  event     *    *      *    refuse
police  farming   *    *      *    refuse
police  heat      *    *      *    refuse
police  rain      *    *      *    refuse
police  wildfire  *    *      *    refuse
police  crisis    *    *      *    refuse
police  test      *    *      *    refuse
alert   wildfire  *    *      *    send
alert   rain      *    *      *    send
alert   crisis    *    *      *    send
alert   missing   *    *      *    send
alert   heat      *    *      *    second_person
alert   life      *    *      *    second_person
"""
EVERY = {
    "category": [key for key in CATEGORIES if key != "test"],
    "villages": ["1", "40", "41", "358"],
    "hour": ["00:00", "05:59", "06:00", "12:00", "21:59", "22:00", "23:59"],
    "template": ["yes", "no"],
}


def rows() -> list[tuple[str, str, int, time, bool, str]]:
    found = []
    for line in TABLE.strip().splitlines():
        sender, *conditions, outcome = line.split()
        ways = [EVERY[name] if said == "*" else [said] for name, said in zip(EVERY, conditions, strict=True)]
        for category, villages, hour, template in product(*ways):
            at = time.fromisoformat(hour)
            found.append((sender, category, int(villages), at, template == "yes", outcome))
    return found


def test_the_table() -> None:
    wrong = []
    for sender, category, villages, at, template, outcome in rows():
        what = Sending(sender, category, lane_of(category), villages, at, template)
        if (said := decide(FIRST, what).outcome) != outcome:
            wrong.append((what, said, outcome))
    assert len(rows()) > 1500
    assert not wrong


def test_the_table_asks_everybody_about_everything_that_is_theirs() -> None:
    told = {(sender, category) for sender, category, *_ in rows()}
    assert {sender for sender, _ in told} == set(Sender.values)
    assert {category for sender, category in told if sender == "police"} >= set(POLICE_CATEGORIES)


def rule(**fields: object) -> SendingRule:
    return SendingRule(**{"order": 1, "name": "", "outcome": "refuse", "reason": "까닭", **fields})


WHAT = {
    "sender": "office",
    "category": "life",
    "lane": "routine",
    "villages": 10,
    "at": time(12),
    "with_template": True,
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({}, True),
        ({"sender": "office"}, True),
        ({"sender": "chief"}, False),
        ({"category": "life"}, True),
        ({"category": "event"}, False),
        ({"lane": "routine"}, True),
        ({"lane": "urgent"}, False),
        ({"villages_from": 10}, True),
        ({"villages_from": 11}, False),
        ({"with_template": True}, True),
        ({"with_template": False}, False),
        ({"hour_from": time(12), "hour_until": time(13)}, True),
        ({"hour_from": time(11), "hour_until": time(12)}, False),
        ({"sender": "office", "category": "event"}, False),
    ],
)
def test_a_rule_fits_only_if_all_of_it_does(condition: dict, holds: bool) -> None:
    assert fits(rule(**condition), Sending(**WHAT)) is holds


@pytest.mark.parametrize(
    ("start", "end", "at", "inside"),
    [
        ("09:00", "18:00", "09:00", True),
        ("09:00", "18:00", "17:59", True),
        ("09:00", "18:00", "18:00", False),
        ("09:00", "18:00", "08:59", False),
        ("22:00", "06:00", "22:00", True),
        ("22:00", "06:00", "00:00", True),
        ("22:00", "06:00", "05:59", True),
        ("22:00", "06:00", "06:00", False),
        ("22:00", "06:00", "21:59", False),
        ("00:00", "06:00", "00:00", True),
        ("22:00", "00:00", "23:59", True),
        ("22:00", "00:00", "00:00", False),
        ("07:00", "07:00", "03:00", True),
    ],
)
def test_hours_over_midnight(start: str, end: str, at: str, inside: bool) -> None:
    assert within(*map(time.fromisoformat, (start, end, at))) is inside


def test_the_first_that_fits_decides_and_what_is_switched_off_does_not() -> None:
    send, refuse = rule(order=2, outcome="send"), rule(order=1)
    assert decide([send, refuse], Sending(**WHAT)).outcome == "refuse"
    refuse.is_active = False
    assert decide([send, refuse], Sending(**WHAT)).outcome == "send"
    send.sender = "chief"
    assert decide([send, refuse], Sending(**WHAT)) == decide([], Sending(**WHAT))


def test_the_police_are_stopped_by_one_rule_and_speak_of_their_own_only() -> None:
    about = Sending("police", "phishing", "routine", 358, time(12), True)
    rules = [*FIRST[1:], SendingRule(**{**SENDING_RULES[0], "is_active": True})]
    assert SENDING_RULES[0]["name"] == POLICE_STOP
    assert decide(FIRST, about).outcome == "send"
    assert decide(rules, about).outcome == "refuse"
    assert (
        decide([rule(order=0, outcome="send")], Sending(**{**WHAT, "sender": "police"})).reason == NOT_POLICE
    )
    assert choices_for("police") == list(POLICE_CATEGORIES)
    assert "test" not in choices_for("city")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("utc", "outcome"),
    [((12, 59), "send"), ((13, 0), "second_person"), ((20, 59), "second_person"), ((21, 0), "send")],
)
def test_hours_are_those_of_seoul(utc: tuple[int, int], outcome: str) -> None:
    make.first_rules()
    draft = make.draft(make.chief(here := make.village()), [here])
    at = datetime(2026, 11, 22, *utc, tzinfo=ZoneInfo("UTC"))
    assert decide_for(draft, at).outcome == outcome
    assert decide_for(draft, at.astimezone(SEOUL)).outcome == outcome
