"""The keys of devices. How a box changes its key without a gap is in docs/gateway-protocol.md, section 1."""

import secrets
from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from people.models import User
from privacy.access import Action, record

from .models import Gateway, GatewayKey


class CannotChangeKey(ValueError):
    """Its text says in Korean why not, and what to do."""


def give_keys(codes: Collection[str]) -> int:
    """A key of 32 random bytes for each of these devices that has no live one; how many were made."""
    bare = (
        Gateway.objects.filter(code__in=codes)
        .exclude(pk__in=GatewayKey.objects.filter(retired_at=None).values("gateway"))
        .annotate(last=Max("keys__number"))
    )
    keys = [GatewayKey(gateway=g, number=(g.last or 0) + 1, secret=secrets.token_hex(32)) for g in bare]
    return len(GatewayKey.objects.bulk_create(keys))


@transaction.atomic
def next_key(gateway: Gateway, *, by: User) -> GatewayKey:
    """Key n+1 beside n. The only moment at which somebody may see its secret. CannotChangeKey if two are live."""
    gateway = Gateway.objects.select_for_update(of=("self",)).get(pk=gateway.pk)
    live = gateway.keys.filter(retired_at=None).order_by("number")
    if len(live) >= 2:
        raise CannotChangeKey(
            f"이미 열쇠가 둘입니다({live[0].number}번, {live[1].number}번). 안 쓰는 것을 먼저 거둬 주세요 (--retire)."
        )
    last = gateway.keys.aggregate(last=Max("number"))["last"] or 0
    key = GatewayKey.objects.create(gateway=gateway, number=last + 1, secret=secrets.token_hex(32))
    record(None, Action.CREATE, [gateway], f"장비 {gateway} 열쇠 {key.number}번 만듦", who=by.get_username())
    return key


@transaction.atomic
def retire_key(gateway: Gateway, number: int, *, by: User) -> GatewayKey:
    """The box is refused with that key from now on. CannotChangeKey if there is no such live key, or no other."""
    gateway = Gateway.objects.select_for_update(of=("self",)).get(pk=gateway.pk)
    live = {key.number: key for key in gateway.keys.filter(retired_at=None)}
    if number not in live:
        raise CannotChangeKey(f"{number}번은 지금 쓰는 열쇠가 아닙니다.")
    if len(live) == 1:
        raise CannotChangeKey("하나뿐인 열쇠입니다. 새 열쇠를 먼저 만들어 주세요 (--next).")
    key = live[number]
    key.retired_at = timezone.now()
    key.save(update_fields=["retired_at"])
    record(None, Action.DELETE, [gateway], f"장비 {gateway} 열쇠 {number}번 거둠", who=by.get_username())
    return key
