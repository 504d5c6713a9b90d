"""The published figures are what anybody gets who counts the rows, and nobody stands in them."""

import random
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from broadcast.models import Airing, Broadcast, Delivery, Plan, Village
from broadcast.performance import Figures, districts, months, villages
from broadcast.publish import publish
from broadcast.states import State
from tests import make

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
LOST = (State.FAILED, State.UNREACHED, State.EXPIRED, State.STOPPED, State.CANCELLED)


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    cache.clear()


def rows() -> dict[tuple[date, int], tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month, village_id, broadcasts, deliveries, in_time, delivered, unknown, lost"
            " FROM broadcast_performance"
        )
        return {(row[0], row[1]): row[2:] for row in cursor.fetchall()}


def recomputed() -> dict[tuple[date, int], tuple[int, ...]]:
    """By the rule that stands in the view's comment, in Python."""
    due = {a.broadcast_id: a.due_at for a in Airing.objects.exclude(broadcast=None)}
    counts: dict[tuple[date, int], Counter[str]] = defaultdict(Counter)
    broadcasts: dict[tuple[date, int], set] = defaultdict(set)
    for row in Delivery.objects.select_related("broadcast", "gateway"):
        sent = row.broadcast
        if sent.cancelled_at or sent.category == "test" or sent.published_at is None:
            continue
        key = (sent.published_at.astimezone(SEOUL).date().replace(day=1), row.gateway.village_id)
        start = row.held_until or due.get(sent.pk, sent.published_at)
        broadcasts[key].add(sent.pk)
        counts[key]["deliveries"] += 1
        counts[key]["in_time"] += row.playing_at is not None and (
            row.playing_at <= start + timedelta(seconds=10)
        )
        counts[key]["delivered"] += row.state == State.PLAYED
        counts[key]["unknown"] += row.state == State.UNKNOWN
        counts[key]["lost"] += row.state in LOST
    names = ("deliveries", "in_time", "delivered", "unknown", "lost")
    return {key: (len(broadcasts[key]), *(counts[key][name] for name in names)) for key in counts}


def some_history(seed: int) -> None:
    chance = random.Random(seed)
    by = make.city_operator()
    places = [make.village(make.district(name)) for name in ("문산읍", "금산면", "문산읍")]
    for place in places:
        for _ in range(chance.randint(1, 2)):
            make.gateway(place)
    for _ in range(8):
        chosen = chance.sample(places, chance.randint(1, 3))
        sent = publish(make.draft(by, chosen, chance.choice(["life", "wildfire", "test"])).pk, by)
        # Also within the hours in which Seoul is in the next month already.
        at = datetime(2026, chance.randint(3, 4), 30, chance.choice([3, 15, 20]), tzinfo=ZoneInfo("UTC"))
        cancelled = at if chance.random() < 0.2 else None
        Broadcast.objects.filter(pk=sent.pk).update(
            published_at=at, expires_at=at + timedelta(hours=1), cancelled_at=cancelled
        )
        if chance.random() < 0.4:
            plan = Plan.objects.create(
                original=make.draft(by, chosen), first_on=at.date(), at=at.time(), repeat="once"
            )
            Airing.objects.create(plan=plan, broadcast=sent, due_at=at - timedelta(seconds=5), state="aired")
        for delivery in sent.deliveries.all():
            delivery.state = chance.choice(State.values)
            delivery.playing_at = chance.choice(
                [None, *(at + timedelta(seconds=s) for s in (0, 4, 9, 10, 11))]
            )
            if chance.random() < 0.3:  # quiet hours
                delivery.held_until = at + timedelta(seconds=chance.choice([1, 3600]))
            delivery.save()


@pytest.mark.parametrize("seed", range(6))
def test_the_view_is_what_one_counts_by_hand(seed: int) -> None:
    some_history(seed)
    assert rows() == recomputed()
    assert rows()
    by_month: dict[str, Counter[str]] = defaultdict(Counter)
    for (month, _), numbers in recomputed().items():
        names = ("broadcasts", "deliveries", "in_time", "delivered", "unknown", "lost")
        by_month[month.isoformat()].update(dict(zip(names, numbers, strict=True)))
    for total in months(date(2026, 1, 15)):
        assert vars(total).items() >= by_month[total.key].items()
        month = date.fromisoformat(total.key)
        for parts in (districts(month), villages(month)):
            assert sum(part.deliveries for part in parts) == total.deliveries
            assert sum(part.in_time for part in parts) == total.in_time
            assert sum(part.going for part in parts) == total.going


