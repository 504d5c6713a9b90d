"""What time it is, for tests whose days matter."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from people.models import RoleGrant
from repair.models import TechnicianPost

SEOUL = ZoneInfo("Asia/Seoul")


def set_to(monkeypatch: pytest.MonkeyPatch, day: date, hour: int = 12) -> datetime:
    """From now on it is that hour of that day in Jinju."""
    moment = datetime.combine(day, time(hour), SEOUL)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    for grant in (RoleGrant, TechnicianPost):  # they hold on to the clock that they were defined with
        field = grant._meta.get_field("granted_at")
        monkeypatch.setitem(vars(field), "_get_default", lambda: timezone.now())
    return moment
