"""Where everybody starts, and the map of what is on line."""

from itertools import groupby
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.models import RoleGrant, User

from ..approval import unreviewed
from ..city_map import Mark, drawing
from ..models import Broadcast, ChiefPost, Gateway, Village
from ..on_behalf import posts_for
from . import shapes, works_in_an_office
from .lines import lines

if TYPE_CHECKING:
    from . import SignedIn

LATEST = 10
PRIVACY_OFFICER = RoleGrant.Role.PRIVACY_OFFICER


@never_cache
@require_GET
def landing(request: "SignedIn") -> HttpResponse:
    """A chief speaks at once; an office sees what went out; who only looks after privacy does neither."""
    if not works_in_an_office(request.user):
        speaks = Village.objects.for_user(request.user).exists() or not request.user.has_role(PRIVACY_OFFICER)
        return redirect("broadcast:new" if speaks else "people:me")
    sent = Broadcast.objects.for_user(request.user).filter(published_at__isnull=False)
    sent = sent.exclude(category="test")
    boxes = _boxes(request.user)
    context = {
        "office": True,
        "lines": lines(request.user, sent.order_by("-published_at")[:LATEST]),
        "boxes": len(boxes),
        **_online(boxes),
        "chiefs": _chiefs(request.user),
        "to_decide": Broadcast.objects.decidable_by(request.user).count(),
        "to_review": unreviewed(request.user).count(),
    }
    return render(request, "broadcast/board.html", context)


def _chiefs(user: User) -> list[tuple[str, list[ChiefPost]]]:
    """By district, one a village: for whom this office may speak."""
    found = {post.village_id: post for post in reversed(posts_for(user))}
    posts = reversed(found.values())
    return [(name, list(its)) for name, its in groupby(posts, key=lambda post: post.village.district.name)]


@never_cache
@require_GET
def city(request: "SignedIn") -> HttpResponse:
    """All villages that are the user's, and whether their speakers report."""
    if not works_in_an_office(request.user):
        raise PermissionDenied("이 화면은 시청과 읍면동 직원만 봅니다.")
    boxes = _boxes(request.user)
    codes = {box.village.district_id for box in boxes}
    only = codes.pop() if len(codes) == 1 else None
    marks = []
    for box in boxes:
        village = box.village
        state = "online" if box.is_online else "silent"  # type: ignore[attr-defined]
        marks.append(Mark(village.lat, village.lon, village.name if only else str(village), state))
    context = {
        "office": True,
        "count": len(boxes),
        "silent_boxes": [box for box in boxes if not box.is_online],  # type: ignore[attr-defined]
        "districts": [
            (district, list(its)) for district, its in groupby(boxes, key=lambda box: box.village.district)
        ],
        **_online(boxes),
        "map": drawing(shapes(), marks, only) if boxes else None,
    }
    return render(request, "broadcast/city.html", context)


def _boxes(user: User) -> list[Gateway]:
    """The active gateways of the user's villages, by district and village; `is_online` as Gateway.online() says."""
    boxes = (
        Gateway.objects.filter(is_active=True, village__in=Village.objects.for_user(user))
        .select_related("village__district")
        .defer("village__district__boundary", "status")
        .order_by("village__district_id", "village__name", "code")
    )
    online = Gateway.objects.online().values("pk")
    return list(boxes.annotate(is_online=Q(pk__in=online)))


def _online(boxes: list[Gateway]) -> dict[str, int]:
    online = sum(box.is_online for box in boxes)  # type: ignore[attr-defined]
    return {"online": online, "silent": len(boxes) - online}
