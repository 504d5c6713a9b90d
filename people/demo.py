"""What an example city shows on its sign-in pages. Elsewhere its people cannot sign in (backends.py)."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache

from .models import User
from .phones import national

#: Of every example person with a login id. Not a secret: it opens nothing in a real city.
PASSWORD = "jinju-demo-2026"  # noqa: S105
#: Staff and chiefs shown; of these there are 358.
STAFF, CHIEFS = 20, 4


def totp_code(user: User) -> str:
    """A code that their authenticator app would show and that was not used yet; '' if they have no app."""
    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if not (settings.DEMO and user.is_demo and held):
        return ""
    counter = int(time.time()) // 30
    app = TOTP(held)
    codes = [format_hotp_value(hotp_value(decrypt(held.data["secret"]), counter + i)) for i in (0, 1, -1)]
    return next((code for code in codes if not cache.get(app._get_used_cache_key(code))), codes[0])


def staff() -> list[dict[str, Any]]:
    """Name, id and code of the example staff."""
    if not settings.DEMO:
        return []
    people = User.objects.filter(is_demo=True, phone_sign_in=False, is_active=True).order_by("created_at")
    return [{"name": p.name, "username": p.username, "code": totp_code(p)} for p in people[:STAFF]]


def chiefs() -> list[dict[str, str]]:
    """Name and phone of some example phone users."""
    if not settings.DEMO:
        return []
    people = User.objects.filter(is_demo=True, phone_sign_in=True, is_active=True).order_by("created_at")
    return [{"name": p.name, "phone": national(p.phone)} for p in people[:CHIEFS]]
