"""What a technician does: by a form of the page, or sent on by a phone that was in a dead spot."""

import json
import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .. import sent_deeds, visit_lists, visits
from ..actors import contractor_of, technician
from ..models import Case, SentDeed, Visit
from ..sent_deeds import Sent, Unreadable
from ..states import NotPossible
from .visits import own_visit, page, technicians_only

if TYPE_CHECKING:
    from ..actors import SignedIn

#: Of what a phone sends in one go, photos apart.
MOST_BYTES = 256 * 1024
SIGNED_OUT = "로그인이 끝났습니다. 적으신 것은 이 전화에 남아 있습니다. 다시 로그인해 주세요."
NO_POST = "지금은 무상수리 기사가 아닙니다. 적으신 것은 이 전화에 남아 있으니 시청에 전화로 알려 주세요."
TOO_LONG = "한 번에 보내기에 너무 많습니다. 화면을 새로 고친 뒤 다시 보내 주세요."
UNREADABLE = "보낸 것을 읽지 못했습니다. 화면을 새로 고친 뒤 다시 보내 주세요."
#: After which deed one goes on elsewhere: (page, words).
ONWARDS = {
    "give_back": ("repair:visits", "방문을 내놓았습니다. 다른 기사가 맡을 수 있습니다."),
    "break_off": ("repair:visits", "마치지 못한 것으로 적었습니다. 다시 갈 때 목록에서 맡아 주세요."),
}
#: Where on the page one goes on.
PLACES = {
    "diagnose": "lines",
    "add_line": "lines",
    "remove_line": "lines",
    "photos": "photos",
    "answer": "lines",
}
PLANNED = "약속한 때를 적었습니다. 신청한 분께 문자로 알립니다."


@never_cache
@require_POST
def take(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """방문을 맡음. `pk`: of the case; only that one of their contractor is theirs to take."""
    technicians_only(request)
    try:
        taken = visits.take(pk, technician(request))
    except Case.DoesNotExist:
        raise Http404 from None
    except NotPossible as error:
        return render(request, "repair/visit_taken.html", {"trouble": str(error)}, status=409)
    messages.success(request, "방문을 맡았습니다. 먼저 전화해서 찾아갈 때를 정해 주세요.")
    return redirect("repair:visit", taken.pk)


@never_cache
@require_POST
def deed(request: "SignedIn", pk: uuid.UUID, deed: str) -> HttpResponse:
    """One deed of sent_deeds.DEEDS, by the page's form. Its id makes a second tap the same deed."""
    mine = own_visit(request, pk)
    if deed not in sent_deeds.DEEDS:
        raise Http404
    form = sent_deeds.form_of(deed, mine, request.POST, request.FILES, auto_id=f"{deed}_%s")
    key = _uuid(request.POST.get("id", ""))
    before = SentDeed.objects.filter(pk=key, visit=mine, trouble="").exists()
    if mine.ended_at is None and not before and not form.is_valid():
        return page(request, mine, status=422, bound={deed: form})
    answer = sent_deeds.once(mine, technician(request), Sent(key, deed, request.POST), form)
    if answer.status == "refused":
        return page(request, own_visit(request, pk), status=409, trouble=answer.words)
    if deed == "finish":
        return redirect("repair:visit_done", pk)
    if deed in ONWARDS:
        name, words = ONWARDS[deed]
        messages.success(request, words)
        return redirect(name)
    if deed == "plan":
        messages.success(request, PLANNED)
    return redirect(reverse("repair:visit", args=[pk]) + (f"#{PLACES[deed]}" if deed in PLACES else ""))


def _uuid(text: str) -> uuid.UUID:
    """As it was sent; a new one if that is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def _visit_of_phone(request: HttpRequest, pk: uuid.UUID) -> Visit | JsonResponse:
    """Theirs, or an answer that a script can read."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": SIGNED_OUT}, status=401)
    if contractor_of(request.user) is None:
        return JsonResponse({"error": NO_POST}, status=403)
    try:
        return own_visit(request, pk)  # type: ignore[arg-type]
    except (Http404, PermissionDenied):
        return JsonResponse({"error": "맡은 방문이 아닙니다. 시청에 전화로 알려 주세요."}, status=404)


@login_not_required
@never_cache
@require_POST
def sent(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """JSON {"deeds": […]} (sent_deeds.parsed) → {"answers": [{"id", "status", "words"}], "open"}, in the same order.

    `open`: whether the visit is; if not, its page must not stay on the screen.
    """
    visit = _visit_of_phone(request, pk)
    if isinstance(visit, JsonResponse):
        return visit
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length[:18]) > MOST_BYTES:
        return JsonResponse({"error": TOO_LONG}, status=413)
    try:
        deeds = sent_deeds.parsed(json.loads(request.body))
    except Unreadable as error:
        return JsonResponse({"error": str(error)}, status=422)
    except (ValueError, RecursionError):
        return JsonResponse({"error": UNREADABLE}, status=422)
    return _answers(request, visit, deeds)


@login_not_required
@never_cache
@require_POST
def photo(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """One photo that the phone kept: id, ago, kind, photos. Answers as `sent` does."""
    visit = _visit_of_phone(request, pk)
    if isinstance(visit, JsonResponse):
        return visit
    try:
        given = Sent(
            uuid.UUID(request.POST.get("id", "")),
            "photos",
            request.POST,
            float(request.POST.get("ago", "0")),
            request.FILES,
        )
    except ValueError:
        return JsonResponse({"error": UNREADABLE}, status=422)
    return _answers(request, visit, [given])


def _answers(request: HttpRequest, visit: Visit, deeds: list[Sent]) -> JsonResponse:
    answers = sent_deeds.apply(visit, technician(request), deeds)  # type: ignore[arg-type]
    told = [{"id": str(one.id), "status": one.status, "words": one.words} for one in answers]
    is_open = visit_lists.open_visits(visit.technician).filter(pk=visit.pk).exists()
    return JsonResponse({"answers": told, "open": is_open})
