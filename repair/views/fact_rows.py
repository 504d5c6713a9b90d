"""What is known of a case, as lines of a <dl class="facts">. Written here as the rows of a list are, and for the same
reason (desk_rows.py). What is empty is left out."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ROW = '<div><dt>{}</dt><dd class="said">{}</dd></div>'
PHONE = '{}, <a href="tel:{}">{}</a>'
LINK = '<li><a href="{}">{}</a> ({})</li>'
HAPPENED = '<li><span class="timeline-at">{}</span> {}{}</li>'
WHY = '<span class="said timeline-why">{}</span>'


def fact_rows(facts: Iterable[tuple[str, Any]]) -> SafeString:
    """Of (what, words or safe HTML)."""
    return format_html_join("\n", ROW, ((what, words) for what, words in facts if words not in ("", None)))


def with_phone(words: str, phone: str) -> SafeString | str:
    """`words`, and a number that a tap calls."""
    return format_html(PHONE, words, phone, phone) if phone else words


def links(found: Iterable[tuple[str, str, str]]) -> SafeString | str:
    """Of (address, name, what it is); "" if there are none."""
    told = format_html_join("", LINK, found)
    return format_html("<ul>{}</ul>", told) if told else ""


def happened(rows: Iterable[tuple[str, str, str]]) -> SafeString:
    """Of (when, what, why or "")."""
    return format_html_join(
        "\n", HAPPENED, ((at, words, format_html(WHY, why) if why else "") for at, words, why in rows)
    )
