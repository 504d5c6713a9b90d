"""{% demo_staff %}, {% demo_chiefs %} and the like: empty outside an example city."""

from typing import Any

from django import template
from django.conf import settings

from .. import demo
from ..models import PhoneCode
from ..phone_codes import text_of

register = template.Library()


@register.inclusion_tag("people/demo/staff.html")
def demo_staff() -> dict[str, Any]:
    return {"people": demo.staff(), "password": demo.PASSWORD}


@register.inclusion_tag("people/demo/chiefs.html", takes_context=True)
def demo_chiefs(context: dict[str, Any]) -> dict[str, Any]:
    return {"people": demo.chiefs(), "next": context.get("next", "")}


@register.inclusion_tag("people/demo/text_message.html")
def demo_text_message(code: PhoneCode) -> dict[str, Any]:
    return {"text": text_of(code) if settings.DEMO else ""}


@register.inclusion_tag("people/demo/totp.html", takes_context=True)
def demo_totp(context: dict[str, Any]) -> dict[str, Any]:
    stage = getattr(context["request"], "_login_stage", None)
    return {"code": demo.totp_code(stage.login.user) if stage else ""}
