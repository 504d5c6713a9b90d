"""The first key of a device. Changing keys without a gap is in docs/gateway-protocol.md, section 1."""

import secrets
from collections.abc import Collection

from django.db.models import Max

from .models import Gateway, GatewayKey


def give_keys(codes: Collection[str]) -> int:
    """A key of 32 random bytes for each of these devices that has no live one; how many were made."""
    bare = (
        Gateway.objects.filter(code__in=codes)
        .exclude(pk__in=GatewayKey.objects.filter(retired_at=None).values("gateway"))
        .annotate(last=Max("keys__number"))
    )
    keys = [GatewayKey(gateway=g, number=(g.last or 0) + 1, secret=secrets.token_hex(32)) for g in bare]
    return len(GatewayKey.objects.bulk_create(keys))
