"""Villages and their speakers (place), what was said (message), by which rules (rules, decision, template, plan,
alert), where it arrived (delivery), who listens (listener), and who is alive (health)."""

from .alert import Alert, AlertSource
from .decision import Decision
from .delivery import Claim, Delivery, GatewayNonce, Receipt
from .health import Heartbeat, Outage
from .listener import NoiseComplaint, Subscription
from .message import Broadcast, Recording
from .place import ChiefPost, Gateway, GatewayKey, GatewayLogin, Village
from .plan import Airing, Plan
from .rules import Sender, SendingRule, SoundRule
from .template import Template, TemplatePart

__all__ = [
    "Airing",
    "Alert",
    "AlertSource",
    "Broadcast",
    "ChiefPost",
    "Claim",
    "Decision",
    "Delivery",
    "Gateway",
    "GatewayKey",
    "GatewayLogin",
    "GatewayNonce",
    "Heartbeat",
    "NoiseComplaint",
    "Outage",
    "Plan",
    "Receipt",
    "Recording",
    "Sender",
    "SendingRule",
    "SoundRule",
    "Subscription",
    "Template",
    "TemplatePart",
    "Village",
]
