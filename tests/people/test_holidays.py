"""Public holidays, and the city's word on a day."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people.holidays import holidays_between
from people.models import HolidayOverride, RoleGrant
from tests import make

pytestmark = pytest.mark.django_db

PAGE = "/people/holidays/"


def ahead(days: int = 30) -> date:
    """A day that is no holiday by the list."""
    day = timezone.localdate() + timedelta(days=days)
    while holidays_between(day, day):
        day += timedelta(days=1)
    return day


def test_the_city_decides_on_a_day_and_takes_it_back(client: Client) -> None:
    operator, day = make.city_operator(), ahead()
    make.signed_in(client, operator)
    said = {"date": day.isoformat(), "is_holiday": "1", "name": "임시공휴일"}
    assert client.post(PAGE, said).status_code == 302
    assert holidays_between(day, day) == {day: "임시공휴일"}
    assert HolidayOverride.objects.get().changed_by == operator
    assert "쉬는 날: 임시공휴일" in client.get(PAGE).content.decode()
    client.post(PAGE, said | {"is_holiday": "0", "name": "취소"})
    assert holidays_between(day, day) == {}
    assert "쉬지 않는 날" in client.get(PAGE).content.decode()
    for typed in ("2026-02-31", "x", day.isoformat()):
        assert client.post(f"{PAGE}as-listed/", {"date": typed}).status_code == 302
    assert not HolidayOverride.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"date": "언젠가"}, "날짜를 2026-01-31처럼 적어 주세요."),
        ({"date": "2020-01-01"}, "오늘부터 2년 안의 날짜로"),
        ({"date": "9999-12-31"}, "오늘부터 2년 안의 날짜로"),
        ({"name": ""}, "이름이나 까닭을 적어 주세요."),
        ({"name": "가" * 61}, "60자 안으로"),
        ({"is_holiday": "maybe"}, "쉬는 날인지 골라 주세요."),
    ],
)
def test_what_makes_no_sense_is_said(client: Client, fields: dict, words: str) -> None:
    make.signed_in(client, make.city_operator())
    answer = client.post(PAGE, {"date": ahead().isoformat(), "is_holiday": "1", "name": "휴일", **fields})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not HolidayOverride.objects.exists()


def test_whoever_is_responsible_for_repairs_may_too(client: Client) -> None:
    officer, day = make.user(), ahead()
    RoleGrant.objects.create(user=officer, role=RoleGrant.Role.REPAIR_OFFICER, reason="시험")
    make.signed_in(client, officer)
    assert "무상수리 방문 기한" in client.get(PAGE).content.decode()
    said = {"date": day.isoformat(), "is_holiday": "1", "name": "임시공휴일"}
    assert client.post(PAGE, said).status_code == 302
    assert HolidayOverride.objects.get().changed_by == officer
    assert client.post(f"{PAGE}as-listed/", {"date": day.isoformat()}).status_code == 302
    assert not HolidayOverride.objects.exists()


def test_for_the_city_only(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    for other in (make.clerk(), make.chief(), make.user()):
        make.signed_in(client, other)
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, {"date": ahead().isoformat(), "name": "휴일"}).status_code == 403
        assert client.post(f"{PAGE}as-listed/", {"date": ahead().isoformat()}).status_code == 403


def test_as_many_questions_for_one_day_as_for_thirty(client: Client, django_assert_num_queries) -> None:
    make.signed_in(client, make.city_operator())
    for days in (1, 3, 30):
        for n in range(days):
            HolidayOverride.objects.get_or_create(date=ahead(n * 3), defaults={"name": "휴일"})
        client.get(PAGE)
        with django_assert_num_queries(5):
            client.get(PAGE)
