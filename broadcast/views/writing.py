"""Making a broadcast: recorded or typed, looked at once more, sent."""

import uuid
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from people.models import User

from ..before_sending import before_sending
from ..cancel import cancel
from ..categories import CATEGORIES
from ..clearance import Refused
from ..compose import NO_TEXT, AlreadySent, change_draft, discard, make_draft
from ..forms import ComposeForm, ReviewForm, same_draft
from ..models import Broadcast, Village
from ..on_behalf import posts_for
from ..publish import publish
from ..reach import by_district, reach_of, with_speakers
from ..voice.reading import spelled_out
from ..voice.sound import BadSound
from . import works_in_an_office

if TYPE_CHECKING:
    from . import SignedIn

POLICE_STOPPED = "시청이 경찰 방송을 멈춰 두어 지금은 방송할 수 없습니다. 시청 방송 담당에게 물어봐 주세요."
NO_VILLAGE = "맡은 마을이 없어 방송할 수 없습니다. 읍면동 행정복지센터에 이장 등록을 확인해 주세요."
SIGNED_OUT = "로그인이 끝났습니다. 녹음은 이 기기에 남아 있습니다. 다시 로그인한 뒤 이어서 보내 주세요."
NO_SPEAKER = "고른 마을에 쓸 수 있는 스피커가 없어 보낼 수 없습니다. 장비 담당자에게 알려 주세요."
CORRECTION = "앞선 방송을 바로잡습니다. "
NOT_STOPPED_YET = (
    "앞선 방송은 아직 멈추지 않았습니다. 바로잡는 방송이 승인되어 나가면, 앞선 방송을 멈춰 주세요."
)
CORRECTED = "바로잡는 방송을 보냈습니다."
#: Drafts this young are offered again; older ones were given up.
UNFINISHED = timedelta(hours=12)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: "SignedIn") -> HttpResponse:
    """The page on which a chief speaks and a clerk writes. ?instead=<draft>: to take its place."""
    if request.method == "GET":
        return _compose_page(request, ComposeForm(user=request.user, initial=_initial(request)))
    form = ComposeForm(request.POST, request.FILES, user=request.user)
    draft = _drafted(form, request.user)
    if draft is None:
        return _compose_page(request, form, status=422)
    return redirect("broadcast:review", draft.pk)


@login_not_required
@require_POST
def recordings(request: HttpRequest) -> HttpResponse:
    """A recording from the page's own script: JSON {"review": address} or {"error": Korean sentence}.

    422 says in "sound_is_bad" whether trying again with the same sound is of no use.
    """
    if not request.user.is_authenticated:
        if request.accepts("text/html"):
            return redirect_to_login(reverse("broadcast:new"))
        return JsonResponse({"error": SIGNED_OUT}, status=401)
    form = ComposeForm(request.POST, request.FILES, user=request.user)
    draft = _drafted(form, request.user)
    if draft is None:
        bad = form.errors.get("sound")
        error = (bad or next(iter(form.errors.values())))[0]
        return JsonResponse({"error": error, "sound_is_bad": bool(bad)}, status=422)
    return JsonResponse({"review": reverse("broadcast:review", args=[draft.pk])}, status=201)


