"""Which requests become one class, and how long ways are. Pure."""

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from learning import ways
from learning.visits_joining import LESSON, MOST_PEOPLE, Ask, common_time, joins
from people.places import districts, neighbours

DAY = datetime(2026, 12, 7, tzinfo=UTC)
NEXT_TO = {"A": {"B"}, "B": {"A", "C"}, "C": {"B"}}


def hours(first: int, last: int, day: int = 0) -> tuple[datetime, datetime]:
    return DAY + timedelta(days=day, hours=first), DAY + timedelta(days=day, hours=last)


def ask(people: int, *wishes: tuple[datetime, datetime], after: int = 0, **fields) -> Ask:
    given = {"topic": "kiosk", "level": 1, "district": "A", "has_place": True, "joins_others": True}
    asked_at = DAY - timedelta(days=30) + timedelta(minutes=after)
    wished = wishes or (hours(9, 12),)
    return Ask(pk=uuid.uuid4(), people=people, wishes=wished, asked_at=asked_at, **{**given, **fields})


def groups(*asks: Ask) -> list[set[uuid.UUID]]:
    return [{one.pk for one in join.asks} for join in joins(asks, NEXT_TO)]


def test_two_and_one_become_three():
    two, one = ask(2), ask(1, after=1)
    [join] = joins([two, one], NEXT_TO)
    assert (join.people, join.starts_at, join.ends_at) == (3, *hours(9, 11))
    assert join.host == two and join.in_one_district


def test_two_alone_wait_on():
    assert groups(ask(2)) == groups(ask(1), ask(1, after=1)) == []


def test_what_keeps_them_apart():
    two = ask(2)
    for other in (
        ask(2, topic="civil"),
        ask(2, level=2),
        ask(2, district="C"),
        ask(2, joins_others=False),
        ask(2, hours(13, 17)),
        ask(2, hours(11, 13)),  # an hour in common is no lesson
        ask(2, hours(9, 12, day=1)),
    ):
        assert groups(two, other) == []


def test_neighbours_join_and_the_own_district_comes_first():
    first, near, own = ask(2), ask(18, district="B", after=1), ask(1, after=2)
    assert groups(first, near) == [{first.pk, near.pk}]
    assert groups(first, near, own) == [{first.pk, own.pk}]  # with both they would be more than two can teach
    [join] = joins([first, ask(1, district="B", after=1)], NEXT_TO)
    assert not join.in_one_district


def test_everybody_in_a_join_is_near_everybody_else():
    a, b, c = ask(1, district="A"), ask(1, district="B", after=1), ask(1, district="C", after=2)
    assert groups(a, b, c) == []  # A and C do not touch


def test_somebody_has_a_place():
    assert groups(ask(2, has_place=False), ask(1, has_place=False, after=1)) == []
    placeless, hosting = ask(2, has_place=False), ask(1, after=1)
    [join] = joins([placeless, hosting], NEXT_TO)
    assert join.host == hosting


def test_those_who_are_enough_take_one_in_but_are_not_put_together():
    five, four, one = ask(5), ask(4, after=1), ask(1, after=2)
    assert groups(five, four) == []
    assert groups(five, four, one) == [{five.pk, one.pk}]


def test_the_time_lies_in_a_wish_of_each():
    asks = [ask(1, hours(13, 17), hours(9, 12)), ask(1, hours(9, 17)), ask(1, hours(10, 16))]
    assert common_time(asks) == hours(10, 12)
    assert common_time([*asks, ask(1, hours(13, 17))]) == hours(13, 15)


wished = st.tuples(st.integers(0, 1), st.integers(8, 15), st.integers(2, 8)).map(
    lambda t: hours(t[1], t[1] + t[2], day=t[0])
)
asks_ = st.lists(
    st.builds(
        ask,
        st.integers(1, 6),
        wished,
        wished,
        after=st.integers(0, 1000),
        district=st.sampled_from("ABC"),
        topic=st.sampled_from(["kiosk", "civil"]),
        has_place=st.booleans(),
        joins_others=st.booleans(),
    ),
    max_size=9,
)


@settings(max_examples=150)
@given(asks_)
def test_every_join_keeps_every_rule(asks: list[Ask]):
    found = list(joins(asks, NEXT_TO))
    taken = [one.pk for join in found for one in join.asks]
    assert len(taken) == len(set(taken))
    for join in found:
        assert 3 <= join.people <= MOST_PEOPLE and len(join.asks) > 1
        assert any(one.people < 3 for one in join.asks) and join.host.has_place
        assert join.ends_at - join.starts_at == LESSON
        for one in join.asks:
            assert one.joins_others
            assert any(start <= join.starts_at and join.ends_at <= end for start, end in one.wishes)
            for other in join.asks:
                assert (one.topic, one.level) == (other.topic, other.level)
                assert one.district == other.district or other.district in NEXT_TO[one.district]


def test_neighbours_of_the_city():
    names = {row["code"]: row["name"] for row in districts()}
    near = {names[code]: {names[other] for other in others} for code, others in neighbours().items()}
    assert near["문산읍"] == {"정촌면", "금곡면", "진성면", "금산면", "가호동", "충무공동"}
    assert len(near) == 30 and all(near.values())
    assert all(one in near[other] for one, others in near.items() for other in others)


def test_the_way_by_the_middle_is_never_shorter_than_the_straight_one():
    points = [(row["lat"], row["lon"]) for row in districts()]
    for one in points:
        for other in points:
            assert ways.minutes(one, other) <= ways.to_the_middle(one) + ways.to_the_middle(other)
    assert ways.minutes(points[0], points[0]) == ways.AT_BOTH_ENDS
    assert ways.to_the_middle((35.157, 128.182)) == 31  # 문산읍: 9.4 km straight
