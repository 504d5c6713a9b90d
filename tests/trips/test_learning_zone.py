"""The experience zone and the city's figures: somebody looks whether it is open, its staff count and tell of a broken
device, the officer reads the year and prints it. Each page looked at wide and narrow, staff's also without a script."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from learning.models import Booking, VisitReport, Zone
from learning.open_data import SETTLES
from tests import make, make_learning

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]


def seen(page: Page, name: str) -> None:
    """Nothing is wrong with it; kept as a picture where SCREENSHOTS says."""
    assert faults(page) == []
    if folder := os.environ.get("SCREENSHOTS"):
        width = page.viewport_size["width"]  # type: ignore[index]
        page.screenshot(path=Path(folder) / f"learning-{name}-{width}.png", full_page=True)


@pytest.fixture
def zone() -> Zone:
    cache.clear()
    return make_learning.zone(
        name="상락원 체험존", centre=make_learning.centre(name="상락원"), address="진주시 (예시 주소)"
    )


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (390, False)])
def test_a_day_in_the_zone(screen, zone: Zone, width: int, javascript: bool) -> None:
    staff = make.signed_in(Client(), make_learning.centre_staff(zone.centre))
    page = screen(width, client=staff)
    page.goto("/learning/zone/work/")
    page.get_by_role("button", name="1명", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("1명을 더했습니다")
    page.get_by_role("button", name=re.compile("1명 더하기")).click()
    expect(page.locator("#devices-title ~ ul")).to_contain_text("오늘 1명")
    seen(page, "zone-desk")
    plain = screen(width, client=staff, java_script_enabled=javascript)
    plain.goto(f"/learning/zone/{zone.pk}/")
    plain.get_by_role("button", name=re.compile("지우기.*오신 분")).click()
    expect(plain.locator(".zone-count")).to_have_text("0명")
    plain.get_by_role("link", name="쉬는 날").click()
    plain.get_by_label("까닭").fill("전기 점검")
    plain.get_by_role("button", name="이 날 쉬기").click()
    expect(plain.locator(".errors")).to_contain_text("날짜를")
    plain.get_by_role("textbox", name="쉬는 날").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    plain.get_by_role("button", name="이 날 쉬기").click()
    expect(plain.locator(".messages")).to_contain_text("쉽니다")
    plain.get_by_role("link", name="기기", exact=True).click()
    plain.get_by_role("link", name=re.compile("고장·고치기")).click()
    plain.get_by_label("어떻게 고장 났나요").fill("화면이 켜지지 않음")
    plain.get_by_role("button", name="고장 났다고 알리기").click()
    expect(plain.locator(".messages")).to_contain_text("고장으로 알립니다")
    for name in ("days", "hours", "devices", f"devices/{zone.devices.get().pk}"):
        page.goto(f"/learning/zone/{zone.pk}/{name}/")
        seen(page, f"zone-{name.split('/')[0]}{'-one' if '/' in name else ''}")
    anybody = screen(width)
    anybody.goto("/learning/zone/")
    expect(anybody.locator("main")).to_contain_text("화면이 켜지지 않음")
    seen(anybody, "zone")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_year_is_read_printed_and_published(screen, zone: Zone, width: int) -> None:
    year = (timezone.localdate() - SETTLES).year - 1
    starts = timezone.make_aware(datetime(year, 5, 13, 10))
    session = make_learning.session(room=make_learning.room(zone.centre), starts_at=starts, capacity=8)
    for n in range(9):
        one = make_learning.booking(session, age_band="70s")
        if n < 7:
            Booking.objects.filter(pk=one.pk).update(attendance="came")
    visit = make_learning.visit_class(starts_at=starts, state="reported")
    VisitReport.objects.create(visit_class=visit, came=9, taught="사진", written_by=make.user())
    page = screen(width, client=make.signed_in(Client(), make_learning.officer()))
    page.goto(f"/learning/city/figures/?year={year}")
    expect(page.locator("h1")).to_contain_text(f"{year}년")
    seen(page, "figures")
    page.get_by_role("link", name="보고서 인쇄하기").click()
    expect(page.locator("h1")).to_contain_text("보고서")
    seen(page, "report")
    anybody = screen(width)
    anybody.goto("/learning/open-data/")
    seen(anybody, "open-data")
    with anybody.expect_download() as downloading:
        anybody.get_by_role("link", name=re.compile(rf"CSV.*{year}년")).click()
    text = Path(downloading.value.path()).read_text(encoding="utf-8-sig")
    assert f"{year},배움터 출석,모두,7" in text
