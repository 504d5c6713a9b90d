"""What is done about a breach (유출), step by step; of a drill the same, but nobody is told anything."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from . import breach_notices
from .access import Action, record
from .exposed import exposed, summary
from .models import Breach, BreachNotice, BreachStep
from .telling import sent, tell

State = Breach.State


class NotPossible(ValueError):
    """Its text says in Korean why not."""


def _step(request: HttpRequest, breach: Breach, deed: str) -> None:
    BreachStep.objects.create(breach=breach, deed=deed, by=_user(request))
    record(request, Action.CHANGE, [breach], f"유출 대응: {deed}")


def _user(request: HttpRequest) -> Any:
    """Behind doors.for_officers."""
    return request.user


@transaction.atomic
def open_(request: HttpRequest, breach: Breach) -> Breach:
    """A new one, with drafts of all notices."""
    draft(breach)
    breach.save(force_insert=True)
    _step(request, breach, "열었음")
    return breach


def draft(breach: Breach) -> None:
    """Writes the three notices anew, from what is known by now, and from what people were told before."""
    known = summary(exposed(breach))
    facts: dict[str, Any] = {
        "kind": breach.state,
        "again": breach.told_at is not None,
        "what": known.fields or "확인하고 있습니다",
        "since": timezone.localtime(breach.since),
        "until": timezone.localtime(breach.until),
        "how": breach.how,
        "city": settings.CITY_NAME,
        "phone": settings.HELP_PHONE,
    }
    told = (
        f"{timezone.localtime(breach.told_at):%Y-%m-%d %H:%M}에 알림" if breach.told_at else "준비하고 있음"
    )
    breach.to_people = breach_notices.to_people(**facts)
    breach.to_authority = breach_notices.to_authority(people=known.people, told=told, **facts)
    breach.to_everybody = breach_notices.to_everybody(**facts)


def _locked(request: HttpRequest, pk: Any) -> Breach:
    breach = Breach.objects.select_for_update(of=("self",)).get(pk=pk)
    if breach.state == State.CLOSED:
        raise NotPossible("이미 마친 일입니다.")
    if breach.account and breach.account == request.user.get_username():
        raise NotPossible("본인 계정에 대한 일입니다. 다른 담당이 해야 합니다.")
    return breach


@transaction.atomic
def judge(request: HttpRequest, pk: Any, state: str) -> Breach:
    """유출 가능성, 확인, 아님: the drafts follow."""
    breach = _locked(request, pk)
    breach.state = State(state)
    draft(breach)
    breach.asked_by = breach.ending_by = None
    breach.save()
    _step(request, breach, f"‘{breach.get_state_display()}’(으)로 판단함")
    return breach


@transaction.atomic
def write(request: HttpRequest, pk: Any, words: dict[str, str]) -> Breach:
    """The notices as somebody wrote them, to be approved by another."""
    breach = _locked(request, pk)
    for name, text in words.items():
        setattr(breach, name, text)
    breach.asked_by = _user(request)
    breach.save()
    _step(request, breach, "알릴 글을 쓰고 승인을 청함")
    return breach


@transaction.atomic
def approve(request: HttpRequest, pk: Any) -> int:
    """By a second person: everybody whom a phone reaches is told this, once. Returns how many; 0 in a drill."""
    breach = _locked(request, pk)
    if breach.asked_by is None:
        raise NotPossible("먼저 알릴 글을 쓰고 승인을 청해 주세요.")
    if breach.asked_by_id == request.user.pk:
        raise NotPossible("글을 쓴 사람은 승인할 수 없습니다. 다른 담당이 승인해야 합니다.")
    if breach.state == State.ALL_CLEAR and breach.told_at is None:
        raise NotPossible("아무에게도 알리지 않은 일이 유출이 아니면 알리지 않습니다. 마치기를 눌러 주세요.")
    phones = [] if breach.is_drill else sorted(summary(exposed(breach)).phones)
    notice = BreachNotice.objects.create(
        breach=breach,
        state=breach.state,
        to_people=breach.to_people,
        to_authority=breach.to_authority,
        to_everybody=breach.to_everybody,
        asked_by=breach.asked_by,
        approved_by=_user(request),
        phones=len(phones),
    )
    for phone in phones:
        tell(
            phone,
            "privacy_breach",
            {"words": notice.to_people},
            f"{told_as(breach)}{notice.pk}:{_key(phone)}",
        )
    if not breach.is_drill:
        breach.told_at = breach.told_at or notice.at
    breach.asked_by = None
    draft(breach)  # of what may be told next
    breach.save()
    deed = "승인함 (훈련: 보내지 않음)" if breach.is_drill else f"승인하고 {len(phones):,}명께 알림"
    _step(request, breach, deed)
    return len(phones)


def told_as(breach: Breach) -> str:
    """How the keys of all messages about it begin."""
    return f"breach:{breach.pk}:"


def _key(phone: str) -> str:
    """Tells phones apart in a key without showing them."""
    from .keys import blind_index

    return blind_index("phone", phone)[:32]


@transaction.atomic
def note(request: HttpRequest, pk: Any, what: str) -> Breach:
    """`what`: "reported" (신고), "posted" (누리집에 올림): what was approved, as it was approved."""
    breach = _locked(request, pk)
    name = f"{what}_at"
    if getattr(breach, name):
        raise NotPossible("이미 적었습니다.")
    if what == "posted" and not breach.notices.exists():
        raise NotPossible("다른 담당이 승인한 글만 누리집에 올릴 수 있습니다. 먼저 승인을 받아 주세요.")
    setattr(breach, name, timezone.now())
    breach.save()
    _step(request, breach, {"reported": "신고함", "posted": "누리집에 올림"}[what])
    return breach


@transaction.atomic
def close(request: HttpRequest, pk: Any) -> Breach:
    """One asks for it, another ends it. Not while somebody is still to be told."""
    breach = _locked(request, pk)
    if breach.state != State.ALL_CLEAR and breach.told_at is None and not breach.is_drill:
        raise NotPossible("아직 아무에게도 알리지 않았습니다. 알리거나 ‘유출 아님’으로 판단한 뒤에 마칩니다.")
    if calls := sent(told_as(breach)).to_call:
        raise NotPossible(f"문자가 닿지 않아 전화할 분이 {calls}명 있습니다. 전화를 마친 뒤에 마칩니다.")
    if breach.ending_by_id is None:
        breach.ending_by = _user(request)
        _step(request, breach, "마치자고 청함")
    elif breach.ending_by_id == request.user.pk:
        raise NotPossible("마치자고 청한 사람은 마칠 수 없습니다. 다른 담당이 눌러야 합니다.")
    else:
        breach.state, breach.ended_by = State.CLOSED, _user(request)
        _step(request, breach, "마침")
    breach.save()
    return breach
