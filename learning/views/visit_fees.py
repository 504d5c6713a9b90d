"""강사료: what is to be paid, month by month, the file for the accounts, and the rates."""

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.sheets import xlsx
from privacy.access import Action, reveal

from .. import fees as deeds
from ..actors import staff
from ..booking_states import NotPossible
from ..instructors_forms import FileForm, RateForm
from ..models import Fee, FeeRate
from ..roles import is_officer
from .visit_pages import for_coordinator, for_officer, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

#: Months that are listed.
MONTHS = 36
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _month(typed: str) -> date:
    """ "2026-09" → its first day. Http404."""
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        raise Http404("없는 달입니다.") from None


@for_coordinator
@require_http_methods(["GET", "POST"])
def fees(request: "SignedIn") -> HttpResponse:
    """What is due and what is settled. POST settles `month`; a second press shows what the first one made."""
    trouble = ""
    if request.method == "POST":
        try:
            month = _month(request.POST.get("month", ""))
            made = deeds.settle(month, staff(request))
        except NotPossible as error:
            trouble = str(error)
        else:
            won = sum(fee.won for fee in made)
            messages.success(
                request, f"{month:%Y년} {month.month}월 강사료 {len(made)}건, {won:,}원을 정산했습니다."
            )
            return redirect("learning:fees_month", f"{month:%Y-%m}")
    settled = Fee.objects.values("month").order_by("-month")
    context = {
        "due": deeds.due(),
        "settled": settled.annotate(
            count=Count("pk"), people=Count("assignment__instructor", distinct=True), sum=Sum("won")
        )[:MONTHS],
        "trouble": trouble,
        "officer": is_officer(request.user),
    }
    return shown(request, "fees", "fees", context, 409 if trouble else 200)


@for_coordinator
@require_GET
def month(request: "SignedIn", month: str) -> HttpResponse:
    return _page(request, _month(month), FileForm())


def _page(request: "SignedIn", month: date, form: FileForm) -> HttpResponse:
    lines = deeds.settled(month)
    if not lines:
        raise Http404("아직 정산하지 않은 달입니다.")
    instructors = {line.instructor.pk: line.instructor for line in lines}
    reveal(request, instructors.values(), f"강사료 {month:%Y-%m}")
    sums: dict[int, list[int]] = {pk: [0, 0, 0] for pk in instructors}
    for line in lines:
        for n, more in enumerate((1, line.minutes, line.won)):
            sums[line.instructor.pk][n] += more
    context = {
        "month": month,
        "lines": lines,
        "people": [(instructors[pk].user.get_full_name(), *each) for pk, each in sums.items()],
        "won": sum(line.won for line in lines),
        "form": form,
    }
    return shown(request, "fees_month", "fees", context, 422 if form.is_bound else 200)


@for_coordinator
@require_POST
def file(request: "SignedIn", month: str) -> HttpResponse:
    """The file, once it is on record who took it and why."""
    first, form = _month(month), FileForm(request.POST)
    if not form.is_valid():
        return _page(request, first, form)
    lines = deeds.settled(first)
    if not lines:
        raise Http404("아직 정산하지 않은 달입니다.")
    people = {line.instructor.pk: line.instructor for line in lines}.values()
    reveal(request, people, f"강사료 파일 {first:%Y-%m}: {form.cleaned_data['reason']}", Action.DOWNLOAD)
    about = f"디지털배움터 강사료 {first.year}년 {first.month}월"
    cells = (line.cells() for line in lines)
    made = xlsx(f"{first:%Y-%m}", about, deeds.COLUMNS, cells, deeds.MONEY_FROM)
    response = HttpResponse(made, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="learning-fees-{first:%Y-%m}.xlsx"'
    return response


@for_officer
@require_http_methods(["GET", "POST"])
def rates(request: "SignedIn") -> HttpResponse:
    """Dated rates; a change is another one."""
    today = timezone.localdate()
    form = RateForm(request.POST if request.method == "POST" else None, initial={"valid_from": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.add_rate(**form.cleaned_data, by=staff(request))
        except NotPossible as error:
            form.add_error("valid_from", str(error))
        else:
            messages.success(request, f"기준을 더했습니다: {made}.")
            return redirect("learning:fee_rates")
    listed = list(FeeRate.objects.all())
    in_force = {rate.pk for part in ("lead", "assistant") if (rate := deeds.rate_on(listed, part, today))}
    rows = [
        (rate, "now" if rate.pk in in_force else "to_come" if rate.valid_from > today else "past")
        for rate in listed
    ]
    return shown(request, "rates", "fees", {"rows": rows, "form": form}, 422 if form.errors else 200)
