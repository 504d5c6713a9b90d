"""The coordinator's and call centre's list of visits: what waits, what can be joined; and a request for a caller."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.models import District
from privacy.access import reveal

from .. import visits, visits_lists, visits_planning
from ..actors import staff
from ..booking_states import NotPossible
from ..consent_texts import VISIT
from ..roles import is_coordinator
from ..visits_forms import AskForm
from .visit_pages import for_coordinator, for_requests, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

A_PAGE = 20
OF_REQUESTS = ("", "held")


@for_requests
@require_GET
def work(request: "SignedIn") -> HttpResponse:
    """?tab= one of visits_lists.TABS; ?page=."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in visits_lists.TABS else ""
    counts = visits_lists.counts(request.user)
    context: dict[str, Any] = {
        "tab": tab,
        "title": visits_lists.TABS[tab],
        "tabs": [(key, words, counts.get(key), key == tab) for key, words in visits_lists.TABS.items()],
        "asked": f"tab={tab}",
        "coordinator": is_coordinator(request.user),
    }
    if tab in OF_REQUESTS:
        page = Paginator(visits_lists.request_rows(request.user, tab), A_PAGE).get_page(
            request.GET.get("page")
        )
        rows = reveal(request, page.object_list, f"찾아가는 수업 목록: {visits_lists.TABS[tab]}")
        context["requests"] = [visits_lists.request_line(row) for row in rows]
    else:
        page = Paginator(visits_lists.class_rows(request.user, tab), A_PAGE).get_page(request.GET.get("page"))
        rows = reveal(request, page.object_list, f"찾아가는 수업 목록: {visits_lists.TABS[tab]}")
        context["classes"] = [visits_lists.class_line(row) for row in rows]
    if tab == "ended":
        ended = visits_lists.request_rows(request.user, tab)[:A_PAGE]
        context["requests"] = [
            visits_lists.request_line(row) for row in reveal(request, ended, "찾아가는 수업 목록: 끝난 신청")
        ]
    if tab in OF_REQUESTS and context["coordinator"]:
        context["proposals"] = visits_lists.proposals(dict(District.objects.values_list("code", "name")))
    return shown(request, "work", "visits_desk", {**context, "page": page})


@for_requests
@require_http_methods(["GET", "POST"])
def new(request: "SignedIn") -> HttpResponse:
    """What a caller asks for, written down for them."""
    form = AskForm(request.POST if request.method == "POST" else None, asks_phone=True)
    if request.method == "POST" and form.is_valid():
        made = visits.ask(form.asked(), staff(request), {VISIT.key: True})
        messages.success(
            request, f"신청을 받았습니다. 접수번호는 {made.number}입니다. 전화하신 분께 알려 주세요."
        )
        return redirect("learning:visits_request", made.pk)
    context = {"form": form, "consent": VISIT}
    return shown(request, "new", "visits_desk", context, 422 if form.errors else 200)


@for_coordinator
@require_POST
def join(request: "SignedIn") -> HttpResponse:
    """One of the proposals, as it was shown; if it has changed meanwhile the list says so."""
    wanted = request.POST.get("key", "")
    found = next((one for one in visits.possible_joins() if visits_lists.key_of(one) == wanted), None)
    try:
        if found is None:
            raise NotPossible("그 사이에 바뀐 신청이 있습니다. 목록을 다시 보고 골라 주세요.")
        made = visits_planning.join(found, staff(request))
    except NotPossible as error:
        messages.warning(request, str(error))
        return redirect("learning:visits_desk")
    messages.success(request, "한 수업으로 묶고, 모두에게 괜찮은지 물었습니다. 이제 강사를 정해 주세요.")
    return redirect("learning:visits_class", made.pk)
