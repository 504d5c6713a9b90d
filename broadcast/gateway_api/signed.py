"""Who calls: a gateway, by its signature. Section 1 of the protocol."""

import hmac
import re
import time
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from ..models import Gateway, GatewayKey
from ..signing import DATE, KEY, NONCE, SIGNATURE, signature

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Refused(APIException):
    """401 with the reason and the portal's clock, so that a box whose clock is off can set it."""

    status_code = 401

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.detail: dict[str, Any] = {"error": error, "now": int(time.time())}


class GatewaySignature(BaseAuthentication):
    """request.user is the Gateway; request.auth the Unix time at which it signed."""

    def authenticate(self, request: Request) -> tuple[Any, int]:
        key, secret = self._key(request.headers.get(KEY, ""))
        date, nonce = request.headers.get(DATE, ""), request.headers.get(NONCE, "")
        given = request.headers.get(SIGNATURE, "")
        expected = signature(
            secret, request.method or "", request.get_full_path(), date, nonce, request._request.body
        )
        if not hmac.compare_digest(given.encode(), expected.encode()):
            raise Refused("signature")
        if not date.isdecimal() or abs(time.time() - int(date)) > settings.GATEWAY_CLOCK_SKEW:
            raise Refused("clock")
        if not _NONCE.fullmatch(nonce) or not self._is_new(key, nonce, int(date)):
            raise Refused("replay")
        if key.used_at is None:
            GatewayKey.objects.filter(pk=key.pk, used_at=None).update(used_at=timezone.now())
        return key.gateway, int(date)

    def authenticate_header(self, request: Request) -> str:
        return "Jinju-Signature"

    @staticmethod
    def _key(name: str) -> tuple[GatewayKey, bytes]:
        code, _, number = name.rpartition(".")
        key = (
            GatewayKey.objects.select_related("gateway")
            .filter(gateway__code=code, number=int(number), retired_at=None, gateway__is_active=True)
            .first()
            if number.isdecimal() and len(number) < 5
            else None
        )
        if key is None:
            raise Refused("unknown_key")
        return key, bytes.fromhex(key.secret)

    @staticmethod
    def _is_new(key: GatewayKey, nonce: str, date: int) -> bool:
        """Whether this gateway has not used the nonce: one insert decides, also between two at once."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO broadcast_gatewaynonce (gateway_id, nonce, used_at)"
                " VALUES (%s, %s, to_timestamp(%s)) ON CONFLICT DO NOTHING",
                [key.gateway_id, nonce, date],
            )
            return cursor.rowcount == 1


class IsGateway(BasePermission):
    """Any gateway whose signature held."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, Gateway)


def caller(request: Request) -> tuple[Gateway, int]:
    """The gateway that signed, and the Unix time at which it did."""
    return cast(Gateway, request.user), cast(int, request.auth)
