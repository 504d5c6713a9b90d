"""Villages and their speakers (place), what was said (message) and where it arrived (delivery)."""

from .delivery import Claim, Delivery, GatewayNonce, Receipt
from .health import Heartbeat
from .message import Broadcast, Recording
from .place import ChiefPost, Gateway, GatewayKey, Village

__all__ = [
    "Broadcast",
    "ChiefPost",
    "Claim",
    "Delivery",
    "Gateway",
    "GatewayKey",
    "GatewayNonce",
    "Heartbeat",
    "Receipt",
    "Recording",
    "Village",
]
