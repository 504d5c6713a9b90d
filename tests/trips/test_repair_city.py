"""The city's officer: opens a year, gives it money, settles a month and takes the file; anybody gets the open data.
Each page looked at wide and narrow, and without JavaScript."""

import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from people.models import User
from repair import waiting_line
from repair.models import Case, Programme, Settlement
from tests import make, make_repair

from . import looks
from .looks import follow

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
WIDTHS = [1280, 390]


def last_month() -> date:
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def done_last_month(case: Case) -> Case:
    month = last_month()
    Case.objects.filter(pk=case.pk).update(
        done_at=timezone.make_aware(datetime(month.year, month.month, 20, 11))
    )
    return case


@pytest.fixture
def officer() -> User:
    cache.clear()
    return make_repair.repair_officer(name="예시 무상수리 담당")


@pytest.fixture
def programme() -> Programme:
    made = make_repair.programme()
    for _ in range(3):
        done_last_month(make_repair.done())
    make_repair.selected()
    make_repair.refused()
    make_repair.technician(made.contractor, name="예시 기사")
    make_repair.rule(
        made, valid_from=timezone.localdate() + timedelta(days=20), groups=["disabled", "veteran"]
    )
    return made


def seen(page: Page, name: str) -> None:
    looks.seen(page, f"city-{name}")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_year_is_looked_after(screen, programme: Programme, officer: User, width: int) -> None:
    page = screen(width, client=make.signed_in(Client(), officer))
    page.goto("/repair/city/")
    expect(page.locator("h1")).to_contain_text("무상수리 사업")
    seen(page, "year")
    page.get_by_role("link", name="예산 고치기").click()
    page.get_by_label("금액").fill("많이")
    page.get_by_role("button", name="예산 고치기").click()
    page.locator(".errors").wait_for()
    seen(page, "budget-refused")
    page.get_by_label("예산을 더합니다").check()
    page.get_by_label("금액").fill("2,000,000")
    page.get_by_label("까닭").fill("제1회 추경")
    page.get_by_role("button", name="예산 고치기").click()
    expect(page.locator(".messages")).to_contain_text("12,000,000원")
    follow(page.get_by_role("link", name="기준 보기와 더하기"))
    seen(page, "rules")
    page.get_by_role("button", name="기준 더하기").click()
    page.locator(".errors").wait_for()
    page.get_by_label("근거").fill("진주시 예시 공고 제1호")
    page.get_by_role("button", name="기준 더하기").click()
    expect(page.locator(".messages")).to_contain_text("새 기준을 적용합니다")
    page.goto(f"/repair/city/{programme.year}/prices/")
    seen(page, "prices")
    follow(page.get_by_role("link", name=re.compile("값 바꾸기나 빼기.*점검")))
    seen(page, "price")
    page.get_by_label("새 값").fill("32,000")
    page.get_by_role("button", name="값 바꾸기").click()
    expect(page.locator(".messages")).to_contain_text("32,000원")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_new_year_and_who_repairs(screen, programme: Programme, officer: User, width: int) -> None:
    page = screen(width, client=make.signed_in(Client(), officer))
    new = make.user(username=f"tech-new-{width}")
    page.goto("/repair/city/contractors/")
    seen(page, "contractors")
    page.get_by_label("기사의 아이디").fill("nobody")
    page.get_by_role("button", name="기사로 정하기").click()
    page.locator(".errors").wait_for()
    seen(page, "contractors-refused")
    page.get_by_label("기사의 아이디").fill(new.username)
    page.get_by_label("업체", exact=True).select_option(label=str(programme.contractor))
    page.get_by_label("까닭").fill("올해 계약")
    page.get_by_role("button", name="기사로 정하기").click()
    expect(page.locator(".messages")).to_contain_text(new.username)
    follow(page.get_by_role("link", name=re.compile(f"그만두게 하기.*{new.username}")))
    seen(page, "dismiss")
    page.get_by_label("까닭").fill("퇴사")
    page.get_by_role("button", name="그만두게 하기").click()
    expect(page.locator(".messages")).to_contain_text("그만두게 했습니다")
    page.goto("/repair/city/years/new/")
    seen(page, "year-new")
    waits = make_repair.confirmed(officer)
    waiting_line.put_in_order(waits.pk, make_repair.staff(officer))
    page.get_by_role("button", name="사업연도 열기").click()
    expect(page.locator(".messages")).to_contain_text("사업을 열었습니다")
    expect(page.locator("h1")).to_contain_text("예산을 기다리는 신청")
    seen(page, "waiting")
    page.get_by_label(f"{programme.year + 1}년 사업으로 넘기기").check()
    page.get_by_role("button", name="저장").click()
    expect(page.locator(".messages")).to_contain_text("1건을 접수한 순서 그대로")
    page.goto(f"/repair/city/?year={programme.year + 1}")
    assert Programme.objects.get(year=programme.year + 1).rules.count() == 1
    seen(page, "year-empty")
    for name in ("dates", "contractor"):
        page.goto(f"/repair/city/{programme.year}/{name}/")
        seen(page, name)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_month_is_settled_and_its_file_taken_without_javascript(
    screen, programme: Programme, officer: User, width: int
) -> None:
    page = screen(width, client=make.signed_in(Client(), officer))
    page.goto("/repair/city/settlements/")
    seen(page, "settlements")
    plain = screen(width, client=make.signed_in(Client(), officer), java_script_enabled=False)
    plain.goto("/repair/city/settlements/")
    plain.get_by_role("button", name="정산하기").click()
    expect(plain.locator(".messages")).to_contain_text("270,000원을 정산했습니다")
    made = Settlement.objects.get()
    plain.get_by_role("button", name="엑셀 파일 받기").click()
    expect(plain.locator(".errors")).to_contain_text("왜 받으시는지")
    page.goto(f"/repair/city/settlements/{made.pk}/")
    seen(page, "settlement")
    plain.get_by_label("받는 까닭").fill("지출 결의")
    with plain.expect_download() as downloading:
        plain.get_by_role("button", name="엑셀 파일 받기").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(downloading.value.path()).read_bytes()))
    last = list(book.active.iter_rows(values_only=True))[-1]
    assert (last[0], last[7]) == ("합계 3건", made.total_won)


