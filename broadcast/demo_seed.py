"""Puts the example city into the database: villages and devices, then who may speak to them. Twice changes nothing."""

from collections.abc import Sequence

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.db import transaction

from people.accounts import create_phone_user, create_staff, phone_user
from people.demo import PASSWORD
from people.grants import grant
from people.models import District, User
from privacy.access import Action, record

from .demo import demo_villages
from .demo_accounts import DEMO_ACCOUNTS, DemoAccount
from .demo_templates import give_templates
from .gateway_keys import give_keys
from .models import ChiefPost, Gateway, GatewayKey, SendingRule, SoundRule, Village

REASON = "예시 도시"


class NotAnExampleCity(RuntimeError):
    """A real city gets no example people and no example villages."""


@transaction.atomic
def seed(simulator_url: str) -> None:
    """The 358 villages, a device and a key each (address `simulator_url`/<code>), and DEMO_ACCOUNTS.

    Villages and addresses are brought up to date; people, keys and grants stay. NotAnExampleCity in production.
    """
    if settings.PRODUCTION:
        raise NotAnExampleCity("PORTAL_MODE=production")
    if not Village.objects.exists():
        _no_night()
    villages = _villages()
    _gateways(villages, simulator_url.rstrip("/"))
    for account in DEMO_ACCOUNTS:
        _chief(account, villages) if account.role == "chief" else _staff(account)
    give_templates()


def _no_night() -> None:
    """Whoever tries the example city at midnight wants to hear it: rules that hold at certain hours rest at first."""
    SendingRule.objects.filter(hour_from__isnull=False).update(is_active=False)
    SoundRule.objects.filter(is_quiet=True).update(is_active=False)


def _villages() -> list[Village]:
    """In the order of the devices' numbers."""
    rows = [
        Village(
            code=v.code,
            name=v.name,
            district_id=v.district,
            legal_area_id=v.legal_area,
            lat=v.lat,
            lon=v.lon,
            homes=v.homes,
            is_example=v.is_example,
        )
        for v in demo_villages()
    ]
    fields = ["name", "district_id", "legal_area_id", "lat", "lon", "homes", "is_example"]
    Village.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    known = Village.objects.in_bulk([row.code for row in rows], field_name="code")
    return [known[row.code] for row in rows]


def _gateways(villages: Sequence[Village], url: str) -> None:
    rows = [
        Gateway(code=f"JJ-{number:04}", village=village, driver="http", address=f"{url}/JJ-{number:04}")
        for number, village in enumerate(villages, 1)
    ]
    Gateway.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["village", "address"]
    )
    give_keys([row.code for row in rows])


def _staff(account: DemoAccount) -> None:
    user = User.objects.filter(username=account.sign_in).first() or create_staff(
        *(account.sign_in, account.name, PASSWORD),
        phone=account.phone,
        totp_secret=generate_totp_secret(),
        is_demo=True,
    )
    district = District.objects.get(name=account.place) if account.place else None
    for role in filter(None, (account.role, account.also)):
        grant(user, role, district, reason=REASON)


def _chief(account: DemoAccount, villages: Sequence[Village]) -> None:
    user = phone_user(account.sign_in) or create_phone_user(account.sign_in, account.name, is_demo=True)
    for village in [v for v in villages if v.legal_area_id == account.place][: account.villages]:
        if not ChiefPost.objects.filter(user=user, village=village, revoked_at=None).exists():
            post = ChiefPost.objects.create(user=user, village=village, reason=REASON)
            record(None, Action.GRANT, [user], f"{post}: {REASON}")


def simulator_keys() -> list[dict[str, str | int]]:
    """The live keys of the example devices, for the simulator: [{"code", "key" (its number), "secret"}]."""
    codes = [f"JJ-{number:04}" for number in range(1, len(demo_villages()) + 1)]
    keys = (
        GatewayKey.objects.filter(gateway__code__in=codes, retired_at=None)
        .select_related("gateway")
        .order_by("gateway__code", "number")
    )
    return [{"code": k.gateway.code, "key": k.number, "secret": k.secret} for k in keys]
