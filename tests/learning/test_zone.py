"""체험존: open now, opens at, closed days; counting by a tap; who may."""

import re
import uuid
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning import zone as deeds
from learning.models import WalkIn, Zone, ZoneClosure, ZoneHours
from learning.opening import Hours, opening, week_words, words
from people.models import HolidayOverride
from tests import make, make_learning

SEOUL = timezone.get_default_timezone()
WEEK = [Hours(n, time(9), time(12)) for n in range(5)] + [Hours(n, time(13), time(18)) for n in range(5)]
CLOSED = {date(2026, 10, 5): "대체 공휴일"}


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-10-02 08:00", "아직 열지 않았습니다. 오늘 오전 9시에 엽니다."),
        ("2026-10-02 09:00", "지금 열려 있습니다. 오늘 낮 12시까지 합니다."),
        ("2026-10-02 12:00", "지금은 쉬는 시간입니다. 오늘 오후 1시에 다시 엽니다."),
        ("2026-10-02 17:30", "지금 열려 있습니다. 오늘 오후 6시까지 합니다. 곧 닫습니다."),
        ("2026-10-02 18:00", "오늘은 문을 닫았습니다. 10월 6일(화) 오전 9시에 엽니다."),
        ("2026-10-04 10:00", "오늘은 쉽니다. 10월 6일(화) 오전 9시에 엽니다."),
        ("2026-10-05 10:00", "오늘은 쉽니다 (대체 공휴일). 내일(화) 오전 9시에 엽니다."),
    ],
)
def test_what_is_said_at_which_hour(at: str, said: str) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=SEOUL)
    assert words(opening(WEEK, CLOSED, now), now) == said


def test_a_zone_without_hours_sends_nobody_out() -> None:
    now = datetime(2026, 10, 2, 10, tzinfo=SEOUL)
    assert "전화로" in words(opening([], {}, now), now)
    assert week_words([]) == [("월~일", "쉼")]


def test_the_week_in_few_words() -> None:
    assert week_words(WEEK) == [("월~금", "오전 9시~낮 12시, 오후 1시~오후 6시"), ("토~일", "쉼")]
    assert week_words([Hours(2, time(9, 30), time(17))])[1] == ("수", "오전 9시 30분~오후 5시")


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.sets(st.integers(0, 40)))
def test_it_is_open_or_says_when_it_opens(moment: datetime, shut: set[int]) -> None:
    now = moment.replace(tzinfo=SEOUL)
    closed = {now.date() + timedelta(days=n): "점검" for n in shut}
    state = opening(WEEK, closed, now)
    is_open = (
        now.weekday() < 5
        and now.date() not in closed
        and (time(9) <= now.time() < time(12) or time(13) <= now.time() < time(18))
    )
    assert state.is_open == is_open
    if is_open:
        assert state.until > now
    elif state.opens_at:
        assert state.opens_at > now
        assert opening(WEEK, closed, state.opens_at).is_open
        assert not opening(WEEK, closed, state.opens_at - timedelta(minutes=1)).is_open


# ---- the page for everybody

pytestmark = pytest.mark.django_db


def at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def a_working_day() -> date:
    return date(2026, 10, 7)  # a Wednesday


def test_open_closed_on_a_holiday_and_by_the_citys_word() -> None:
    zone, day = make_learning.zone(), a_working_day()
    assert deeds.page(zone, at(day, 10)).state.is_open
    assert not deeds.page(zone, at(date(2026, 10, 9), 10)).state.is_open  # 한글날
    HolidayOverride.objects.create(date=day, name="임시공휴일")
    assert "임시공휴일" in deeds.page(Zone.objects.get(), at(day, 10)).words
    HolidayOverride.objects.all().delete()
    ZoneClosure.objects.create(zone=zone, on=day, reason="전기 점검")
    page = deeds.page(Zone.objects.get(), at(day, 10))
    assert "전기 점검" in page.words
    assert (day, "전기 점검") in page.closed_days
    assert (date(2026, 10, 9), "한글날") in page.closed_days
    assert not any(one.weekday() > 4 for one, _ in page.closed_days)


def test_everybody_sees_it(client: Client, django_assert_num_queries) -> None:
    broken = make_learning.zone(name="상락원 체험존").devices.get()
    deeds.out_of_order(broken, "화면이 꺼짐")
    make_learning.zone(name="닫은 체험존", is_active=False)
    with django_assert_num_queries(5):
        html = client.get("/learning/zone/").content.decode()
    assert "상락원 체험존" in html and "월~금" in html
    assert "고장" in html and "화면이 꺼짐" in html
    assert "닫은 체험존" not in html
    for _ in range(3):
        more = make_learning.zone()
        deeds.close_on(more, timezone.localdate() + timedelta(days=3), "점검", make_learning.officer())
    with django_assert_num_queries(5):
        assert client.get("/learning/zone/").content.decode().count("zone-now") == 4


# ---- those who work there


@pytest.fixture
def zone() -> Zone:
    return make_learning.zone(centre=make_learning.centre())


@pytest.fixture
def staff(client: Client, zone: Zone) -> Client:
    return make.signed_in(client, make_learning.centre_staff(zone.centre))


def onces(html: str) -> list[str]:
    return re.findall(r'name="once" value="([^"]+)"', html)


