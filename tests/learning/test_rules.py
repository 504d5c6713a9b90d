"""The pure rules: conditions, how long an offer holds, how a booking moves."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import booking_states, visit_states
from learning.booking_states import HOLDING, LIVE, NotPossible, State
from learning.conditions import Terms, refusals
from learning.offer_times import DAY_BEGINS, DAY_ENDS, offer_until
from learning.topics import AgeBand, age_band

SEOUL = ZoneInfo("Asia/Seoul")
DAY = date(2026, 6, 1)
LONGEST, SHORTEST = timedelta(hours=24), timedelta(hours=1)


def terms(**fields) -> Terms:
    given = {
        "from_on": date(2026, 1, 1),
        "until_on": None,
        "age_from": None,
        "age_until": None,
        "needs_level": None,
    }
    return Terms(**{**given, "reason": "까닭", **fields})


@pytest.mark.parametrize(
    ("condition", "birth_year", "attended", "fits"),
    [
        (terms(age_from=65), 1961, (), True),
        (terms(age_from=65), 1962, (), False),
        (terms(age_from=65), None, (), False),
        (terms(age_until=39), 1987, (), True),
        (terms(age_until=39), 1986, (), False),
        (terms(needs_level=2), None, (1,), False),
        (terms(needs_level=2), None, (1, 3), True),
        (terms(age_from=65, needs_level=1), 1950, (), False),
        (terms(age_from=99, until_on=date(2026, 5, 31)), 1950, (), True),
        (terms(age_from=99, from_on=date(2026, 6, 2)), 1950, (), True),
        (terms(age_from=99, until_on=DAY), 1950, (), False),
    ],
)
def test_who_may_take_part(condition, birth_year, attended, fits):
    assert (refusals([condition], DAY, birth_year=birth_year, attended=attended) == ()) is fits


def test_every_reason_is_told():
    reasons = refusals(
        [terms(age_from=65), terms(needs_level=1, reason="먼저")], DAY, birth_year=1980, attended=()
    )
    assert len(reasons) == 2
    assert "65세부터" in reasons[0]
    assert reasons[1].endswith("먼저")


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)),
)
def test_an_offer_leaves_time_to_answer_and_to_come(at, left):
    now = at.replace(tzinfo=SEOUL)
    until = offer_until(now, now + left, LONGEST, SHORTEST)
    if left < 2 * SHORTEST:
        assert until is None
        return
    assert now + SHORTEST <= until <= now + left - SHORTEST
    by_day = DAY_BEGINS <= until.time() < DAY_ENDS
    assert by_day or until == now + left - SHORTEST  # at night only because the class is near
    if left > timedelta(days=3):
        assert by_day
        assert until <= now + LONGEST + timedelta(hours=15)


def test_no_offer_is_longer_than_it_may():
    now = datetime(2026, 6, 1, 10, tzinfo=SEOUL)
    assert offer_until(now, now + timedelta(days=30), LONGEST, SHORTEST) == now + LONGEST
    assert offer_until(now, now + timedelta(hours=8), LONGEST, SHORTEST) == now + timedelta(hours=4)


def test_states_that_end_go_nowhere():
    for state in set(State) - LIVE:
        assert not booking_states.TRANSITIONS[state]
        with pytest.raises(NotPossible, match=state.label):
            booking_states.check(state, State.CONFIRMED)
    assert HOLDING < LIVE
    assert set(booking_states.TRANSITIONS) == set(State)
    assert set(visit_states.REQUEST_TRANSITIONS) == set(visit_states.RequestState)
    assert set(visit_states.CLASS_TRANSITIONS) == set(visit_states.ClassState)


@pytest.mark.parametrize(
    ("age", "band"), [(None, ""), (49, "u50"), (50, "50s"), (69, "60s"), (79, "70s"), (80, "80s")]
)
def test_age_bands(age, band):
    assert age_band(age) == AgeBand(band)
