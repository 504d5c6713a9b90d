"""전화할 일: who could not be told by a message is told by somebody."""

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from people.calls import MOST_TRIES, note
from people.models import Call
from people.phones import national
from privacy.access import reveal
from privacy.masking import masked_phone

from ..to_phone import calls_of
from .desk_pages import for_the_desk, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

A_PAGE = 20


@for_the_desk
@require_GET
def to_phone(request: "SignedIn") -> HttpResponse:
    """Masked, the oldest first: the number is read on the page of one call."""
    page = Paginator(calls_of(request.user), A_PAGE).get_page(request.GET.get("page"))
    calls = list(page.object_list)
    reveal(request, [each.message for each in calls], "배움터 전화할 일")
    lines = [(each, masked_phone(each.message.to), _about(each)) for each in calls]
    return shown(request, "to_phone", "desk_to_phone", {"page": page, "lines": lines, "most": MOST_TRIES})


def _about(call: Call) -> str:
    """Its first line, without the city's name before it."""
    first: str = call.message.text.partition("\n")[0]
    return first.partition("] ")[2] or first


@for_the_desk
@require_http_methods(["GET", "POST"])
def phone(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """One call: the number, the words to say, and what came of it (said=reached or no_answer)."""
    call = calls_of(request.user).filter(pk=pk).first()
    if call is None:
        if request.method == "POST":  # pressed twice, or somebody else was quicker
            messages.info(request, "이미 끝난 전화입니다.")
            return redirect("learning:desk_to_phone")
        raise Http404
    if request.method == "POST":
        said = request.POST.get("said")
        if said in ("reached", "no_answer"):
            done = note(call.pk, reached=said == "reached", by=request.user, request=request)
            if said == "reached":
                messages.success(request, "알려 드린 것으로 적었습니다.")
            elif done.state == Call.State.GIVEN_UP:
                messages.warning(request, f"{MOST_TRIES}번 걸어도 받지 않아 목록에서 뺐습니다.")
            else:
                messages.info(request, "받지 않으신 것으로 적었습니다. 나중에 다시 걸어 주세요.")
            return redirect("learning:desk_to_phone")
        messages.warning(request, "알려 드렸는지, 받지 않으셨는지 눌러 주세요.")
    [message] = reveal(request, [call.message], "배움터 전화로 알리기")
    context = {"call": call, "number": national(message.to), "tel": message.to, "words": message.text}
    return shown(request, "phone", "desk_to_phone", context)
