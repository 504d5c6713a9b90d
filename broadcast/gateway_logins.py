"""Logins by which the portal signs in to a device (`sip`, `axis`, `axis_clip`). They can be set, and never seen."""

from django.db import transaction

from people.models import User
from privacy.access import Action, record

from .models import Gateway, GatewayLogin


class NotALogin(ValueError):
    """Its text says in Korean what to do."""


@transaction.atomic
def set_login(gateway: Gateway, username: str, password: str, *, by: User) -> None:
    """From now on the portal signs in there so. Raises NotALogin for what digest cannot carry (RFC 7616, 3.4.4)."""
    if not username or len(username) > 64 or ":" in username or not username.isprintable():
        raise NotALogin("아이디는 쌍점(:) 없이 64자까지 적어 주세요.")
    if not password or len(password) > 128 or not password.isprintable():
        raise NotALogin("비밀번호는 한 줄로 128자까지 적어 주세요.")
    GatewayLogin.objects.update_or_create(
        gateway=gateway, defaults={"username": username, "password": password}
    )
    record(None, Action.CHANGE, [gateway], f"장비 {gateway} 로그인 정함", who=by.get_username())
