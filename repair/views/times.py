"""Times as pages of staff write them. A template's filter takes ten times as long, and a case has dozens of them."""

from datetime import date, datetime

from django.utils import timezone

WEEKDAYS = "월화수목금토일"


def day(on: date) -> str:
    """7월 3일"""
    return f"{on.month}월 {on.day}일"


def weekday(on: date) -> str:
    """7월 3일(금)"""
    return f"{on.month}월 {on.day}일({WEEKDAYS[on.weekday()]})"


def hour(at: datetime) -> str:
    """7월 3일 14:05"""
    local = timezone.localtime(at)
    return f"{local.month}월 {local.day}일 {local:%H:%M}"


def year_hour(at: datetime) -> str:
    """2026년 7월 3일 14:05"""
    return f"{timezone.localtime(at).year}년 {hour(at)}"


def dotted(at: datetime) -> str:
    """2026. 7. 3."""
    local = timezone.localtime(at)
    return f"{local.year}. {local.month}. {local.day}."


def dotted_hour(at: datetime) -> str:
    """2026. 7. 3. 14:05"""
    local = timezone.localtime(at)
    return f"{local.year}. {local.month}. {local.day}. {local:%H:%M}"
