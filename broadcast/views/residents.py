"""다시듣기 and 보이는 방송: one's village found, and what was said there read and heard. No sign-in, no trace kept."""

import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from people.models import District

from ..listener_forms import FindForm, FreshForm
from ..listeners import described, heard_in, sound_for_all
from ..models import Broadcast, Village
from .audio import in_parts
from .open_pages import open_page

#: Seconds that an answer may be kept: a warning must not wait for longer.
KEPT = 5
BROADCASTS_A_PAGE = 20
VILLAGES_A_PAGE = 60
IN_FEED = 30
#: A broadcast may be committed a moment after the time that it bears.
MOMENT = timedelta(minutes=1)
#: Cookie: the village that somebody asked us to remember.
REMEMBERED = "village"
YEAR = 365 * 24 * 3600
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def open_villages() -> "QuerySet[Village]":
    return Village.objects.filter(is_active=True).select_related("district").defer("district__boundary")


def open_village(pk: int) -> Village:
    return get_object_or_404(open_villages(), pk=pk)


@open_page(KEPT)
def find(request: HttpRequest) -> HttpResponse:
    """By name, or by 읍면동."""
    form = FindForm(request.GET)
    valid = form.is_valid()
    words = form.cleaned_data["q"].split()[:5] if valid else []
    here = Q()
    for word in words:
        here &= Q(name__icontains=word) | Q(district__name__icontains=word)
    found = list(open_villages().filter(here)[: VILLAGES_A_PAGE + 1]) if words else []
    context = {
        "form": form,
        "searched": bool(words),
        "found": found[:VILLAGES_A_PAGE],
        "more": len(found) > VILLAGES_A_PAGE,
        "districts": _districts(),
        "remembered": _remembered(request),
    }
    return render(request, "broadcast/listen_find.html", context, status=200 if valid else 422)


@open_page(KEPT)
def district(request: HttpRequest, code: str) -> HttpResponse:
    chosen = get_object_or_404(_districts(), pk=code)
    context = {"district": chosen, "villages": open_villages().filter(district=chosen)}
    return render(request, "broadcast/listen_district.html", context)


def _districts() -> "QuerySet[District]":
    has_villages = Exists(Village.objects.filter(district=OuterRef("pk"), is_active=True))
    return District.objects.filter(has_villages).defer("boundary")


def _remembered(request: HttpRequest) -> Village | None:
    pk = request.COOKIES.get(REMEMBERED, "")
    is_number = pk.isascii() and pk.isdecimal() and len(pk) < 10
    return open_villages().filter(pk=pk).first() if is_number else None


@open_page(KEPT)
def village(request: HttpRequest, pk: int) -> HttpResponse:
    """All that was said there within REPLAY_DAYS."""
    here, now = open_village(pk), timezone.now()
    page = Paginator(heard_in(here, now), BROADCASTS_A_PAGE).get_page(request.GET.get("page"))
    shown = described(page.object_list, here, now)  # type: ignore[arg-type]
    since = now - MOMENT
    context = {
        "village": here,
        "page": page,
        "urgent": [one for one in shown if one.on_top],
        "others": [one for one in shown if not one.on_top],
        "days": settings.REPLAY_DAYS,
        "is_remembered": request.COOKIES.get(REMEMBERED) == str(here.pk),
        "since": int(since.timestamp() * 1000),
        "known": "-".join(_changes([one.broadcast for one in shown], since)),
        "polls": page.number == 1,
    }
    return render(request, "broadcast/listen_village.html", context)


def _changes(broadcasts: Iterable[Broadcast], since: datetime) -> dict[str, Broadcast]:
    """What came or was taken back since then, each under a short name of that change."""
    changes = {}
    for one in broadcasts:
        if one.cancelled_at and one.cancelled_at > since:
            changes[f"{one.pk.hex[:12]}x"] = one
        elif one.published_at and one.published_at > since:
            changes[one.pk.hex[:12]] = one
    return changes


@open_page(KEPT)
def fresh(request: HttpRequest, pk: int) -> HttpResponse:
    """What is new since the page was opened; 204 if it was told already, so that nothing is read out twice.

    ?since=<Unix milliseconds>&known=<changes that the page shows>&told=<those told of since>. The page itself stays:
    it may be playing.
    """
    here, now = open_village(pk), timezone.now()
    asked = FreshForm(request.GET)
    if not asked.is_valid():
        raise Http404
    known, told = (set(asked.cleaned_data[name].split("-")) for name in ("known", "told"))
    since = max(datetime.fromtimestamp(asked.cleaned_data["since"] / 1000, UTC), now - timedelta(days=1))
    changed = heard_in(here, now).filter(Q(published_at__gt=since) | Q(cancelled_at__gt=since))
    changes = _changes(changed[:BROADCASTS_A_PAGE], since)
    new = {name: one for name, one in changes.items() if name not in known}
    if new.keys() <= told:
        return HttpResponse(status=204)
    words = {"village": here, "rows": list(new.values()), "told": "-".join(new)}
    return render(request, "broadcast/_listen_fresh.html", asked.cleaned_data | words)


@open_page(KEPT)
def sound(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What may be heard by all, in parts if asked, so that one can wind back."""
    try:
        recording = sound_for_all(pk, timezone.now())
    except Broadcast.DoesNotExist:
        raise Http404 from None
    return in_parts(request, recording, "public, max-age=60")


@open_page(60)
def feed(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as an Atom feed."""
    here, now = open_village(pk), timezone.now()
    page = settings.PORTAL_URL + reverse("broadcast:village", args=[pk])
    made = Atom1Feed(f"{here} 마을방송", page, "", language="ko", feed_url=f"{page}feed/")
    for one in described(heard_in(here, now).order_by("-published_at")[:IN_FEED], here, now):
        sent = one.broadcast
        urgent = "[긴급] " if sent.is_urgent else ""
        taken_back = "[취소됨] " if sent.cancelled_at else ""
        made.add_item(
            title=f"{taken_back}{urgent}{sent.get_category_display()}",
            link=f"{page}#b-{sent.pk}",
            description=UNPRINTABLE.sub("", one.text),
            author_name=one.sender,
            unique_id=f"urn:uuid:{sent.pk}",
            pubdate=sent.published_at,
            updateddate=sent.cancelled_at or sent.published_at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


# Exempt as home.reading is: all that another site could do is have a village remembered, and a page without a token
# needs no cookie.
@csrf_exempt
@login_not_required
@require_POST
def remember(request: HttpRequest, pk: int) -> HttpResponse:
    """Only if somebody pressed the button."""
    here = open_village(pk)
    response = redirect("broadcast:village", here.pk)
    _set_cookie(response, str(here.pk), YEAR)
    return response


@csrf_exempt
@login_not_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    response = redirect("broadcast:find_village")
    _set_cookie(response, "", 0)
    return response


def _set_cookie(response: HttpResponse, value: str, seconds: int) -> None:
    kept: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
    response.set_cookie(REMEMBERED, value, max_age=seconds, **kept)