def test_the_view_says_how_to_recompute_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('broadcast_performance'::regclass)")
        assert "To recompute it" in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("count", "of", "share"),
    [
        (0, 0, "–"),
        (0, 5, "0.0%"),
        (5, 5, "100.0%"),
        (9999, 10000, "99.9%"),
        (1, 100000, "0.1%"),
        (1, 3, "33.3%"),
    ],
)
def test_a_share_never_hides_the_one_that_failed(count: int, of: int, share: str) -> None:
    assert Figures("", "", 1, 1, of, count, 0, 0, 0).in_time_share == share


def a_month_of(villages_: int) -> None:
    by = make.city_operator()
    places = [make.gateway(make.village()).village for _ in range(villages_)]
    sent = publish(make.draft(by, places).pk, by)
    sent.deliveries.update(state=State.PLAYED, playing_at=sent.published_at)


def test_anybody_reads_it(client: Client) -> None:
    assert "아직 보여 드릴 방송이 없습니다" in client.get("/broadcast/performance/").content.decode()
    a_month_of(2)
    cache.clear()
    answer = client.get("/broadcast/performance/")
    page = answer.content.decode()
    assert "100.0%" in page
    assert "문산읍" in page
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies


def test_of_one_district_and_month(client: Client) -> None:
    a_month_of(2)
    village = Village.objects.first()
    month = months(date(2000, 1, 1))[0].key[:7]
    page = client.get("/broadcast/performance/", {"month": month, "district": village.district_id})
    assert village.name in page.content.decode()


@pytest.mark.parametrize(
    "asked",
    [{"month": "2026-13"}, {"month": "x"}, {"month": "1999-01"}, {"month": "\x00"}],
)
def test_what_is_not_there(client: Client, asked: dict[str, Any]) -> None:
    a_month_of(1)
    assert client.get("/broadcast/performance/", asked).status_code == 404


@pytest.mark.parametrize("district", ["x", "\x00", make.city_places.districts()[-1]["code"]])
def test_a_district_without_broadcasts_that_month(client: Client, district: str) -> None:
    a_month_of(1)
    answer = client.get("/broadcast/performance/", {"district": district})
    assert answer.status_code == 200
    assert "고르신 읍면동의 방송이 없습니다" in answer.content.decode()


def test_the_same_as_a_file(client: Client) -> None:
    assert client.get("/broadcast/performance/csv/").status_code == 404
    a_month_of(3)
    cache.clear()
    answer = client.get("/broadcast/performance/csv/")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("읍면동,마을,방송")
    assert len(lines) == 4
    assert all(line.split(",")[0] == "문산읍" and line.split(",")[4] == "1" for line in lines[1:])
    assert "attachment" in answer["Content-Disposition"]


def test_figures_are_counted_once_in_a_while(client: Client) -> None:
    a_month_of(1)
    client.get("/broadcast/performance/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/broadcast/performance/")
    assert not any("broadcast_performance" in query["sql"] for query in asked)


def test_nobody_stands_in_it(client: Client) -> None:
    a_month_of(1)
    author = Broadcast.objects.get().author
    for page in ("/broadcast/performance/", "/broadcast/performance/csv/"):
        assert author.username not in client.get(page).content.decode()


def test_the_same_number_of_questions_for_one_village_and_for_thirty(client: Client) -> None:
    counts = []
    for more in (1, 2, 27):
        a_month_of(more)
        found = []
        code = make.district().pk
        for page in ("", f"?district={code}", "csv/"):
            cache.clear()
            client.get("/broadcast/performance/" + page)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(f"/broadcast/performance/{page}").status_code == 200
            found.append(len(asked))
        counts.append(found)
    assert counts == [[2, 3, 2]] * 3  # of the cache's table: figures are counted once in five minutes
