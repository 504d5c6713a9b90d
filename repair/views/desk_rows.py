"""Cases as rows of a table. Written here like the fields of forms (jinju_portal/form_drawing.py), and for the same
reason: through a template a page of twenty rows takes longer than all else on it."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from people.models import User
from privacy.masking import masked_name

from .. import work_list
from ..states import State
from . import times
from .addresses import of_each

TICK = (
    '<td class="desk-tick"><div class="krds-form-check large"><input type="checkbox" name="case" value="{0}"'
    ' id="take-{0}"><label for="take-{0}"><span class="sr-only">{1} </span>고르기</label></div></td>'
)
ROW = (
    '<tr>{}<th scope="row"><a href="{}">{}</a>{}</th>'
    '{}<td data-label="상태"><span class="badge badge-{}">{}</span></td>'
    '<td data-label="신청한 분">{}</td><td data-label="읍면동">{}</td><td data-label="접수한 날">{}</td>'
    '<td data-label="담당">{}</td></tr>'
)
NO_BADGE = format_html('<td data-label="방문 기한" class="nothing">{}</td>', "")
BADGE = '<td data-label="방문 기한"><span class="badge badge-{}">{}</span></td>'
EXAMPLE = format_html(' <span class="desk-example">{}</span>', "예시")
ME = format_html("<strong>{}</strong>", "나")


def rows(
    cases: Iterable[Any], days: work_list.Days, user: User, *, may_take: bool = False
) -> list[SafeString]:
    """Of cases with `paused` and all that is named in desk.OF_ROW. `may_take`: with a tick before each."""
    page_of = of_each("repair:desk_case")
    return [_row(case, days, user, page_of, may_take=may_take) for case in cases]


def _row(
    case: Any, days: work_list.Days, user: User, page_of: Callable[[uuid.UUID], str], *, may_take: bool
) -> SafeString:
    badge = work_list.badge(case, days, paused=case.paused)
    return format_html(
        ROW,
        format_html(TICK, case.pk, case.number) if may_take else "",
        page_of(case.pk),
        case.number,
        EXAMPLE if case.is_example else "",
        format_html(BADGE, badge.look, badge.words) if badge else NO_BADGE,
        work_list.look(case),
        State(case.state).label,
        case.organisation or masked_name(case.resident.name),
        case.district.name,
        times.dotted(case.filed_at),
        ME if case.officer_id == user.pk else case.officer.username if case.officer else "없음",
    )
