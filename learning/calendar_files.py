"""Calendar files (.ics, RFC 5545): one of a booking, and a feed of public classes that a calendar fetches again.

Times are in UTC: every calendar shows them in local time, and no description of a time zone has to come along.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from icalendar import Alarm, Calendar, Event
from icalendar.enums import STATUS

from .booking_states import State
from .models import Booking, Session

PRODUCT = "-//Jinju//Digital inclusion portal//KO"
#: How often a calendar should fetch the feed again.
REFRESH = timedelta(hours=6)


def of_booking(booking: Booking, now: datetime) -> bytes:
    """One event, with a reminder the day before. No name and no number of anybody."""
    event = _event(booking.session, f"booking-{booking.pk}", now)
    event.status = STATUS.CONFIRMED if booking.state == State.CONFIRMED else STATUS.TENTATIVE
    if not booking.is_live:
        event.status = STATUS.CANCELLED
    event.url = f"{settings.PORTAL_URL}{reverse('learning:my_booking', args=[booking.pk])}"
    alarm = Alarm.new(description=booking.session.course.title)
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-1))
    event.add_component(alarm)
    return Calendar.new(prodid=PRODUCT, subcomponents=[event]).to_ical()


def of_sessions(name: str, sessions: Iterable[Session], now: datetime) -> bytes:
    """The feed. A class that was called off stays in it as cancelled, so that it disappears where it was shown."""
    events = []
    for session in sessions:
        event = _event(session, f"class-{session.pk}", now)
        off = session.state == Session.State.CANCELLED
        event.status = STATUS.CANCELLED if off else STATUS.CONFIRMED
        event.url = f"{settings.PORTAL_URL}{reverse('learning:class', args=[session.pk])}"
        events.append(event)
    feed = Calendar.new(prodid=PRODUCT, name=name, refresh_interval=REFRESH, subcomponents=events)
    feed.add("x-wr-timezone", settings.TIME_ZONE)
    return feed.to_ical()


def _event(session: Session, key: str, now: datetime) -> Event:
    centre = session.room.centre
    said = [session.course.learn]
    if session.course.bring:
        said.append(f"가져올 것: {session.course.bring}")
    said.append(f"물어보실 곳: {settings.HELP_PHONE}")
    called_off = "(휴강) " if session.state == Session.State.CANCELLED else ""
    return Event.new(
        uid=f"{key}@{urlsplit(settings.PORTAL_URL).hostname}",
        stamp=now.astimezone(UTC),
        start=session.starts_at.astimezone(UTC),
        end=session.ends_at.astimezone(UTC),
        summary=f"{called_off}{session.course.title}",
        location=" ".join(filter(None, (centre.name, session.room.name, centre.address))),
        description="\n".join(said),
    )
