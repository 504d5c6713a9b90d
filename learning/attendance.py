"""출석과 수료증: who came, and what they get for it."""

import secrets
import uuid

from django.db import transaction
from django.utils import timezone

from .actors import Actor
from .booking_states import NotPossible, State
from .history import locked, write
from .models import Booking, BookingStep, Certificate, Series, Session

Deed = BookingStep.Deed
Attendance = Booking.Attendance
_DEEDS = {Attendance.CAME: Deed.CAME, Attendance.ABSENT: Deed.ABSENT, Attendance.UNKNOWN: Deed.UNMARKED}
#: Of a series this share must have been attended, in percent.
ENOUGH = 80


@transaction.atomic
def mark(pk: uuid.UUID | str, attendance: str, by: Actor) -> Booking:
    """출석, 결석, or ("") neither yet. The same twice does nothing more.

    NotPossible before the day of the class, for whoever has no seat, or once a certificate says that they came.
    """
    booking = locked(pk)
    if booking.attendance == attendance:
        return booking
    if booking.state != State.CONFIRMED or booking.session.state == Session.State.CANCELLED:
        raise NotPossible("자리가 있는 분만 출석을 적을 수 있습니다.")
    if timezone.localdate() < timezone.localdate(booking.session.starts_at):
        raise NotPossible("출석은 수업하는 날부터 적을 수 있습니다.")
    if Certificate.objects.filter(learner=booking.learner_id, session=booking.session_id).exists():
        raise NotPossible("수료증을 이미 냈습니다. 출석을 바꿀 수 없습니다.")
    booking.attendance = attendance
    booking.save(update_fields=["attendance"])
    write(booking, _DEEDS[Attendance(attendance)], by, tells=False)
    return booking


@transaction.atomic
def certify(pk: uuid.UUID | str, by: Actor) -> Certificate:
    """수료증 of this booking: of its series, if booked as one and over; else of the session. Issued once.

    NotPossible if they did not come (often enough).
    """
    booking = locked(pk)
    session = booking.session
    if booking.attendance != Attendance.CAME:
        raise NotPossible("출석한 수업만 수료증을 낼 수 있습니다.")
    if session.series_id and session.series and session.series.as_one:
        made, new = _of_series(booking, session.series)
    else:
        day = timezone.localdate(session.starts_at)
        made, new = Certificate.objects.get_or_create(
            learner=booking.learner,
            session=session,
            defaults={"first_on": day, "last_on": day, "minutes": session.minutes, **_always(session)},
        )
    if new:
        write(booking, Deed.CERTIFIED, by, tells=False)
    return made


def _of_series(booking: Booking, series: Series) -> tuple[Certificate, bool]:
    held = list(series.sessions.exclude(state=Session.State.CANCELLED).order_by("starts_at"))
    if timezone.now() < held[-1].ends_at:
        raise NotPossible("마지막 수업이 끝난 뒤에 수료증을 낼 수 있습니다.")
    came = set(
        Booking.objects.filter(
            learner=booking.learner_id, session__series=series, attendance=Attendance.CAME
        ).values_list("session", flat=True)
    )
    attended = [session for session in held if session.pk in came]
    if len(attended) * 100 < len(held) * ENOUGH:
        raise NotPossible(
            f"{len(held)}번 가운데 {len(attended)}번 나오셨습니다. {ENOUGH}% 이상 나오셔야 수료증을 낼 수 있습니다."
        )
    return Certificate.objects.get_or_create(
        learner=booking.learner,
        series=series,
        defaults={
            "first_on": timezone.localdate(attended[0].starts_at),
            "last_on": timezone.localdate(attended[-1].starts_at),
            "minutes": sum(session.minutes for session in attended),
            **_always(booking.session),
        },
    )


def _always(session: Session) -> dict[str, object]:
    digits = f"{secrets.randbelow(10**8):08}"
    return {"course": session.course, "number": f"배움-{timezone.localdate().year}-{digits[:4]}-{digits[4:]}"}
