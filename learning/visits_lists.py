"""Work lists of visits: what waits for the coordinator, what for others, what is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Prefetch, Q, Sum
from django.utils import timezone

from people.models import User
from privacy.masking import masked_name

from .models import Assignment, Session, VisitClass, VisitRequest
from .topics import Level, Topic
from .visit_states import ClassState, RequestState
from .visit_words import LOOKS, class_look, when
from .visits import possible_joins
from .visits_joining import Join

#: What is shown of the past.
LOOKS_BACK = timedelta(days=365)
TABS: Mapping[str, str] = {
    "": "날짜를 정할 신청",
    "held": "함께할 분을 기다림",
    "proposed": "답과 강사를 기다림",
    "confirmed": "정해진 수업",
    "report": "결과를 기다림",
    "ended": "끝난 것",
}


def request_rows(user: User, tab: str) -> Any:
    """Requests of the tabs that list them, the longest waiting first."""
    rows = (
        VisitRequest.objects.for_user(user)
        .select_related("district", "institution")
        .prefetch_related("wishes")
    )
    rows = rows.defer("district__boundary")
    if tab == "ended":
        over = [RequestState.WITHDRAWN, RequestState.REFUSED]
        return rows.filter(state__in=over, ended_at__gt=timezone.now() - LOOKS_BACK).order_by("-ended_at")
    return rows.filter(state=RequestState.HELD if tab == "held" else RequestState.OPEN).order_by("asked_at")


def _class_filter(tab: str) -> Q:
    now = timezone.now()
    return {
        "proposed": Q(state=ClassState.PROPOSED),
        "confirmed": Q(state=ClassState.CONFIRMED, ends_at__gt=now),
        "report": Q(state=ClassState.TAUGHT) | Q(state=ClassState.CONFIRMED, ends_at__lte=now),
        "ended": Q(state__in=[ClassState.REPORTED, ClassState.CALLED_OFF], starts_at__gt=now - LOOKS_BACK),
    }[tab]


def class_rows(user: User, tab: str) -> Any:
    """Classes of the tabs that list them; `people` and how many groups, and who is assigned."""
    rows = VisitClass.objects.for_user(user).filter(_class_filter(tab)).select_related("district")
    rows = rows.annotate(
        people=Sum("requests__people"),
        groups=Count("requests"),
        unanswered=Count("requests", filter=Q(requests__agreed_at=None)),
    )
    live = Assignment.objects.live().only("visit_class", "part", "confirmed_at")
    rows = rows.prefetch_related(Prefetch("assignments", live, "live")).defer("district__boundary")
    return rows.order_by("-starts_at" if tab == "ended" else "starts_at")


def counts(user: User) -> dict[str, int]:
    """How many in each tab. Two queries."""
    requests = VisitRequest.objects.for_user(user).aggregate(
        open=Count("pk", filter=Q(state=RequestState.OPEN)),
        held=Count("pk", filter=Q(state=RequestState.HELD)),
    )
    tabs = ("proposed", "confirmed", "report")
    classes = VisitClass.objects.for_user(user).aggregate(
        **{tab: Count("pk", filter=_class_filter(tab)) for tab in tabs}
    )
    return {"": requests["open"], "held": requests["held"], **classes}


def request_line(row: VisitRequest) -> dict[str, Any]:
    """As a list shows a request: who asks is masked."""
    return {
        "row": row,
        "who": row.group_name or masked_name(row.contact_name),
        "wishes": [when(wish) for wish in row.wishes.all()],
        "look": LOOKS[RequestState(row.state)],
        "days": (timezone.now() - row.asked_at).days,
    }


def class_line(row: Any) -> dict[str, Any]:
    """As a list shows a class, with what is still missing in words."""
    by_part = {each.part: each for each in row.live}
    missing = []
    if row.state == ClassState.PROPOSED:
        if row.unanswered:
            missing.append(f"답하지 않은 신청 {row.unanswered}건")
        for part, words in Assignment.Part.choices:
            if part not in by_part:
                missing.append(f"{words} 없음")
            elif by_part[part].confirmed_at is None:
                missing.append(f"{words} 확인 기다림")
    return {
        "row": row,
        "when": when(row),
        "look": class_look(row),
        "missing": missing,
        "late": row.state == ClassState.PROPOSED and row.starts_at <= timezone.now(),
    }


@dataclass(frozen=True)
class Proposal:
    """A join as the list offers it. `key`: what the button sends."""

    join: Join
    what: str
    when: str
    key: str
    districts: str
    declined: bool


def proposals(names: Mapping[str, str]) -> list[Proposal]:
    """Requests that could become one class; `names`: code of a district → its name."""
    return [
        Proposal(
            join,
            f"{Topic(join.asks[0].topic).label} {Level(join.asks[0].level).label}",
            when(join),
            key_of(join),
            ", ".join(sorted({names[ask.district] for ask in join.asks})),
            any(ask.declined for ask in join.asks),  # type: ignore[attr-defined]
        )
        for join in possible_joins()
    ]


def key_of(join: Join) -> str:
    """Which requests: a proposal that has changed meanwhile has another."""
    return " ".join(sorted(str(ask.pk) for ask in join.asks))


def sessions_without(days: int = 60) -> Any:
    """Sessions at the centres that lack a lead or an assistant, the next first."""
    until = timezone.now() + timedelta(days=days)
    live = Q(assignments__released_at=None)
    rows = Session.objects.for_public().filter(starts_at__lt=until).select_related("course", "room__centre")
    rows = rows.annotate(
        leads=Count("assignments", filter=live & Q(assignments__part="lead")),
        assistants=Count("assignments", filter=live & Q(assignments__part="assistant")),
    )
    return rows.filter(Q(leads=0) | Q(assistants=0)).order_by("starts_at", F("pk"))


def has_begun(thing: Session | VisitClass) -> bool:
    return thing.starts_at <= timezone.now()
