"""The work list of an office: what is late, what is whose, and finding a case."""

import uuid
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.models import District
from people.phones import phone_index
from people.residents import name_birth_index
from privacy.access import reveal
from privacy.masking import masked_name

from .. import actors, taking, work_list
from ..list_forms import FilterForm, FindForm
from ..models import Case, CaseQuerySet
from .addresses import of_each

if TYPE_CHECKING:
    from people.models import User

    from ..actors import SignedIn

A_PAGE = 20
#: Most that one press takes: what a page shows.
MOST_AT_ONCE = A_PAGE


def office_only(view: Any) -> Any:
    """For those who decide on cases; fresh on every look, and kept by no browser."""

    @never_cache
    @wraps(view)
    def guarded(request: "SignedIn", *args: Any, **kwargs: Any) -> HttpResponse:
        if not actors.works_on_cases(request.user):
            raise PermissionDenied("이 화면은 읍면동 직원과 시청 무상수리 담당만 봅니다.")
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return guarded


def around(request: HttpRequest, here: str, **context: Any) -> dict[str, Any]:
    """What every page of an office shows besides its own."""
    return {"here": here, "officer": actors.is_officer(request.user), **context}


def _lines(cases: list[Any], days: work_list.Days, user: "User") -> list[dict[str, Any]]:
    page_of = of_each("repair:desk_case")
    lines = []
    for case in cases:
        filed = timezone.localdate(case.filed_at)
        lines.append(
            {
                "key": case.pk,
                "page": page_of(case.pk),
                "number": case.number,
                "is_example": case.is_example,
                "name": case.organisation or masked_name(case.resident.name),
                "state": case.get_state_display(),
                "look": work_list.look(case),
                "badge": work_list.badge(case, days, paused=case.paused),
                "district": case.district.name,
                "filed": f"{filed.year}. {filed.month}. {filed.day}.",
                "is_mine": case.officer_id == user.pk,
                "officer": case.officer.username if case.officer else "없음",
            }
        )
    return lines


def _shown(cases: CaseQuerySet) -> Any:
    """Each with its pause, and `_with_names`."""
    return work_list.with_pauses(_with_names(cases))


def _with_names(cases: Any) -> Any:
    """With what a row of the list shows, and nothing more."""
    return cases.select_related("resident", "district", "officer").only(
        *("number", "is_example", "organisation", "state", "filed_at", "deadline_on", "due_on", "arrived_at"),
        *("resident__name", "district__name", "officer__username"),
    )


def _in_that_order(rows: Any) -> list[Any]:
    """The rows of a page with what is shown of them: sorting thousands that are carried along whole is slow."""
    keys = list(rows.values_list("pk", flat=True))
    found = {case.pk: case for case in _shown(Case.objects.filter(pk__in=keys))}
    return [found[key] for key in keys]


def _number(typed: str) -> str:
    """202612345678 → 2026-1234-5678; part of a number stays as it is."""
    digits = "".join(letter for letter in typed if letter.isdecimal())
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}" if len(digits) == 12 else typed.strip()


@office_only
@require_GET
def work(request: "SignedIn") -> HttpResponse:
    """?tab= one of work_list.tabs; ?state=, ?district=, ?number= as in FilterForm; ?page=."""
    user, days = request.user, work_list.Days.now()
    mine = Case.objects.for_office(user)
    tabs = work_list.tabs(user, days)
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else ""
    districts = District.objects.only("name") if actors.is_officer(user) else None
    form = FilterForm(request.GET, districts=districts)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    rows = work_list.with_pauses(mine)
    number = _number(wanted.get("number") or "")
    # A number is looked for everywhere: whoever asks for one does not know in which list it is.
    rows = rows.filter(number__contains=number) if number else rows.filter(tabs[tab][1])
    if wanted.get("state"):
        rows = rows.filter(state=wanted["state"])
    if wanted.get("district"):
        rows = rows.filter(district=wanted["district"])
    rows = rows.order_by("-filed_at") if tab == "all" else work_list.in_order(rows, days)
    counts = work_list.counts(mine, user, days)
    pages = Paginator(rows, A_PAGE)
    if not any(wanted.values()):
        pages.count = counts[tab]  # else it would be counted again
    page = pages.get_page(request.GET.get("page"))
    # An office has few enough to carry their names along; of the whole city only a page's are fetched.
    shown = _in_that_order(page.object_list) if districts is not None else _with_names(page.object_list)
    asked = request.GET.copy()
    asked.pop("page", None)
    narrowed = asked.copy()
    narrowed.pop("tab", None)
    context = around(
        request,
        "desk",
        lines=_lines(reveal(request, shown, "무상수리 접수 목록"), days, user),
        page=page,
        asked=asked.urlencode(),
        form=form,
        narrowed=any(narrowed.values()),
        tab=tab,
        title=f"접수번호 {number}" if number else tabs[tab][0],
        tabs=[(key, words, counts[key], key == tab and not number) for key, (words, _) in tabs.items()],
        counts=counts,
        days=days,
        may_take=tab == "free" and not number,
    )
    status = 200 if form.is_valid() else 422
    return render(request, "repair/desk_list.html", context, status=status)


@office_only
@require_http_methods(["GET", "POST"])
def find(request: "SignedIn") -> HttpResponse:
    """A person's cases. Asked by POST, so that no name and no number stays in an address."""
    form = FindForm(request.POST if request.method == "POST" else None)
    lines, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status, given = 200, form.cleaned_data
            rows = Case.objects.for_office(request.user)
            if given["phone"]:
                rows = rows.for_phone(phone_index(given["phone"]))
            else:
                index = name_birth_index(given["name"], given["birth_date"].isoformat())
                rows = rows.filter(resident__name_birth_index=index)
            days = work_list.Days.now()
            found = reveal(request, _shown(rows).order_by("-filed_at")[:A_PAGE], "무상수리 사람 찾기")
            lines = _lines(found, days, request.user)
    return render(
        request, "repair/desk_find.html", around(request, "desk", form=form, lines=lines), status=status
    )


@office_only
@require_POST
def take(request: "SignedIn") -> HttpResponse:
    """Several that nobody has become one's own."""
    wanted = []
    for typed in request.POST.getlist("case")[:MOST_AT_ONCE]:
        try:
            wanted.append(uuid.UUID(typed))
        except ValueError:
            continue
    pks = list(Case.objects.for_office(request.user).filter(pk__in=wanted).values_list("pk", flat=True))
    if not pks:
        messages.warning(request, "맡으실 신청을 먼저 골라 주세요.")
        return redirect(f"{request.path.removesuffix('take/')}?tab=free")
    taken = taking.take_free(pks, actors.staff(request))
    if taken:
        messages.success(request, f"{taken}건을 맡으셨습니다.")
    if taken < len(pks):
        messages.warning(request, f"{len(pks) - taken}건은 그 사이에 다른 분이 맡았습니다.")
    return redirect(f"{request.path.removesuffix('take/')}?tab=mine")
