"""The visits that are free to take, as cards. Written here as the rows of a work list are, and for the same reason
(desk_rows.py)."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..models import Case, Device
from ..visit_lists import deadline_badge
from .addresses import of_each

CARD = """<li class="card visit-card">
<p class="visit-top"><span class="badge badge-{look}">{words}</span></p>
<h3>{place}</h3>
{devices}
<form method="post" action="{take}">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<button type="submit" class="krds-btn large primary">맡기<span class="sr-only">: {place}, {words}</span></button>
</form>
</li>"""


def free_cards(request: HttpRequest, cases: Iterable[Case], today: date) -> list[SafeString]:
    """No name and no street: of a case that nobody has taken nobody reads them."""
    take_of, token = of_each("repair:visit_take"), get_token(request)
    cards = []
    for case in cases:
        badge = deadline_badge(case, today)
        cards.append(
            format_html(
                CARD,
                look=badge.look,
                words=badge.words,
                place=case.district.name,
                devices=format_html_join("", "<p>{}</p>", ((words,) for words in devices(case))),
                take=take_of(case.pk),
                token=token,
            )
        )
    return cards


def devices(case: Case) -> list[str]:
    return [
        f"{Device.Kind(one.kind).label}: {Device.Trouble(one.trouble).label}" for one in case.devices.all()
    ]
