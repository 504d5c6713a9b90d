"""The whole table of moves."""

import itertools

import pytest

from broadcast.categories import CATEGORIES, Lane
from broadcast.states import ENDED, RANK, REASONS, RESENDABLE, State, may_move


@pytest.mark.parametrize(("old", "new"), list(itertools.product(State, State)))
def test_a_receipt_never_goes_back(old: State, new: State) -> None:
    assert may_move(old, new) == (RANK[new] > RANK[old])
    assert not (may_move(old, new) and may_move(new, old))


def test_what_a_gateway_said_last_is_the_end() -> None:
    for end in (State.PLAYED, State.FAILED):
        assert not any(may_move(end, new) for new in State)


def test_a_gateway_that_did_play_overrules_the_portals_giving_up() -> None:
    assert may_move(State.UNREACHED, State.PLAYING)
    assert may_move(State.EXPIRED, State.PLAYED)


def test_only_what_ended_unheard_is_sent_again() -> None:
    assert ENDED - {State.PLAYED, State.CANCELLED, State.STOPPED} == RESENDABLE


def test_every_reason_says_what_to_do() -> None:
    assert all(sentence.endswith(("요.", "다.")) for sentence in REASONS.values())


def test_disasters_are_urgent_and_daily_life_is_not() -> None:
    urgent = {c.key for c in CATEGORIES.values() if c.lane == Lane.URGENT}
    assert {"wildfire", "rain", "crisis", "missing"} == urgent
