"""The pages of the city's officer: who may open them, what they say, and that 30 rows ask no more than one."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import User
from privacy.models import AccessRecord
from repair import budget
from repair.groups import Group
from repair.models import Programme, Rule, TechnicianPost
from tests import make, make_repair

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make_repair.programme(5_000_000)


@pytest.fixture
def officer(client: Client) -> User:
    user = make_repair.repair_officer()
    make.signed_in(client, user)
    return user


def pages(programme: Programme) -> list[str]:
    year, price = programme.year, programme.prices.first()
    post = TechnicianPost.objects.first()
    assert price and post
    return [
        "/repair/city/",
        "/repair/city/years/new/",
        f"/repair/city/{year}/dates/",
        f"/repair/city/{year}/budget/",
        f"/repair/city/{year}/rules/",
        f"/repair/city/{year}/prices/",
        f"/repair/city/prices/{price.pk}/",
        f"/repair/city/{year}/contractor/",
        "/repair/city/contractors/",
        f"/repair/city/technicians/{post.pk}/dismiss/",
        "/repair/city/settlements/",
        "/repair/city/figures/",
    ]


def test_for_the_citys_officer_only(client: Client, programme: Programme) -> None:
    tech = make_repair.technician(programme.contractor)
    for page in pages(programme):
        assert client.get(page).status_code == 302
    for other in (make.clerk(), make.city_operator(), make.police(), make.chief(), tech):
        make.signed_in(client, other)
        for page in [*pages(programme), "/repair/city/settlements/1/"]:
            assert client.get(page).status_code == 403, page
        for page in (
            "/repair/city/technicians/",
            "/repair/city/settlements/1/file.xlsx",
            "/repair/city/settlements/",
        ):
            assert client.post(page).status_code == 403, page
    make.signed_in(client, make_repair.repair_officer())
    for page in pages(programme):
        assert client.get(page).status_code == 200, page
    for page in ("/repair/city/1999/budget/", "/repair/city/settlements/999/", "/repair/city/prices/999999/"):
        assert client.get(page).status_code == 404, page


def test_the_year_says_its_money_and_names_nobody(
    client: Client, programme: Programme, officer: User
) -> None:
    make_repair.done()
    case = make_repair.selected()
    page = client.get("/repair/city/").content.decode()
    for words in ("5,000,000원", "200,000원", "90,000원", "4,710,000원", case.number, "선정해 묶음"):
        assert words in page
    assert case.resident.name not in page
    assert case.resident.address not in page


def test_before_the_first_year_the_page_says_what_to_do(client: Client, officer: User) -> None:
    assert "사업연도 열기" in client.get("/repair/city/").content.decode()
    assert client.get("/repair/city/figures/").status_code == 200
    assert client.get("/repair/city/settlements/").status_code == 200
    given = {"year": "2031", "opens_on": "2031-01-02", "closes_on": "2031-12-31", "when_spent": "close"}
    assert client.post("/repair/city/years/new/", given).status_code == 302
    made = Programme.objects.get()
    assert (made.year, made.when_spent) == (2031, "close")
    page = client.get("/repair/city/").content.decode()
    assert "기준 없음" in page


def test_the_budget_grows_and_shrinks_but_not_below_what_is_bound(
    client: Client, programme: Programme, officer: User
) -> None:
    make_repair.selected()
    page = f"/repair/city/{programme.year}/budget/"
    given = {"way": "more", "amount": "1,500,000원", "why": "추경"}
    assert client.post(page, given).status_code == 302
    assert client.post(page, {"way": "less", "amount": "500000", "why": "감액"}).status_code == 302
    programme.refresh_from_db()
    assert programme.budget_won == 6_000_000
    refused = client.post(page, {"way": "less", "amount": "5,800,001", "why": "감액"})
    assert refused.status_code == 422
    assert "남은 돈은 5,800,000원입니다" in refused.content.decode()
    assert "5,800,001" in refused.content.decode()
    assert client.post(page, {"way": "less", "amount": "5,800,000", "why": "감액"}).status_code == 302
    last = AccessRecord.objects.filter(detail__contains="-5,800,000원").get()
    assert last.identifier == officer.username


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"amount": "많이"}, "숫자를 적어 주세요."),
        ({"amount": "-5"}, "숫자를 적어 주세요."),
        ({"amount": "9" * 15}, "숫자를 적어 주세요."),
        ({"why": " "}, "까닭을 적어 주세요."),
        ({"way": "x"}, "목록에서 골라 주세요."),
    ],
)
def test_what_makes_no_sense_of_money_is_said(
    client: Client, programme: Programme, officer: User, given: dict, words: str
) -> None:
    answer = client.post(
        f"/repair/city/{programme.year}/budget/", {"way": "more", "amount": "100", "why": "배정", **given}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()


def rule_given(**fields) -> dict:
    return {
        "valid_from": (timezone.localdate()).isoformat(),
        "groups": [Group.DISABLED.value, Group.VETERAN.value],
        "cap_won": "180,000",
        "organisation_devices": "2",
        "once_a_year": "on",
        "working_days": "4",
        "source": "시험 공고 제1호",
        **fields,
    }


def test_a_rule_is_added_with_its_day(client: Client, programme: Programme, officer: User) -> None:
    page = f"/repair/city/{programme.year}/rules/"
    shown = client.get(page).content.decode()
    assert "지금 적용" in shown
    assert shown.count("checked") >= len(Group)  # the last rule is what the form begins with
    assert client.post(page, rule_given()).status_code == 302
    rule = Rule.objects.in_force(programme, timezone.localdate()).first()
    assert rule is not None
    assert (rule.groups, rule.cap_won, rule.working_days) == (["disabled", "veteran"], 180_000, 4)
    assert (rule.once_a_year, rule.counts_first_day, rule.made_by) == (True, False, officer)
    shown = client.get(page).content.decode()
    assert "지난 기준" in shown
    assert "장애인, 국가보훈대상자" in shown


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"valid_from": "2020-01-01"}, "이미 결정한 건은 바뀌지 않습니다."),
        ({"valid_from": "언젠가"}, "날짜를 2026-01-31처럼 적어 주세요."),
        ({"groups": []}, "하나라도 골라 주세요."),
        ({"groups": ["friends"]}, "목록에서 골라 주세요."),
        ({"cap_won": "0"}, "숫자를 적어 주세요."),
        ({"working_days": "61"}, "1에서 60 사이의 숫자"),
        ({"source": ""}, "근거를 적어 주세요."),
    ],
)
def test_what_makes_no_sense_of_a_rule_is_said(
    client: Client, programme: Programme, officer: User, given: dict, words: str
) -> None:
    answer = client.post(f"/repair/city/{programme.year}/rules/", rule_given(**given))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Rule.objects.count() == 1


def test_prices_contractor_and_dates_on_the_pages(
    client: Client, programme: Programme, officer: User
) -> None:
    prices = f"/repair/city/{programme.year}/prices/"
    given = {"kind": "part", "name": "메모리 8GB", "price_won": "35,000"}
    assert client.post(prices, given).status_code == 302
    assert client.post(prices, given).status_code == 422
    item = programme.prices.get(name="메모리 8GB")
    assert client.post(f"/repair/city/prices/{item.pk}/", {"price_won": "x"}).status_code == 422
    assert client.post(f"/repair/city/prices/{item.pk}/", {"price_won": "38000"}).status_code == 302
    new = programme.prices.get(name="메모리 8GB", is_active=True)
    assert new.price_won == 38_000
    assert client.post(f"/repair/city/prices/{new.pk}/", {"end": "1"}).status_code == 302
    assert client.get(f"/repair/city/prices/{new.pk}/").status_code == 404
    assert client.post("/repair/city/contractors/", {"name": "시험 새 업체", "phone": ""}).status_code == 302
    other = make_repair.contractor()
    page = f"/repair/city/{programme.year}/contractor/"
    assert client.post(page, {"contractor": "999"}).status_code == 422
    assert client.post(page, {"contractor": other.pk}).status_code == 302
    programme.refresh_from_db()
    assert programme.contractor == other
    page = f"/repair/city/{programme.year}/dates/"
    dates = {
        "opens_on": f"{programme.year}-12-31",
        "closes_on": f"{programme.year}-01-01",
        "when_spent": "wait",
    }
    assert client.post(page, dates).status_code == 422
    dates["opens_on"], dates["closes_on"] = dates["closes_on"], dates["opens_on"]
    assert client.post(page, dates).status_code == 302


def test_technicians_on_the_pages_are_shown_on_record(
    client: Client, programme: Programme, officer: User
) -> None:
    user = make.user(name="예시 기사")
    given = {"username": user.username, "contractor": programme.contractor_id, "reason": "계약"}
    assert client.post("/repair/city/technicians/", {**given, "username": "nobody"}).status_code == 422
    assert client.post("/repair/city/technicians/", given).status_code == 302
    assert "예시 기사" in client.get("/repair/city/contractors/").content.decode()
    seen = AccessRecord.objects.filter(action="view").first()
    assert seen is not None
    assert seen.subjects == [f"people.user:{user.pk}"]
    post = TechnicianPost.objects.get(user=user)
    page = f"/repair/city/technicians/{post.pk}/dismiss/"
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "퇴사"}).status_code == 302
    post.refresh_from_db()
    assert (post.revoked_by, post.revoked_reason) == (officer, "퇴사")
    assert client.get(page).status_code == 404


def test_the_commands(programme: Programme, capsys) -> None:
    officer, user = make_repair.repair_officer(), make.user()
    name = str(programme.contractor)
    call_command("appoint_technician", user.username, name, by=officer.username, reason="계약")
    assert TechnicianPost.objects.in_force().get(user=user).granted_by == officer
    with pytest.raises(CommandError, match="그런 업체가 없습니다"):
        call_command("appoint_technician", user.username, "없는 곳", by=officer.username, reason="계약")
    with pytest.raises(CommandError, match="그런 직원 아이디"):
        call_command("appoint_technician", "nobody", name, by=officer.username, reason="계약")
    call_command("dismiss_technician", user.username, by=officer.username, reason="퇴사")
    assert not TechnicianPost.objects.in_force().filter(user=user).exists()
    with pytest.raises(CommandError, match="지금 수리 기사인 사람이 아닙니다"):
        call_command("dismiss_technician", user.username, by=officer.username, reason="퇴사")


def test_as_many_questions_for_one_row_as_for_thirty(
    client: Client, programme: Programme, officer: User
) -> None:
    make_repair.technician(programme.contractor)
    counts: dict[str, set[int]] = {}
    made = 0
    for rows in (1, 3, 30):
        while made < rows:
            if made < 5:
                make_repair.selected()
            budget.change_budget(programme.year, 1, "시험", officer)
            make_repair.technician(make_repair.contractor())
            if made:
                make_repair.rule(
                    programme, valid_from=timezone.localdate() + timedelta(days=made), source="시험"
                )
            made += 1
        for page in pages(programme):
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(page)
            counts.setdefault(page, set()).add(len(asked))
    assert {page: many for page, many in counts.items() if len(many) > 1} == {}
