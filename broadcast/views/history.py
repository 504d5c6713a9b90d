"""Broadcasts of the past: found by filters that stand in the address."""

from datetime import datetime, time
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.models import User

from ..forms import HistoryForm
from ..models import Broadcast, Delivery
from ..progress import LOST, TAKEN_BACK
from ..states import ENDED, State
from . import works_in_an_office
from .lines import lines

if TYPE_CHECKING:
    from . import SignedIn

BROADCASTS_A_PAGE = 20


@never_cache
@require_GET
def history(request: "SignedIn") -> HttpResponse:
    """A filter that cannot be understood is said, and nothing shown: half a filter would mislead."""
    form = HistoryForm(request.GET, user=request.user)
    valid = form.is_valid()
    found = filtered(request.user, form.cleaned_data) if valid else Broadcast.objects.none()
    page = Paginator(found, BROADCASTS_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "lines": lines(request.user, cast("QuerySet[Broadcast]", page.object_list)),
        "asked": asked.urlencode(),
        "office": works_in_an_office(request.user),
    }
    return render(request, "broadcast/history.html", context, status=200 if valid else 422)


def filtered(user: User, wanted: dict[str, Any]) -> "QuerySet[Broadcast]":
    """The sent broadcasts that `user` sees and that fit, newest first. `wanted`: HistoryForm.cleaned_data."""
    found = Broadcast.objects.for_user(user).filter(published_at__isnull=False)
    # Tests of the line are heard by nobody: shown only where they are asked for.
    category = Q(category=wanted["category"]) if wanted["category"] else ~Q(category="test")
    found = found.filter(category)
    if wanted["mine"]:
        found = found.filter(author=user)
    if since := wanted["since"]:
        found = found.filter(published_at__gte=_start_of(since))
    if until := wanted["until"]:
        found = found.filter(published_at__lte=_end_of(until))
    if district := wanted["district"]:
        there = Broadcast.villages.through.objects.filter(village__district=district)
        found = found.filter(Exists(there.filter(broadcast=OuterRef("pk"))))
    own = Delivery.objects.for_user(user).filter(broadcast=OuterRef("pk"))
    going, trouble = Exists(own.exclude(state__in=ENDED)), Exists(own.filter(state__in=LOST))
    unknown, stopped = Exists(own.filter(state=State.UNKNOWN)), Exists(own.filter(state__in=TAKEN_BACK))
    match wanted["state"]:
        case "going":
            found = found.filter(going)
        case "trouble":
            found = found.filter(trouble)
        case "done":
            found = found.filter(~going, ~trouble, ~unknown, ~stopped)
        case "unknown":
            found = found.filter(unknown)
        case "stopped":
            found = found.filter(cancelled_at__isnull=False)
    return found.order_by("-published_at")


def _start_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _end_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))