def test_every_page_in_large_letters_and_high_contrast(screen, programme: Programme, officer: User) -> None:
    page = screen(320, text="larger", contrast="high", client=make.signed_in(Client(), officer))
    year = programme.year
    price = programme.prices.first()
    assert price
    addresses = ["", "contractors/", "figures/", "settlements/", "years/new/", f"prices/{price.pk}/"]
    of_a_year = ("budget", "dates", "rules", "prices", "contractor", "waiting")
    for address in [*addresses, *(f"{year}/{name}/" for name in of_a_year)]:
        page.goto(f"/repair/city/{address}")
        seen(page, f"large-{address.strip('/').replace('/', '-')}")
    page.goto("/repair/open-data/")
    seen(page, "large-open-data")


@pytest.mark.parametrize("width", WIDTHS)
def test_figures_and_open_data(screen, programme: Programme, officer: User, width: int) -> None:
    cache.clear()
    page = screen(width, client=make.signed_in(Client(), officer))
    page.goto("/repair/city/figures/")
    expect(page.locator("h1")).to_contain_text("무상수리 통계")
    seen(page, "figures")
    for _ in range(3):
        make_repair.done()
    year = programme.year - 1
    Case.objects.filter(state="done").update(done_at=timezone.make_aware(datetime(year, 5, 20, 11)))
    anybody = screen(width)
    anybody.goto("/repair/open-data/")
    seen(anybody, "open-data")
    with anybody.expect_download() as downloading:
        anybody.get_by_role("link", name=re.compile(rf"수리 건수 표 \(CSV\).*{year}년")).click()
    assert "합계,모두,6" in Path(downloading.value.path()).read_text(encoding="utf-8-sig")