def _drafted(form: ComposeForm, user: User) -> Broadcast | None:
    """The draft, or None with the errors in the form."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    voice = form.voice()
    try:
        draft = make_draft(
            user,
            data["villages"],
            data["category"],
            text=data["text"],
            voice=voice,
            key=data["key"],
            corrects=data["corrects"],
            on_behalf_of=data["on_behalf_of"],
        )
    except BadSound as error:
        form.add_error("text" if voice is None else "sound", str(error))
        return None
    if (old := data["instead"]) and old != draft.pk:
        with suppress(Broadcast.DoesNotExist, AlreadySent):
            discard(old, user)
    return draft


def _initial(request: "SignedIn") -> dict[str, Any]:
    """What stood in the draft that is made anew, what is to be corrected, for whom it is said; or nothing."""
    if corrects := same_draft(request.GET.get("corrects", "")):
        return _corrected(request.user, corrects)
    if (post := request.GET.get("on_behalf_of", "")).isdecimal():
        return {"on_behalf_of": get_object_or_404(posts_for(request.user), pk=post[:18])}
    key = same_draft(request.GET.get("instead", ""))
    drafts = Broadcast.objects.filter(author=request.user, published_at=None)
    draft = drafts.prefetch_related("villages").filter(pk=key).first() if key else None
    if draft is None:
        return {}
    return {
        "instead": draft.pk,
        "corrects": draft.corrects_id,
        "on_behalf_of": draft.on_behalf_of_id,
        "category": draft.category,
        "text": "" if draft.text == NO_TEXT else draft.text,
        "where": "some",
        "villages": [village.pk for village in draft.villages.all()],
    }


def _corrected(user: User, pk: uuid.UUID) -> dict[str, Any]:
    """Raises Http404."""
    sent = Broadcast.objects.cancellable_by(user).filter(published_at__isnull=False)
    wrong = get_object_or_404(sent.prefetch_related("villages"), pk=pk)
    return {
        "corrects": wrong,
        "category": wrong.category,
        "text": CORRECTION,
        "where": "some",
        "villages": [village.pk for village in wrong.villages.all()],
        "on_behalf_of": wrong.on_behalf_of
        if posts_for(user).filter(pk=wrong.on_behalf_of_id or 0).exists()
        else None,
    }


def _meant(form: ComposeForm, name: str) -> Any:
    """What a hidden field of the form points at, or None."""
    try:
        return form.fields[name].clean(form[name].value())
    except ValidationError:
        return None


def _compose_page(request: "SignedIn", form: ComposeForm, status: int = 200) -> HttpResponse:
    own = Village.objects.for_user(request.user)
    post = _meant(form, "on_behalf_of")
    villages = with_speakers(own.filter(pk=post.village_id) if post else own)
    if not villages:
        raise PermissionDenied(POLICE_STOPPED if request.user.is_police else NO_VILLAGE)
    unfinished = Broadcast.objects.filter(
        author=request.user, published_at=None, planned=None, created_at__gt=timezone.now() - UNFINISHED
    ).select_related("recording")
    values = form.data if form.is_bound else form.initial
    context = {
        "form": form,
        "groups": by_district(villages),
        "only_village": villages[0] if len(villages) == 1 else None,
        "reach": reach_of(villages),
        "office": works_in_an_office(request.user),
        "corrects": _meant(form, "corrects"),
        "on_behalf_of": post,
        "where": values.get("where", "all"),
        "chosen": _several(form, "villages"),
        "chosen_districts": _several(form, "districts"),
        "unfinished": unfinished.order_by("-created_at")[:3],
        "most_seconds": settings.RECORDING_MAX_SECONDS,
        "most_bytes": settings.RECORDING_MAX_BYTES,
    }
    return render(request, "broadcast/compose.html", context, status=status)


def _several(form: ComposeForm, name: str) -> set[str]:
    if form.is_bound:
        return set(form.data.getlist(name))  # type: ignore[attr-defined]
    return {str(value) for value in form.initial.get(name, [])}


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """The draft as it would go out, its author's alone. POST changes it, and with `send` sends it."""
    drafts = Broadcast.objects.select_related("recording", "planned").filter(author=request.user)
    draft = get_object_or_404(drafts, pk=pk)
    draft.author = request.user  # whose roles are read already
    if draft.published_at:
        return redirect("broadcast:status", pk)
    if hasattr(draft, "planned"):
        return redirect("broadcast:plan", draft.planned.pk)
    if draft.submitted_at:
        return redirect("broadcast:waiting", pk)
    form = ReviewForm(request.POST or None, draft=draft)
    villages = with_speakers(Village.objects.filter(broadcasts=draft))
    reach = reach_of(villages)
    if request.method == "POST" and form.is_valid() and _changed(form, request.user, pk):
        if "send" not in request.POST:
            return redirect("broadcast:review", pk)
        if reach.speakers:
            try:
                sent = publish(pk, request.user)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                if "stop_former" in request.POST and draft.corrects_id:
                    # A warning is not silenced for words that nobody may ever hear.
                    if sent.published_at:
                        cancel(draft.corrects_id, request.user, CORRECTED)
                    else:
                        messages.warning(request, NOT_STOPPED_YET)
                return redirect("broadcast:status", pk)
        else:
            form.add_error(None, NO_SPEAKER)
    context = {
        "draft": draft,
        "form": form,
        "category": CATEGORIES[draft.category],
        "reach": reach,
        "groups": by_district(villages),
        "no_speaker": NO_SPEAKER,
        "reading": spelled_out(draft.text) if form.is_read_aloud else "",
        "before": before_sending(draft, villages),
    }
    return render(request, "broadcast/review.html", context, status=422 if request.method == "POST" else 200)


def _changed(form: ReviewForm, user: User, pk: uuid.UUID) -> bool:
    """Whether the draft now holds what the form says; if not, the form says why."""
    if not form.has_changed():
        return True
    try:
        change_draft(pk, user, form.cleaned_data["category"], form.cleaned_data["text"])
    except BadSound as error:
        form.add_error("text", str(error))
        return False
    except AlreadySent:
        pass  # a second tap: the status page says so
    return True


@require_POST
def throw_away(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """A draft that is not to be sent."""
    try:
        discard(pk, request.user)
    except Broadcast.DoesNotExist:
        get_object_or_404(Broadcast.objects.none())
    except AlreadySent:
        return redirect("broadcast:status", pk)
    return redirect("broadcast:landing")
