"""The pages of plans and of the air time: who may open them, what they say, how many questions they ask."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcast.models import Airing, Broadcast, Plan, SoundRule, Village
from broadcast.plan_times import PlanTimes
from broadcast.plans import make_plan
from people.models import HolidayOverride, User
from tests import make

pytestmark = pytest.mark.django_db

NINE = time(9)


def tomorrow(days: int = 1) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def planned(by: User, *villages: Village, at: time = NINE, **fields: object) -> Plan:
    draft = make.draft(by, villages, **fields)  # type: ignore[arg-type]
    return make_plan(draft.pk, by, PlanTimes(timezone.localdate() + timedelta(days=1), at, "daily"))


def asked(**fields: object) -> dict[str, object]:
    return {"first_on": tomorrow(), "at": "09:00", "repeat": "once", **fields}


def test_from_a_draft_to_a_plan(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    draft = make.draft(chief, [here])
    make.signed_in(client, chief)
    page = f"/broadcast/{draft.pk}/plan/"
    assert page in client.get(f"/broadcast/{draft.pk}/review/").content.decode()
    looked = client.post(page, asked())
    assert looked.status_code == 200
    assert "이대로 예약하기" in looked.content.decode()
    assert not Plan.objects.exists()
    seen = looked.context["form"]["seen"].value()
    # Changed after it was looked at: it is shown again first.
    assert client.post(page, asked(at="10:00", seen=seen, confirm=1)).status_code == 200
    assert not Plan.objects.exists()
    done = client.post(page, asked(seen=seen, confirm=1))
    plan = Plan.objects.get()
    assert done["Location"] == f"/broadcast/plans/{plan.pk}/"
    for address in (page, f"/broadcast/{draft.pk}/review/"):
        assert client.get(address)["Location"] == f"/broadcast/plans/{plan.pk}/"
    assert "오전 9시" in client.get(f"/broadcast/plans/{plan.pk}/").content.decode()
    assert "만들고 보내지 않은 방송" not in client.get("/broadcast/new/").content.decode()
    client.post(f"/broadcast/{draft.pk}/throw-away/")
    assert Broadcast.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first_on": ""}, "날짜를 정해 주세요."),
        ({"first_on": "내일"}, "날짜를 2026-01-31처럼 적어 주세요."),
        ({"first_on": "2020-01-01"}, "이미 지난 때입니다."),
        ({"first_on": "2999-01-01"}, "1년 안의 날짜로"),
        ({"at": "25시"}, "시각을 09:30처럼 적어 주세요."),
        ({"repeat": "hourly"}, "되풀이할지 골라 주세요."),
        ({"repeat": "weekly"}, "요일을 하나 이상 골라 주세요."),
        ({"repeat": "weekly", "weekdays": ["9"]}, "요일을 골라 주세요."),
        ({"repeat": "daily", "until": "2020-01-01"}, "마지막 날이 첫날보다 빠릅니다."),
    ],
)
def test_what_makes_no_sense_is_said_and_kept(client: Client, fields: dict, words: str) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    make.signed_in(client, chief)
    answer = client.post(f"/broadcast/{make.draft(chief, [here]).pk}/plan/", asked(**fields))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    for typed in ("내일", "25시"):
        assert (typed in fields.values()) == (f'value="{typed}"' in answer.content.decode())


def test_an_urgent_one_cannot_be_planned(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    draft = make.draft(chief, [here], category="wildfire")
    make.signed_in(client, chief)
    assert "/plan/" not in client.get(f"/broadcast/{draft.pk}/review/").content.decode()
    answer = client.post(f"/broadcast/{draft.pk}/plan/", asked())
    assert answer.status_code == 422
    assert "긴급 방송은 예약할 수 없습니다." in answer.content.decode()


def test_a_clash_is_said_before_it_is_confirmed(client: Client) -> None:
    here, there = make.gateway().village, make.gateway().village
    planned(make.clerk(), here, there)
    chief = make.chief(here)
    draft = make.draft(chief, [here])
    make.signed_in(client, chief)
    page = f"/broadcast/{draft.pk}/plan/"
    text = client.post(page, asked(repeat="daily")).content.decode()
    assert "문산읍 직원의 생활정보 방송 (09:00부터 09:00:01까지)" in text
    assert here.name in text
    assert there.name not in text
    assert "번 더 겹칩니다." in text
    assert "그래도 예약하기" in text
    assert "겹치지 않음" in client.post(page, asked(at="09:01")).content.decode()


def test_quiet_hours_are_said_before_it_is_confirmed(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    SoundRule.objects.all().delete()
    SoundRule.objects.create(name="이른 아침", hour_from=time(4), hour_until=time(6), is_quiet=True)
    draft = make.draft(chief, [here])
    make.signed_in(client, chief)
    page = f"/broadcast/{draft.pk}/plan/"
    assert "<strong>06:00에 나갑니다.</strong>" in client.post(page, asked(at="05:00")).content.decode()
    assert "조용한 시간" not in client.post(page, asked(at="07:00")).content.decode()


def test_the_week_shows_what_clashes_in_words(client: Client) -> None:
    here, there = make.gateway().village, make.gateway().village
    clerk = make.clerk()
    planned(clerk, here, there)
    planned(make.chief(here), here, category="event")
    make.signed_in(client, clerk)
    week = {"week": tomorrow()}
    text = client.get("/broadcast/calendar/", week).content.decode()
    assert f"09:00 {here.name} 이장의 행사·모임 방송과 겹칩니다." in text
    assert "겹치는 방송이" in text
    alone = client.get("/broadcast/calendar/", {**week, "village": there.pk}).content.decode()
    assert "겹칩니다." not in alone
    assert "생활정보" in alone
    HolidayOverride.objects.create(date=tomorrow(), name="시민의 날")
    assert "시민의 날" in client.get("/broadcast/calendar/", week).content.decode()


@pytest.mark.parametrize(
    "query", [{"week": "언젠가"}, {"week": "0001-01-01"}, {"week": "9999-12-31"}, {"village": "x"}]
)
def test_a_week_that_makes_no_sense(client: Client, query: dict) -> None:
    make.signed_in(client, make.clerk())
    assert client.get("/broadcast/calendar/", query).status_code == 422


def test_everybody_sees_their_own_air_time_only(client: Client) -> None:
    here, there = make.gateway().village, make.gateway(make.village(make.district("금산면"))).village
    plan = planned(make.chief(here), here, text="여기 소식")
    page = f"/broadcast/plans/{plan.pk}/"
    seen = {make.chief(here): True, make.clerk(): True, make.city_operator(): True}
    seen |= {make.chief(there): False, make.clerk(make.district("금산면")): False}
    for user, sees in seen.items():
        make.signed_in(client, user)
        assert client.get(page).status_code == (200 if sees else 404)
        for listed in ("/broadcast/plans/", f"/broadcast/calendar/?week={tomorrow()}"):
            assert ("여기 소식" in client.get(listed).content.decode()) is sees
        own = user.is_city_operator
        assert client.post(f"{page}stop/").status_code == (302 if own else 404)
        Plan.objects.update(stopped_at=None)
    client.logout()
    for address in (page, "/broadcast/plans/", "/broadcast/calendar/"):
        assert client.get(address)["Location"].startswith("/people/sign-in/")


def test_left_out_once_and_stopped(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    plan = planned(chief, here)
    make.signed_in(client, chief)
    one = plan.airings.order_by("due_at")[0]
    page = f"/broadcast/plans/{plan.pk}/"
    assert client.post(f"/broadcast/plans/airings/{one.pk}/")["Location"] == page
    assert "이번만 쉬기로 했습니다." in client.get(page).content.decode()
    client.post(f"/broadcast/plans/airings/{one.pk}/", {"back": 1})
    assert "이번만 쉬기로 했습니다." not in client.get(page).content.decode()
    assert client.post("/broadcast/plans/airings/999999999/").status_code == 404
    client.post(f"{page}stop/")
    text = client.get(page).content.decode()
    assert "그만둠" in text
    assert "예약 그만두기" not in text
    assert plan.original.text in client.get("/broadcast/plans/?which=over").content.decode()


def test_a_plan_that_begins_in_months_is_neither_over_nor_silent(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    far = timezone.localdate() + timedelta(days=90)
    plan = make_plan(make.draft(chief, [here]).pk, chief, PlanTimes(far, NINE, "daily"))
    assert not plan.airings.exists()
    make.signed_in(client, chief)
    for page in ("/broadcast/plans/", f"/broadcast/plans/{plan.pk}/"):
        assert "예약됨" in client.get(page).content.decode()
    assert f"{far.month}월 {far.day}일" in client.get(f"/broadcast/plans/{plan.pk}/").content.decode()
    assert plan not in [line["plan"] for line in client.get("/broadcast/plans/?which=over").context["lines"]]


def test_a_plan_whose_only_time_has_gone_by_is_over(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    plan = make_plan(
        make.draft(chief, [here]).pk, chief, PlanTimes(timezone.localdate() + timedelta(days=1), NINE)
    )
    plan.airings.update(state=Airing.State.AIRED)
    make.signed_in(client, chief)
    assert "끝남" in client.get("/broadcast/plans/?which=over").content.decode()
    assert client.get("/broadcast/plans/").context["lines"] == []


def test_what_did_not_go_out_is_said(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    plan = planned(chief, here)
    Airing.objects.filter(pk=plan.airings.order_by("due_at")[0].pk).update(
        due_at=timezone.now() - timedelta(hours=3), state=Airing.State.MISSED, why="멈춰 있었습니다."
    )
    make.signed_in(client, chief)
    text = client.get("/broadcast/plans/").content.decode()
    assert "나가지 못한 예약이 있습니다" in text
    assert "멈춰 있었습니다." in text
    assert "놓침" in client.get(f"/broadcast/plans/{plan.pk}/").content.decode()


PAGES = {"plans": "/broadcast/plans/", "over": "/broadcast/plans/?which=over", "week": "/broadcast/calendar/"}


@pytest.mark.parametrize("page", [*PAGES, "plan", "new", "clash"])
def test_a_page_asks_the_same_number_of_questions_for_one_and_for_thirty(client: Client, page: str) -> None:
    operator = make.city_operator()
    make.signed_in(client, operator)
    here = make.gateway().village
    last = Plan.objects.none()
    counts = []
    for many in (1, 3, 30):
        while Plan.objects.count() < many:
            last = planned(operator, here, make.gateway().village)
        if page == "over":
            Plan.objects.update(stopped_at=timezone.now())
        draft = make.draft(operator, Village.objects.all()[:many])
        address = PAGES.get(page) or f"/broadcast/{draft.pk}/plan/"
        if page == "week":
            address += f"?week={tomorrow()}"
        if page == "plan":
            last.original.villages.set(Village.objects.all())
            address = f"/broadcast/plans/{last.pk}/"

        def ask(address: str = address) -> int:
            return (client.post(address, asked()) if page == "clash" else client.get(address)).status_code

        ask()
        with CaptureQueriesContext(connection) as queries:
            assert ask() == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 20


def test_a_time_of_the_clock_in_seoul(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    plan = planned(chief, here, at=time(6, 30))
    make.signed_in(client, chief)
    at = timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), time(6, 30)))
    assert plan.airings.order_by("due_at")[0].due_at == at
    assert "06:30" in client.get(f"/broadcast/plans/{plan.pk}/").content.decode()
