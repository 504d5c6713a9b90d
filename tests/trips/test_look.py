"""Every open page, in each width and way of reading, is without a fault that a machine can find."""

import pytest

from .looks import axe, faults

pytestmark = [pytest.mark.trip, pytest.mark.urls("tests.trips.sample_urls")]
PAGES = ["/", "/help/", "/people/sign-in/", "/accounts/login/", "/no-such-page/", "/sample/"]
PAGES += [f"/error/{code}/" for code in ("400", "403", "403_csrf", "429", "500")]
WAYS = [
    (1280, "normal", "normal"),
    (1280, "larger", "high"),
    (390, "normal", "normal"),
    (390, "normal", "high"),
    (320, "larger", "normal"),
]


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS)
def test_no_fault(screen, width: int, text: str, contrast: str) -> None:
    page = screen(width, text, contrast)
    found: dict[str, list[str]] = {}
    for address in PAGES:
        page.goto(address)
        found[address] = faults(page)
    assert not {address: wrong for address, wrong in found.items() if wrong}


@pytest.mark.parametrize("contrast", ["normal", "high"])
def test_refused_form(screen, contrast: str) -> None:
    page = screen(390, contrast=contrast)
    page.goto("/sample/")
    with page.expect_navigation() as sent:
        page.get_by_role("button", name="보내기").click()
    assert sent.value.status == 422
    assert page.evaluate("document.activeElement.className") == "errors"
    assert faults(page) == []
    for link in page.locator(".errors a").all():
        target = page.locator(link.get_attribute("href"))
        assert target.count() == 1
    page.locator(".errors a", has_text="연락 방법").click()
    assert page.evaluate("document.activeElement.id") == "id_way"
    described = page.locator("#id_name").get_attribute("aria-describedby").split()
    assert [page.locator(f"#{one}").count() for one in described] == [1, 1]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_way_of_reading_stays(screen, script: bool) -> None:
    page = screen(390, java_script_enabled=script)
    page.goto("/help/")
    page.get_by_role("button", name="더 크게").click()
    page.locator("html[data-text=larger]").wait_for()
    assert page.get_by_role("button", name="더 크게").get_attribute("aria-pressed") == "true"
    with page.expect_response("**/reading/"):
        page.get_by_role("button", name="고대비").click()
    page.locator("html[data-contrast=high]").wait_for()
    page.goto("/")
    assert page.locator("html").get_attribute("data-text") == "larger"
    assert page.locator("html").get_attribute("data-contrast") == "high"


def test_typed_words_survive_larger_letters(screen) -> None:
    page = screen(390)
    page.goto("/people/sign-in/")
    page.locator("input[type=tel]").fill("010")
    with page.expect_response("**/reading/"):
        page.get_by_role("button", name="더 크게").click()
    assert page.locator("input[type=tel]").input_value() == "010"
    assert axe(page) == []


def test_keyboard_alone(screen) -> None:
    page = screen(1280)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    focused = page.locator("main a:focus")
    assert focused.inner_text() == "컴퓨터 고치기 신청"
    assert focused.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)") >= 2


def test_help_is_at_the_same_place(screen) -> None:
    page = screen(390)
    ends = []
    for address in PAGES:
        page.goto(address)
        from_end = "e => document.documentElement.scrollHeight - e.getBoundingClientRect().top - scrollY"
        ends.append(round(page.locator(".help-phone").evaluate(from_end)))
    assert max(ends) - min(ends) <= 1  # px, from rounding
