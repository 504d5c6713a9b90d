"""실종 방송: its words and its sound name somebody. Lists never show them. Until it has ended they are for who sent it
and for offices; afterwards for an office that says what for. Each reading is on the access record."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from privacy import purposes
from privacy.access import reveal

from .categories import SENSITIVE
from .models import Broadcast, Recording

if TYPE_CHECKING:
    from .views import SignedIn

HIDDEN = "사람을 찾는 방송입니다. 이름이 들어 있어 글과 소리를 가렸습니다."


def read(request: "SignedIn", broadcast: Broadcast, *, office: bool) -> dict[str, Any]:
    """`said`: its words or HIDDEN; whether they `may_hear` it; what _purposes.html asks, where an office may open it.

    `office`: whether they work in one (views.works_in_an_office).
    """
    if broadcast.category not in SENSITIVE:
        return {"said": broadcast.text, "may_hear": True}
    running = broadcast.runs_at(timezone.now())
    asks = purposes.context(request, broadcast) if office and not running else {}
    why = purposes.seen_for(request, broadcast) if asks else ""
    if why or (running and (office or broadcast.author_id == request.user.pk)):
        [shown] = reveal(request, [broadcast], f"사람을 찾는 방송: {why or '끝나기 전'}")
        return {"said": shown.text, "may_hear": True, **asks}
    return {"said": HIDDEN, "may_hear": False, **asks}


def may_hear(request: "SignedIn", recording: Recording, *, office: bool) -> bool:
    """Also of its sound by itself: it says the same."""
    named = Broadcast.objects.filter(recording=recording, category__in=SENSITIVE).order_by("-published_at")
    return all(read(request, one, office=office)["may_hear"] for one in named[:1])