def test_a_tap_counts_once_and_can_be_taken_back(staff: Client, zone: Zone) -> None:
    page = f"/learning/zone/{zone.pk}/"
    device = zone.devices.get()
    once = onces(staff.get(page).content.decode())
    assert len(set(once)) == 6  # five buttons for people, one device
    for _ in range(2):  # pressed twice
        assert staff.post(f"{page}tap/", {"once": once[0], "people": 2}).status_code == 302
    staff.post(f"{page}tap/", {"once": once[5], "people": 1, "device": device.pk})
    html = staff.get(page).content.decode()
    assert "2명</strong>" in html
    today = deeds.today(zone)
    assert (today.people, today.devices) == (2, {device.pk: 1})
    last = today.last[-1]
    for _ in range(2):
        assert staff.post(f"{page}taps/{last.pk}/undo/").status_code == 302
    assert deeds.today(zone).people == 0
    assert WalkIn.objects.count() == 1


def test_of_another_day_nothing_is_taken_back(staff: Client, zone: Zone) -> None:
    tap = deeds.tap(zone, uuid.uuid4(), 3, None, make_learning.officer())
    WalkIn.objects.update(at=timezone.now() - timedelta(days=1))
    assert deeds.today(zone).people == 0
    staff.post(f"/learning/zone/{zone.pk}/taps/{tap.pk}/undo/")
    assert WalkIn.objects.get().people == 3


@pytest.mark.parametrize("wrong", [{"people": "0"}, {"people": "101"}, {"once": "x"}, {"people": "많이"}])
def test_nonsense_counts_nothing(staff: Client, zone: Zone, wrong: dict) -> None:
    sent = {"once": str(uuid.uuid4()), "people": "1", **wrong}
    answer = staff.post(f"/learning/zone/{zone.pk}/tap/", sent, follow=True)
    assert "다시 한 번" in answer.content.decode()
    assert not WalkIn.objects.exists()


def test_a_closed_day_is_told_and_taken_back(staff: Client, zone: Zone) -> None:
    page, day = f"/learning/zone/{zone.pk}/days/", timezone.localdate() + timedelta(days=4)
    refused = staff.post(page, {"on": "2020-01-01", "reason": "정전"})
    assert refused.status_code == 422
    assert "정전" in refused.content.decode()
    for reason in ("정전", "전기 점검"):
        assert staff.post(page, {"on": day.isoformat(), "reason": reason}).status_code == 302
    closure = zone.closures.get()
    assert closure.reason == "전기 점검"
    staff.post(f"{page}{closure.pk}/open/")
    assert not zone.closures.exists()


def test_hours_with_a_rest(staff: Client, zone: Zone) -> None:
    page = f"/learning/zone/{zone.pk}/hours/"
    sent = {"opens_0": "09:00", "closes_0": "17:00", "rest_from": "12:00", "rest_until": "13:00"}
    wrong = staff.post(page, {**sent, "closes_0": "08:00"})
    assert wrong.status_code == 422
    assert ZoneHours.objects.filter(zone=zone).count() == 5
    assert staff.post(page, {}).status_code == 422
    assert staff.post(page, {**sent, "opens_1": "09:00"}).status_code == 422
    assert staff.post(page, sent).status_code == 302
    assert [(h.weekday, h.opens, h.closes) for h in zone.hours.all()] == [
        (0, time(9), time(12)),
        (0, time(13), time(17)),
    ]
    html = staff.get(page).content.decode()
    assert all(f'value="{value}"' in html for value in sent.values())


def test_a_device_breaks_and_works_again(staff: Client, zone: Zone) -> None:
    device = zone.devices.get()
    page = f"/learning/zone/{zone.pk}/devices/{device.pk}/"
    assert staff.post(page, {"deed": "broken", "trouble": ""}).status_code == 422
    assert staff.post(page, {"deed": "broken", "trouble": "화면이 꺼짐"}).status_code == 302
    assert "화면이 꺼짐" in Client().get("/learning/zone/").content.decode()
    assert staff.post(page, {"deed": "works"}).status_code == 302
    device.refresh_from_db()
    assert (device.out_of_order_since, device.trouble) == (None, "")
    named = {"name": device.name, "words": "", "order": "1", "is_active": "on"}
    assert (
        staff.post(f"/learning/zone/{zone.pk}/devices/", named).status_code == 422
    )  # there is one of that name
    assert staff.post(f"/learning/zone/{zone.pk}/devices/", {**named, "name": "새 기기"}).status_code == 302
    refused = staff.post(page, {**named, "deed": "change", "name": "새 기기"})
    assert refused.status_code == 422
    assert f"<h1>{device.name}</h1>" in refused.content.decode()


def test_as_many_questions_for_many_taps(staff: Client, zone: Zone, django_assert_max_num_queries) -> None:
    by = make_learning.officer()
    asked = []
    staff.get(f"/learning/zone/{zone.pk}/")  # the first look of a session writes it
    for more in (1, 30):
        for _ in range(more):
            deeds.tap(zone, uuid.uuid4(), 1, zone.devices.get(), by)
        with django_assert_max_num_queries(60) as captured:
            staff.get(f"/learning/zone/{zone.pk}/")
        asked.append(len(captured))
    assert asked[0] == asked[1]


def test_only_their_own(client: Client, zone: Zone) -> None:
    addresses = [f"/learning/zone/{zone.pk}/{page}" for page in ("", "days/", "hours/", "devices/")]
    for who, status in (
        (make_learning.centre_staff(), 404),
        (make_learning.call_centre(), 403),
        (make_learning.coordinator(), 200),
        (make.clerk(), 403),
    ):
        make.signed_in(client, who)
        assert {client.get(one).status_code for one in addresses} == {status}
    make.signed_in(client, make_learning.centre_staff(zone.centre))
    assert client.get("/learning/zone/work/")["Location"] == f"/learning/zone/{zone.pk}/"
    make.signed_in(client, make_learning.centre_staff())
    assert "체험존이 없습니다" in client.get("/learning/zone/work/").content.decode()
