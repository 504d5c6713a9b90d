"""The address from which a gateway fetches a broadcast's sound: signed, and good until the broadcast ends."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from .models import Broadcast

_signer = Signer(salt="broadcast.sound")


def sound_address(broadcast: Broadcast) -> str:
    """https://…/api/gateway/audio/<id>:<signature>/"""
    path = reverse("gateway:audio", args=[_signer.sign(str(broadcast.pk))])
    return f"{settings.PORTAL_URL}{path}"


def broadcast_of(token: str) -> str:
    """The id in a signed token. Raises ValueError if the portal did not sign it."""
    try:
        return _signer.unsign(token)
    except BadSignature as e:
        raise ValueError("not signed by the portal") from e
