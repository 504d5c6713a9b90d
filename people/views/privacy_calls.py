"""전화할 일 of the privacy officer's team: whom a notice (유출, 요구) could not reach is called."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from privacy import officer_menu
from privacy.access import reveal
from privacy.doors import for_officers
from privacy.masking import masked_phone

from ..calls import MOST_TRIES, note, open_calls
from ..models import Call, User
from ..phones import national

A_PAGE = 20


def _calls() -> QuerySet[Call]:
    return open_calls("privacy_")


@for_officers
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Masked, the oldest first: the number is read on the page of one call."""
    page = Paginator(_calls(), A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    reveal(request, [each.message for each in shown], "개인정보 담당이 전화할 일")
    context = {
        "menu": officer_menu.menu("people:privacy_calls"),
        "page": page,
        "lines": [(each, masked_phone(each.message.to), _about(each)) for each in shown],
        "most": MOST_TRIES,
    }
    return render(request, "people/privacy_calls.html", context)


def _about(call: Call) -> str:
    return "유출 알림" if call.message.template == "privacy_breach" else "요구에 대한 알림"


@for_officers
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One call: the number, the words to say, and what came of it (said=reached or no_answer)."""
    found = _calls().filter(pk=pk).first()
    if found is None:
        if request.method == "POST":  # pressed twice, or somebody else was quicker
            messages.info(request, "이미 끝난 전화입니다.")
            return redirect("people:privacy_calls")
        raise Http404
    said = request.POST.get("said")
    if said in ("reached", "no_answer") and isinstance(request.user, User):
        done = note(found.pk, reached=said == "reached", by=request.user, request=request)
        if said == "reached":
            messages.success(request, "알려 드린 것으로 적었습니다.")
        elif done.state == Call.State.GIVEN_UP:
            messages.warning(
                request, f"{MOST_TRIES}번 걸어도 받지 않아 목록에서 뺐습니다. 누리집에 올려 알려 주세요."
            )
        else:
            messages.info(request, "받지 않으신 것으로 적었습니다. 나중에 다시 걸어 주세요.")
        return redirect("people:privacy_calls")
    if request.method == "POST":
        messages.warning(request, "알려 드렸는지, 받지 않으셨는지 눌러 주세요.")
    [message] = reveal(request, [found.message], "개인정보 담당이 전화로 알리기")
    context = {
        "menu": officer_menu.menu("people:privacy_calls"),
        "call": found,
        "about": _about(found),
        "number": national(message.to),
        "tel": message.to,
        "words": message.text,
    }
    return render(request, "people/privacy_call.html", context)
