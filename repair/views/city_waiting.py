"""Those who still wait for a year's money when another year is there: into that one, or to an end (year_end.py)."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from .. import actors, year_end
from ..city_forms import WaitingForm
from ..models import Programme
from ..states import NotPossible
from .city import page_of
from .city_pages import for_the_officer, shown

if TYPE_CHECKING:
    from ..actors import SignedIn


@require_http_methods(["GET", "POST"])
@for_the_officer
def waiting(request: "SignedIn", year: int) -> HttpResponse:
    """How many wait and how many are looked at; neither names nor addresses."""
    programme = get_object_or_404(Programme, pk=year)
    to = year_end.following(programme)
    undecided = year_end.undecided(programme).count()
    form = WaitingForm(request.POST or None, to=to, undecided=bool(undecided))
    if request.method == "POST" and form.is_valid():
        try:
            _done(request, programme, form.cleaned_data["what"])
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return redirect(page_of(programme))
    context = {
        "programme": programme,
        "form": form,
        "to": to,
        "waiting": year_end.waiting(programme).count(),
        "undecided": undecided,
    }
    return shown(request, "city_waiting", "city", context, refused=request.method == "POST")


def _done(request: "SignedIn", programme: Programme, what: str) -> None:
    by = actors.staff(request)
    if what == WaitingForm.END:
        count = year_end.end(programme, by)
        messages.success(request, f"{count}건을 불가로 올렸습니다. 다른 담당자가 접수 목록에서 정합니다.")
        return
    carried = year_end.carry_over(programme, by, with_undecided=what == WaitingForm.ALL)
    messages.success(request, f"{carried.count}건을 접수한 순서 그대로 다음 사업연도로 넘겼습니다.")
    if carried.left:
        numbers = ", ".join(carried.left)
        messages.warning(
            request,
            f"같은 가구가 다음 해에 이미 신청해 넘기지 못했습니다: {numbers}. 접수 목록에서 살펴봐 주세요.",
        )
