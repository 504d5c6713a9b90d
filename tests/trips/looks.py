"""What can be seen to be wrong on a page: axe's findings, and what axe does not look for (KWCAG 2.2)."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Error, Page

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
    try:
        found = _looked_at(page)
    except Error:  # a click led on while it looked: the page that it led to is the one that is meant
        found = _looked_at(page)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


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
