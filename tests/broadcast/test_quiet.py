"""조용한 시간과 소리 크기: which rule fits where and when, and what becomes of the rows."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcast import holding
from broadcast.before_sending import before_sending, day_and_clock
from broadcast.categories import CATEGORIES
from broadcast.delivery import try_again_where_they_are_back
from broadcast.holding import held_villages, sounding
from broadcast.models import Broadcast, Delivery, Gateway, SoundRule, Village
from broadcast.publish import publish, resend
from broadcast.quiet import Place, held_until, volume_of
from broadcast.reach import with_speakers
from broadcast.states import State
from tests import make

SEOUL = ZoneInfo("Asia/Seoul")
#: A village that has rules, one beside it, one in another district.
HERE, BESIDE, AWAY = Place(1, "D1"), Place(2, "D1"), Place(3, "D2")


def at(clock: str, day: int = 22) -> datetime:
    return datetime.combine(datetime(2026, 11, day), time.fromisoformat(clock), SEOUL)


def rule(hours: str, what: str, **fields: object) -> SoundRule:
    """hours "21:00-07:00"; what "quiet", "not quiet" or percent."""
    start, end = map(time.fromisoformat, hours.split("-"))
    volume = int(what) if what.isdecimal() else None
    return SoundRule(hour_from=start, hour_until=end, is_quiet=what == "quiet", volume=volume, **fields)


CITY = rule("21:00-07:00", "quiet", lane="routine", pk=1)
LATER_HERE = rule("05:00-09:00", "quiet", village_id=1, pk=2)
OPEN_HERE = rule("21:00-22:00", "not quiet", village_id=1, pk=3)
FARMING = rule("04:00-07:00", "not quiet", category="farming", pk=4)
DISTRICT_OPEN = rule("21:00-23:00", "not quiet", district_id="D1", pk=5)


@pytest.mark.parametrize(
    ("rules", "place", "category", "clock", "until"),
    [
        ([CITY], AWAY, "life", "20:59", None),
        ([CITY], AWAY, "life", "21:00", at("07:00", 23)),
        ([CITY], AWAY, "life", "23:59", at("07:00", 23)),
        ([CITY], AWAY, "life", "00:00", at("07:00")),
        ([CITY], AWAY, "life", "06:59", at("07:00")),
        ([CITY], AWAY, "life", "07:00", None),
        ([CITY], AWAY, "wildfire", "03:00", None),
        ([CITY], AWAY, "missing", "03:00", None),
        ([rule("21:00-07:00", "quiet")], AWAY, "wildfire", "03:00", None),
        # One that follows on the other: held to the end of the second.
        ([CITY, LATER_HERE], HERE, "life", "03:00", at("09:00")),
        ([CITY, LATER_HERE], BESIDE, "life", "03:00", at("07:00")),
        ([CITY, LATER_HERE], HERE, "life", "08:59", at("09:00")),
        # The more particular says that it is not quiet.
        ([CITY, OPEN_HERE], HERE, "life", "21:30", None),
        ([CITY, OPEN_HERE], HERE, "life", "22:00", at("07:00", 23)),
        ([CITY, OPEN_HERE], BESIDE, "life", "21:30", at("07:00", 23)),
        ([CITY, DISTRICT_OPEN], BESIDE, "life", "22:30", None),
        ([CITY, DISTRICT_OPEN], AWAY, "life", "22:30", at("07:00", 23)),
        (
            [CITY, DISTRICT_OPEN, rule("22:00-23:00", "quiet", village_id=1)],
            HERE,
            "life",
            "22:30",
            at("07:00", 23),
        ),
        # Of one place, that of a category.
        ([CITY, FARMING], AWAY, "farming", "05:00", None),
        ([CITY, FARMING], AWAY, "farming", "02:00", at("04:00")),
        ([CITY, FARMING], AWAY, "life", "05:00", at("07:00")),
        # How loud it is says nothing about quiet.
        ([CITY, rule("00:00-00:00", "30", village_id=1)], HERE, "life", "22:00", at("07:00", 23)),
        ([rule("21:00-07:00", "quiet", is_active=False)], AWAY, "life", "22:00", None),
        ([], AWAY, "life", "03:00", None),
    ],
)
def test_until_when_it_is_held(
    rules: list[SoundRule], place: Place, category: str, clock: str, until: datetime | None
) -> None:
    assert held_until(rules, place, category, CATEGORIES[category].lane, at(clock)) == until


@pytest.mark.parametrize(
    ("rules", "place", "category", "clock", "volume"),
    [
        ([], HERE, "life", "12:00", None),
        ([rule("00:00-00:00", "60")], AWAY, "life", "12:00", 60),
        (
            [rule("00:00-00:00", "60"), rule("00:00-00:00", "50", district_id="D1")],
            BESIDE,
            "life",
            "12:00",
            50,
        ),
        (
            [rule("00:00-00:00", "50", district_id="D1"), rule("00:00-00:00", "0", village_id=1)],
            HERE,
            "life",
            "1200",
            0,
        ),
        ([rule("00:00-00:00", "60"), rule("00:00-00:00", "50", district_id="D1")], AWAY, "life", "12:00", 60),
        ([rule("18:00-21:00", "40", village_id=1), rule("00:00-00:00", "60")], HERE, "life", "17:59", 60),
        ([rule("18:00-21:00", "40", village_id=1), rule("00:00-00:00", "60")], HERE, "life", "18:00", 40),
        (
            [rule("00:00-00:00", "60"), rule("00:00-00:00", "100", lane="urgent")],
            AWAY,
            "wildfire",
            "03:00",
            100,
        ),
        (
            [rule("00:00-00:00", "60"), rule("00:00-00:00", "100", category="heat")],
            AWAY,
            "heat",
            "12:00",
            100,
        ),
        ([CITY, rule("00:00-00:00", "60")], AWAY, "life", "22:00", 60),
    ],
)
def test_how_loud_it_is(
    rules: list[SoundRule], place: Place, category: str, clock: str, volume: int | None
) -> None:
    lane = CATEGORIES[category].lane
    assert volume_of(rules, place, category, lane, at(clock).time()) == volume


def test_hours_that_never_end_end() -> None:
    whole_day = [rule("00:00-12:00", "quiet"), rule("12:00-00:00", "quiet")]
    assert held_until(whole_day, AWAY, "life", "routine", at("12:00"))


@pytest.mark.parametrize(
    ("then", "words"),
    [(at("23:00"), "오늘 23:00"), (at("07:00", 23), "내일 07:00"), (at("07:00", 24), "11월 24일 07:00")],
)
def test_when_in_words(then: datetime, words: str) -> None:
    assert day_and_clock(then.astimezone(ZoneInfo("UTC")), at("22:00")) == words


@pytest.fixture
def quiet_now() -> SoundRule:
    """Until an hour from now, whenever this runs."""
    now = timezone.localtime()
    start, end = (now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time().replace(microsecond=0)
    return make.sound_rule(is_quiet=True, hour_from=start, hour_until=end)


@pytest.mark.django_db
def test_the_city_is_quiet_and_one_village_is_not(quiet_now: SoundRule) -> None:
    held, open_, loud = (make.gateway().village for _ in range(3))
    make.sound_rule(village=open_, volume=None)
    make.sound_rule(village=loud, volume=30)
    before = timezone.now()
    author = make.city_operator()
    draft = make.draft(author, [held, open_, loud])
    said = before_sending(draft, with_speakers(Village.objects.all()))
    assert [villages for _, villages in said.held] == [2]
    sent = publish(draft.pk, author)
    rows = {d.gateway.village: d for d in Delivery.objects.select_related("gateway__village")}
    end = timezone.localtime(rows[held].due_at)
    assert end.time() == quiet_now.hour_until
    assert rows[loud].due_at == rows[held].due_at > before + timedelta(minutes=58)
    assert rows[open_].due_at < before + timedelta(minutes=1)
    assert [rows[v].volume for v in (held, open_, loud)] == [None, None, 30]
    assert sent.expires_at == rows[held].due_at + CATEGORIES["life"].lasts


@pytest.mark.django_db
def test_what_was_held_is_said_and_is_not_late(client: Client, quiet_now: SoundRule) -> None:
    author = make.city_operator()
    sent = publish(make.draft(author, [make.gateway().village for _ in range(2)]).pk, author)
    make.signed_in(client, author)
    page = client.get(f"/broadcast/{sent.pk}/").content.decode()
    assert "조용한 시간이라 2곳은" in page
    assert f"{quiet_now.hour_until:%H:%M}에 나갑니다." in page
    early, late = sent.deliveries.all()
    assert early.held_until == early.due_at
    for row, seconds in ((early, 9), (late, 11)):
        row.playing_at = row.held_until + timedelta(seconds=seconds)
        row.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(deliveries), sum(in_time) FROM broadcast_performance")
        assert cursor.fetchone() == (2, 1)


@pytest.mark.django_db
def test_what_is_urgent_is_not_held_but_may_be_louder(quiet_now: SoundRule) -> None:
    make.sound_rule(lane="urgent", volume=100)
    sent = make.published(["http://127.0.0.1:9"], "wildfire")
    row = sent.deliveries.get()
    assert row.due_at <= timezone.now()
    assert row.volume == 100
    assert sent.expires_at == sent.published_at + CATEGORIES["wildfire"].lasts


@pytest.mark.django_db
def test_trying_again_is_held_too(quiet_now: SoundRule) -> None:
    sent = make.published(["http://127.0.0.1:9"])
    sent.deliveries.update(state=State.UNREACHED, due_at=timezone.now(), ended_at=timezone.now())
    assert resend(sent.pk, sent.author) == 1
    assert sent.deliveries.get().due_at > timezone.now() + timedelta(minutes=55)


@pytest.mark.django_db
def test_a_box_that_comes_back_at_night_is_silent_until_morning() -> None:
    sent = make.published(["http://127.0.0.1:9"])
    sent.deliveries.update(state=State.UNREACHED, ended_at=timezone.now() - timedelta(minutes=5))
    Gateway.objects.update(seen_at=timezone.now())
    hour = timezone.localtime() + timedelta(hours=1)
    make.sound_rule(is_quiet=True, hour_from=(hour - timedelta(hours=2)).time(), hour_until=hour.time())
    assert try_again_where_they_are_back() == 1
    assert sent.deliveries.get().due_at > timezone.now() + timedelta(minutes=55)


@pytest.mark.django_db
def test_questions_do_not_grow_with_villages_nor_with_rules(quiet_now: SoundRule) -> None:
    district = make.district()
    villages = Village.objects.bulk_create(
        [Village(code=f"Q{n}", name=f"마을{n}", district=district, lat=35.1, lon=128.1) for n in range(358)]
    )
    counts = []
    for rules in (0, 3, 30):
        SoundRule.objects.exclude(pk=quiet_now.pk).delete()
        for village in villages[:rules]:
            make.sound_rule(village=village)
        for ask in (
            lambda: sounding("life", "routine", timezone.now()),
            lambda: held_villages(villages, "life", "routine", timezone.now()),
        ):
            with CaptureQueriesContext(connection) as asked:
                ask()
            counts.append(len(asked))
    assert set(counts) == {1}
    assert holding.held_villages([], "life", "routine", timezone.now()) == {}


@pytest.mark.django_db
def test_each_district_and_village_of_many_has_its_own() -> None:
    munsan, geumsan = make.district("문산읍"), make.district("금산면")
    author = make.city_operator()
    make.sound_rule(volume=60)
    make.sound_rule(district=munsan, volume=50)
    villages = [make.gateway(make.village(d)).village for d in (munsan, munsan, geumsan)]
    make.sound_rule(village=villages[0], volume=40)
    publish(make.draft(author, villages).pk, author)
    volumes = dict(Delivery.objects.values_list("gateway__village", "volume"))
    assert [volumes[v.pk] for v in villages] == [40, 50, 60]
    assert Broadcast.objects.get().expires_at
