"""The work list of an office: what is late, what is whose, and finding a case."""

import uuid
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.models import District
from people.phones import phone_index
from people.residents import name_birth_index
from privacy.access import reveal
from privacy.one_query import Rows, of_keys, of_targets, point, read

from .. import actors, taking, work_list
from ..list_forms import FilterForm, FindForm
from ..models import Case, Pause
from . import desk_rows
from .addresses import menu

if TYPE_CHECKING:
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
    return {"here": here, "officer": actors.is_officer(request.user), "menu": menu(), **context}


#: Of a case: what a row of a list says, and by what it is judged.
OF_ROW = (
    *("number", "is_example", "organisation", "state", "filed_at", "deadline_on", "due_on", "arrived_at"),
    *("resident", "district", "officer"),
)


def _rows(keys: list[uuid.UUID]) -> list[Any]:
    """Cases as a list shows them, with `paused`, in this order. One query."""
    cases, residents, districts, officers, pauses = read(
        of_keys(Case, keys, *OF_ROW),
        of_targets(Case, "resident", keys, "name"),
        of_targets(Case, "district", keys, "name"),
        of_targets(Case, "officer", keys, "username"),
        Rows(Pause, "until_on IS NULL AND case_id = ANY(%s)", [keys], ("case", "from_on")),
    )
    for name, rows in (("resident", residents), ("district", districts), ("officer", officers)):
        point(cases, name, rows)
    since = {pause.case_id: pause.from_on for pause in pauses}
    for case in cases:
        start = since.get(case.pk)
        case.paused = bool(start and case.due_on and start <= case.due_on)
    by_key = {case.pk: case for case in cases}
    return [by_key[key] for key in keys]


def _number(typed: str) -> str:
    """202612345678 → 2026-1234-5678; part of a number stays as it is."""
    digits = "".join(letter for letter in typed if letter.isdecimal())
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}" if len(digits) == 12 else typed.strip()


@office_only
@require_GET
def work(request: "SignedIn") -> HttpResponse:
    """?tab= one of work_list.TABS; ?state=, ?district=, ?number= as in FilterForm; ?page=."""
    user, days = request.user, work_list.Days.now()
    tab = request.GET.get("tab", "")
    tab = tab if tab in work_list.TABS else ""
    districts = None
    if actors.is_officer(user):
        districts = [(one.code, one.name) for one in read(Rows(District, "TRUE", [], ("name",)))[0]]
    form = FilterForm(request.GET, districts=districts)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    # A number is looked for everywhere: whoever asks for one does not know in which list it is.
    number = _number(wanted.get("number") or "")
    narrowing = {name: wanted.get(name) or "" for name in ("state", "district")}
    rows: Any = work_list.Listed(user, tab, days, number=number, **narrowing)
    counts = work_list.counts(user, days)
    pages: Any = Paginator(rows, A_PAGE)
    if tab in counts and not any(wanted.values()):
        pages.count = counts[tab]  # else it would be counted again
    page = pages.get_page(request.GET.get("page"))
    may_take = tab == "free" and not number
    asked = request.GET.copy()
    asked.pop("page", None)
    narrowed = asked.copy()
    narrowed.pop("tab", None)
    context = around(
        request,
        "desk",
        lines=desk_rows.rows(
            reveal(request, _rows(page.object_list), "무상수리 접수 목록"), days, user, may_take=may_take
        ),
        page=page,
        asked=asked.urlencode(),
        form=form,
        narrowed=any(narrowed.values()),
        tab=tab,
        title=f"접수번호 {number}" if number else work_list.TABS[tab],
        tabs=[
            (key, words, f"{counts[key]:,}" if key in counts else "", key == tab and not number)
            for key, words in work_list.TABS.items()
        ],
        counts=counts,
        days=days,
        may_take=may_take,
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
            keys = list(rows.order_by("-filed_at").values_list("pk", flat=True)[:A_PAGE])
            found = reveal(request, _rows(keys), "무상수리 사람 찾기")
            lines = desk_rows.rows(found, days, request.user)
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
