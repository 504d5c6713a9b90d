"""Bytes of the ledger in templates."""

from django import template

register = template.Library()


@register.filter
def hexadecimal(data: bytes) -> str:
    return bytes(data).hex()
