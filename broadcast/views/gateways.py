"""장비: which gateways are there, how they are, and how they have been."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.models import RoleGrant, User

from ..availability import availability, in_words, month_of, months_back
from ..gateway_forms import FindGatewayForm
from ..link_test import last as last_link_test
from ..models import Delivery, Gateway, GatewayKey, Outage, Village
from ..states import REASONS, State
from .lines import lines

if TYPE_CHECKING:
    from . import SignedIn

GATEWAYS_A_PAGE, LATEST, MONTHS = 50, 20, 12
#: Percent below which a battery is said to be low.
LOW = 20
OFFICE_ONLY = "이 화면은 시청과 읍면동 직원만 봅니다."


def looked_after_by(user: User) -> "QuerySet[Gateway]":
    """The city's: all; a clerk's: those of the office's villages. With `is_online`, `open_since` and `known_since`.

    Raises PermissionDenied for anybody else.
    """
    if not (user.is_city_operator or user.has_role(RoleGrant.Role.OFFICE_CLERK)):
        raise PermissionDenied(OFFICE_ONLY)
    villages = Village.objects.filter(is_active=True)
    if not user.is_city_operator:
        villages = villages.filter(district__in=user.clerk_districts())
    its = OuterRef("pk")
    keys = GatewayKey.objects.filter(gateway=its).order_by().values("gateway")
    sent = Delivery.objects.filter(gateway=its).order_by().values("gateway")
    outages = Outage.objects.filter(gateway=its)
    return (
        Gateway.objects.filter(is_active=True, village__in=villages)
        .select_related("village__district")
        .defer("village__district__boundary")
        .annotate(
            is_online=_is_online(),
            open_since=Subquery(outages.filter(until=None).values("since")[:1]),
            known_since=Least(
                Subquery(keys.annotate(at=Min("created_at")).values("at")),
                Subquery(sent.annotate(at=Min("broadcast__published_at")).values("at")),
                Subquery(outages.order_by("since").values("since")[:1]),
            ),
        )
        .order_by("village__district_id", "village__name", "code")
    )


def _is_online() -> Q:
    return Q(pk__in=Gateway.objects.online().values("pk"))


@never_cache
@require_GET
def gateways(request: "SignedIn") -> HttpResponse:
    """Filters stand in the address; one that makes no sense is said, and nothing shown."""
    own = looked_after_by(request.user)
    form = FindGatewayForm(request.GET, own=own)
    valid = form.is_valid()
    found = _filtered(own, form) if valid else own.none()
    page = Paginator(found, GATEWAYS_A_PAGE).get_page(request.GET.get("page"))
    month = (form.cleaned_data.get("month") if valid else None) or timezone.localdate()
    there = _availability(page, [month])
    for row in page:
        row.availability = in_words(there[row.pk][0])  # type: ignore[attr-defined]
        row.is_low = _is_low(row)  # type: ignore[attr-defined]
    asked = request.GET.copy()
    asked.pop("page", None)
    test = last_link_test()
    context = {
        "office": True,
        "form": form,
        "page": page,
        "month": month,
        "asked": asked.urlencode(),
        "test": lines(request.user, type(test).objects.filter(pk=test.pk))[0] if test else None,
    }
    return render(request, "broadcast/gateways.html", context, status=200 if valid else 422)


def _filtered(own: "QuerySet[Gateway]", form: FindGatewayForm) -> "QuerySet[Gateway]":
    if district := form.cleaned_data["district"]:
        own = own.filter(village__district=district)
    match form.cleaned_data["state"]:
        case "online":
            own = own.filter(_is_online())
        case "silent":
            own = own.filter(~_is_online(), seen_at__isnull=False)
        case "never":
            own = own.filter(seen_at=None)
        case "battery":
            own = own.filter(status__battery__lt=LOW)
    return own


@never_cache
@require_GET
def gateway(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """One of them: what it told last, its outages, its last deliveries, month by month."""
    box = get_object_or_404(looked_after_by(request.user), pk=pk)
    months = months_back(timezone.localdate(), MONTHS)
    there = _availability([box], months)[box.pk]
    latest = Delivery.objects.for_user(request.user).filter(
        gateway=box, broadcast__published_at__isnull=False
    )
    deliveries = list(latest.select_related("broadcast").order_by("-broadcast__published_at")[:LATEST])
    for row in deliveries:
        row.words = REASONS.get(row.reason, "") if row.state != State.PLAYED else ""  # type: ignore[attr-defined]
    context = {
        "office": True,
        "box": box,
        "is_low": _is_low(box),
        "months": [(m, in_words(p)) for m, p in zip(months, there, strict=True) if p is not None],
        "outages": box.outages.all()[:LATEST],
        "deliveries": deliveries,
    }
    return render(request, "broadcast/gateway.html", context)


def _is_low(box: Gateway) -> bool:
    battery = box.status.get("battery")
    return isinstance(battery, int | float) and battery < LOW


def _availability(boxes: Iterable[Gateway], months: list[date]) -> dict[uuid.UUID, list[float | None]]:
    """Of each gateway, percent of each month as far as it is over and the gateway known. One query."""
    boxes = list(boxes)
    now = timezone.now()
    spans = [month_of(month) for month in months]
    first = min(start for start, _ in spans)
    silences: dict[uuid.UUID, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    kept = Outage.objects.filter(Q(until=None) | Q(until__gt=first), gateway__in=[box.pk for box in boxes])
    for outage in kept.only("gateway_id", "since", "until"):
        silences[outage.gateway_id].append((outage.since, outage.until))
    return {
        box.pk: [
            availability(silences[box.pk], max(start, box.known_since), min(end, now))  # type: ignore[attr-defined]
            if box.seen_at and box.known_since  # type: ignore[attr-defined]
            else None
            for start, end in spans
        ]
        for box in boxes
    }
