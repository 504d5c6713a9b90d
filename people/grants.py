"""Giving and taking back what somebody may do: rows that are added, never changed (trigger)."""

from typing import TypeVar, cast

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from privacy.access import Action, record

from .models import District, Grant, RoleGrant, User

G = TypeVar("G", bound=Grant)


class CannotGrant(ValueError):
    """Its text says in Korean why not."""


@transaction.atomic
def grant(
    user: User,
    role: str,
    district: District | None = None,
    *,
    reason: str,
    by: User | None = None,
    request: HttpRequest | None = None,
) -> RoleGrant:
    """Gives `user` a role; returns the one that holds already, if any. CannotGrant: phone users, closed accounts.

    `by` None: the system (an import, the demo). A phone's code is one factor: too little for a role.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.phone_sign_in:
        raise CannotGrant(
            "휴대전화로 로그인하는 사람에게는 직원 권한을 줄 수 없습니다. 아이디를 따로 만들어 주세요."
        )
    if not user.is_active:
        raise CannotGrant("닫은 계정에는 권한을 줄 수 없습니다.")
    if (role == RoleGrant.Role.OFFICE_CLERK) != (district is not None):
        raise CannotGrant("읍면동(--district)은 읍면동 직원에게, 읍면동 직원에게만 적습니다.")
    held = RoleGrant.objects.filter(user=user, role=role, district=district, revoked_at=None).first()
    if held:
        return held
    given = RoleGrant.objects.create(user=user, role=role, district=district, reason=reason, granted_by=by)
    record(request, Action.GRANT, [user], f"{given}: {reason}", who=by.get_username() if by else None)
    return given


@transaction.atomic
def revoke(held: G, *, reason: str, by: User | None = None, request: HttpRequest | None = None) -> G:
    """Takes a grant of any kind back, from now on. Twice does nothing more."""
    held = cast(G, type(held).objects.select_for_update(of=("self",)).get(pk=held.pk))
    if held.revoked_at is None:
        held.revoked_at, held.revoked_by, held.revoked_reason = timezone.now(), by, reason
        held.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
        record(
            request, Action.REVOKE, [held.user], f"{held}: {reason}", who=by.get_username() if by else None
        )
    return held
