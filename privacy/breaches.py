"""What is done about a breach (유출), step by step; of a drill the same, but nobody is told anything."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from . import breach_notices
from .access import Action, record
from .exposed import contacts, exposed, summary
from .models import Breach, BreachStep
from .telling import tell

State = Breach.State


class NotPossible(ValueError):
    """Its text says in Korean why not."""


def _step(request: HttpRequest, breach: Breach, deed: str) -> None:
    BreachStep.objects.create(breach=breach, deed=deed, by=_user(request))
    record(request, Action.CHANGE, [breach], f"{breach}: {deed}")


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
    """Writes the three notices anew, from what is known by now."""
    found = exposed(breach)
    known = summary(found)
    facts: dict[str, Any] = {
        "sure": breach.state == State.CONFIRMED,
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


def _locked(pk: Any) -> Breach:
    breach = Breach.objects.select_for_update(of=("self",)).get(pk=pk)
    if breach.state == State.CLOSED:
        raise NotPossible("이미 마친 일입니다.")
    return breach


@transaction.atomic
def judge(request: HttpRequest, pk: Any, state: str) -> Breach:
    """유출 가능성, 확인, 아님: the drafts follow, as long as nobody was told."""
    breach = _locked(pk)
    breach.state = State(state)
    if breach.told_at is None:
        draft(breach)
        breach.asked_by = breach.approved_by = None
    breach.save()
    _step(request, breach, f"‘{breach.get_state_display()}’(으)로 판단함")
    return breach


@transaction.atomic
def write(request: HttpRequest, pk: Any, words: dict[str, str]) -> Breach:
    """The notices as somebody wrote them, to be approved by another."""
    breach = _locked(pk)
    if breach.told_at:
        raise NotPossible("이미 알린 글은 고칠 수 없습니다.")
    for name, text in words.items():
        setattr(breach, name, text)
    breach.asked_by, breach.approved_by = _user(request), None
    breach.save()
    _step(request, breach, "알릴 글을 쓰고 승인을 청함")
    return breach


@transaction.atomic
def approve(request: HttpRequest, pk: Any) -> int:
    """By a second person: everybody whom a phone reaches is told, once. Returns how many; 0 in a drill."""
    breach = _locked(pk)
    if breach.told_at:
        raise NotPossible("이미 알렸습니다.")
    if breach.asked_by_id is None:
        raise NotPossible("먼저 알릴 글을 쓰고 승인을 청해 주세요.")
    if breach.asked_by_id == request.user.pk:
        raise NotPossible("글을 쓴 사람은 승인할 수 없습니다. 다른 담당이 승인해야 합니다.")
    if breach.state == State.ALL_CLEAR:
        raise NotPossible("‘유출 아님’으로 판단한 일은 알리지 않습니다.")
    phones, _ = contacts(exposed(breach))
    breach.approved_by = _user(request)
    if not breach.is_drill:
        for phone in sorted(phones):
            tell(phone, "privacy_breach", {"words": breach.to_people}, f"breach:{breach.pk}:{_key(phone)}")
        breach.told_at = timezone.now()
    breach.save()
    sent = 0 if breach.is_drill else len(phones)
    _step(
        request,
        breach,
        f"승인하고 {sent:,}명께 알림"
        if sent
        else "승인함 (훈련: 보내지 않음)"
        if breach.is_drill
        else "승인함",
    )
    return sent


def _key(phone: str) -> str:
    """Tells phones apart in a key without showing them."""
    from .keys import blind_index

    return blind_index("phone", phone)[:32]


@transaction.atomic
def note(request: HttpRequest, pk: Any, what: str) -> Breach:
    """`what`: "reported" (신고), "posted" (누리집에 올림), "closed" (마침)."""
    breach = _locked(pk)
    if what == "closed":
        breach.state = State.CLOSED
    else:
        name = f"{what}_at"
        if getattr(breach, name):
            raise NotPossible("이미 적었습니다.")
        setattr(breach, name, timezone.now())
    breach.save()
    _step(request, breach, {"reported": "신고함", "posted": "누리집에 올림", "closed": "마침"}[what])
    return breach
