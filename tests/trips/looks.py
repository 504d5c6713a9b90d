"""What can be seen to be wrong on a page: axe's findings, and what axe does not look for (KWCAG 2.2)."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Error, Locator, Page, Route

AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
#: Sides of what is pressed, in px. Links within a sentence are as high as the sentence.
TARGET = 44

PRESSED = (
    "button, select, textarea, summary, nav a, .krds-btn, input[type=checkbox] ~ label, input[type=radio] ~ label,"
    "input:not([type=hidden], [type=checkbox], [type=radio])"
)
ASKED = "main :is(legend, caption):not(.sr-only), main input[type=checkbox], main input[type=radio]"
SIZES = """pressed => [...document.querySelectorAll(pressed)]
  .filter(one => one.checkVisibility({visibilityProperty: true}))
  .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .map(([what, box]) => [what, Math.round(box.width), Math.round(box.height)])"""


@cache
def axe_source() -> str:
    return AXE.read_text(encoding="utf-8")


def axe(page: Page) -> list[str]:
    """ "rule: what is wrong, where" for each finding. Runs beside the page, so the content policy stays on."""
    if runs_no_script(page):
        return _axe_on_a_copy(page)
    try:
        found = _looked_at(page)
    except Error:  # a click led on while it looked: the page that it led to is the one that is meant
        found = _looked_at(page)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def runs_no_script(page: Page) -> bool:
    page.wait_for_load_state()
    return bool(page.evaluate("matchMedia('(scripting: none)').matches"))


def _axe_on_a_copy(page: Page) -> list[str]:
    """Axe is a script itself: it looks at what such a page shows, in a page beside it that runs none but axe."""
    shown = re.sub(r"<script\b.*?</script>|</?noscript>", "", page.content(), flags=re.DOTALL)

    def answer(route: Route) -> None:
        if route.request.resource_type == "document":
            route.fulfill(body=shown, content_type="text/html; charset=utf-8")
        else:
            route.continue_()

    browser = page.context.browser
    assert browser
    with browser.new_context(viewport=page.viewport_size) as beside:
        copy = beside.new_page()
        copy.route("**/*", answer)
        copy.goto(page.url)
        return axe(copy)


def _looked_at(page: Page) -> dict[str, Any]:
    page.wait_for_load_state()
    page.evaluate(axe_source())
    return page.evaluate("axe.run(document, {resultTypes: ['violations']})")


def small_targets(page: Page) -> list[str]:
    sizes = page.evaluate(SIZES, PRESSED)
    # What is 1 px wide is hidden on purpose.
    return [f"{what} is {height} px high" for what, width, height in sizes if width > 1 and height < TARGET]


def hidden_questions(page: Page) -> list[str]:
    """Legends, captions and ticks that nobody can see."""
    return [f"{what} is hidden" for what, width, _ in page.evaluate(SIZES, ASKED) if width < 10]


def too_wide(page: Page) -> list[str]:
    """A page, or a table made of cards, that must be pushed sideways to be read."""
    cards = ":root" if page.viewport_size["width"] >= 768 else ":root, .krds-table-wrap:has(.cards)"
    wide = page.locator(cards).evaluate_all(
        "all => all.map(one => [one.tagName, one.scrollWidth, one.clientWidth])"
    )
    return [f"{what}: {content} px on {room}" for what, content, room in wide if content > room]


def left_over(page: Page) -> list[str]:
    """Signs of a template that nobody is meant to see, such as a remark over two lines."""
    said = page.locator("body").inner_text()
    return [f"{sign} is shown" for sign in ("{#", "#}", "{%", "{{") if sign in said]


def faults(page: Page) -> list[str]:
    """All of the above."""
    return axe(page) + small_targets(page) + hidden_questions(page) + too_wide(page) + left_over(page)


def follow(what: Locator) -> None:
    """Clicks, and is back when the page that it leads to is there: before that one would look at the old one."""
    with what.page.expect_navigation():
        what.click()


def seen(page: Page, name: str) -> None:
    """Nothing is wrong with it; kept as a picture where SCREENSHOTS says."""
    assert faults(page) == []
    if folder := os.environ.get("SCREENSHOTS"):
        width = page.viewport_size["width"]  # type: ignore[index]
        plain = "-plain" if runs_no_script(page) else ""
        page.screenshot(path=Path(folder) / f"{name}-{width}{plain}.png", full_page=True)
