"""신청: getting a seat, or a place in the line; giving it back; going to another class instead.

`book` is one statement (migration 0003): any number of people get their seats side by side, and whoever finds none
waits for nobody. The other deeds lock the session whole (history.py).
"""

import json
import uuid
from dataclasses import dataclass
from functools import cache
from typing import cast

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from people.phones import phone_index
from privacy import consents
from privacy.access import SYSTEM, Action, identifier, record
from privacy.consents import Consents
from privacy.fields import EncryptedTextField

from . import conditions, waiting
from .actors import Actor, Who
from .booking_states import NotPossible, State
from .history import locked, locked_session, write
from .models import Booking, BookingStep, Learner, Series, Session
from .notices import notify
from .refusals import (
    NOT_NOW,
    AlreadyBooked,
    NotNow,
    SameTime,
    TooManyPeople,
    at_the_same_time,
    check_conditions,
    person_index,
)
from .topics import age_band

Deed = BookingStep.Deed
#: `_book` says what it takes, as migration 0003 does.
_BOOK = """SELECT * FROM learning_book(
    %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


@dataclass(frozen=True)
class Asked:
    """Who wants to come, checked by a form. Phones in E.164 (people.phones.normalised).

    `phone`: the learner's; of a parent who has none, the child's. `booker_phone`: who showed that it is theirs, if
    somebody else books ("": the learner's own). `contact`: who gets the messages ("": the booker).
    """

    name: str
    phone: str
    birth_year: int | None = None
    booker_phone: str = ""
    booker_name: str = ""
    contact: str = ""
    wishes: str = ""
    way: str = Booking.Way.SELF
    is_example: bool = False


@dataclass(frozen=True)
class Booked:
    booking_id: uuid.UUID
    state: State

    @property
    def waits(self) -> bool:
        return self.state == State.WAITING


def book(
    session: Session,
    asked: Asked,
    by: Actor,
    *,
    despite: str = "",
    tells: bool = True,
    most: int | None = None,
    said: Consents | None = None,
) -> Booked:
    """A seat, or a place in the line if none is free or somebody waits already.

    `session`: as from Session.objects.for_booking(); what counts by then the database looks up again. `despite`: why
    conditions do not count, by staff; they may also book when the public cannot any more. `tells`: by a message.
    `most`: how many people one phone may book for. `said`: to what they agreed, kept with the booking.
    NotNow, AlreadyBooked, SameTime, DoesNotFit, TooManyPeople.
    """
    if not (by.who == Who.STAFF and despite):
        check_conditions(session, asked.name, asked.phone, asked.birth_year)
    outcome, booking_id = _book(session, asked, by, despite, tells=tells, most=most, said=said)
    if outcome in NOT_NOW:
        raise NotNow(outcome, session)
    if outcome == "already":
        raise AlreadyBooked(booking_id)
    if outcome == "same_time":
        raise SameTime(booking_id)
    if outcome == "too_many":
        raise TooManyPeople(most or 0)
    return Booked(booking_id, State(outcome))


@cache
def _sealing(model: type[Model], name: str) -> EncryptedTextField:
    return cast(EncryptedTextField, model._meta.get_field(name))


def _sealed(model: type[Model], name: str, value: str, pk: uuid.UUID) -> bytes | None:
    return _sealing(model, name).seal(value, pk).data if value else None


def _book(
    session: Session,
    asked: Asked,
    by: Actor,
    why: str,
    *,
    tells: bool,
    most: int | None,
    said: Consents | None,
) -> tuple[str, uuid.UUID]:
    """(state or why not, the booking it is about). What each argument of the statement is: migration 0003."""
    learner, booking, step = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    own = phone_index(asked.phone)
    booker = asked.booker_phone or asked.phone
    contact = asked.contact or booker
    age = conditions.age(asked.birth_year, session.starts_at.date()) if asked.birth_year else None
    arguments = (
        *(session.pk, timezone.now(), by.who == Who.STAFF),
        *(learner, person_index(asked.name, asked.phone), own),
        _sealed(Learner, "name", asked.name, learner),
        _sealed(Learner, "phone", asked.phone, learner),
        _sealed(Learner, "birth_year", str(asked.birth_year or ""), learner),
        *(booking, asked.way, own if booker == asked.phone else phone_index(booker)),
        _sealed(Booking, "contact", contact if contact != asked.phone else "", booking),
        _sealed(Booking, "booker_name", asked.booker_name, booking),
        _sealed(Booking, "wishes", asked.wishes, booking),
        *(age_band(age), asked.is_example),
        *(step, by.who, by.user.pk if by.user else None, _sealed(BookingStep, "why", why, step), tells),
        *(
            most,
            json.dumps(consents.rows(said, identifier(by.request) if by.request else SYSTEM))
            if said
            else None,
        ),
    )
    if (
        by.user is None
    ):  # their own deed: its step says all; what staff do with somebody's data is on record too
        return _call(arguments)
    with transaction.atomic():
        outcome, found = _call(arguments)
        if found == booking:
            who = by.user.get_username() if by.request is None else None
            record(by.request, Action.CREATE, [f"learning.booking:{booking}"], "배움터 신청: 신청함", who=who)
    return outcome, found


def _call(arguments: tuple) -> tuple[str, uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, arguments)
        return cursor.fetchone()


@transaction.atomic
def book_series(
    series: Series,
    asked: Asked,
    by: Actor,
    *,
    despite: str = "",
    most: int | None = None,
    said: Consents | None = None,
) -> list[tuple[Session, Booked]]:
    """Every session of it that is still to come, all or none, each with a seat or a place in its line; told once.

    What is booked already stays as it is. NotPossible as in `book`; NotNow if none is to come.
    """
    sessions = series.sessions.for_booking().for_public().order_by("pk")
    made = []
    for session in sessions:
        try:
            booked = book(session, asked, by, despite=despite, tells=False, most=most, said=said)
        except AlreadyBooked:
            continue
        made.append((session, booked))
        said = None  # once
    if not made:
        raise NotNow("none")
    made.sort(key=lambda pair: pair[0].starts_at)
    first = Booking.objects.get(pk=made[0][1].booking_id)
    first.session = made[0][0]
    waits = sum(booked.waits for _, booked in made)
    notify(first, "learning_booked_series", "series", times=len(made), seats=len(made) - waits, waits=waits)
    return made


@transaction.atomic
def cancel(pk: uuid.UUID | str, by: Actor, why: str = "") -> Booking:
    """Gives the seat back, or leaves the line; whoever has waited longest gets the next offer. Twice does nothing more.

    NotNow once the class has begun (attendance says then who came).
    """
    booking = locked(pk)
    if booking.state == State.CANCELLED:
        return booking
    if timezone.now() >= booking.session.starts_at:
        raise NotNow("begun")
    write(booking, Deed.CANCELLED, by, why, after=State.CANCELLED)
    waiting.offer_free_seats(booking.session)
    return booking


def _taken_now(session: Session) -> None:
    """NotNow unless citizens may book it at this moment, as learning_book says it of a booking (migration 0003)."""
    now = timezone.now()
    if session.state != Session.State.OPEN:
        raise NotNow("closed")
    if now < session.opens_at:
        raise NotNow("early", session)
    if now >= session.closes_at:
        raise NotNow("late")


@transaction.atomic
def move(pk: uuid.UUID | str, to: int, by: Actor, why: str = "") -> Booking:
    """Another session instead: the new booking, which has a seat. NotPossible if it has none to give; then all stays.

    Nobody is moved past those who wait there.
    """
    old_session = Booking.objects.values_list("session", flat=True).get(pk=pk)
    sessions = {n: locked_session(n) for n in sorted({old_session, to})}  # always in this order
    old = Booking.objects.select_for_update(of=("self",)).select_related("learner").get(pk=pk)
    old.session, new_session = sessions[old_session], sessions[to]
    if to == old_session:
        raise NotPossible("지금 신청하신 바로 그 수업입니다. 다른 수업을 골라 주세요.")
    if new_session.state == Session.State.CANCELLED or timezone.now() >= new_session.ends_at:
        raise NotNow("called_off" if new_session.state == Session.State.CANCELLED else "over")
    if by.who == Who.LEARNER:  # staff move them also before booking opens, and after it has closed
        _taken_now(new_session)
    theirs = Booking.objects.filter(learner=old.learner).exclude(pk=old.pk)
    if there := theirs.live().filter(session=to).first():
        raise AlreadyBooked(there.pk)
    if there := at_the_same_time(old.learner_id, new_session, but=old.pk):
        raise SameTime(there.pk)
    write(old, Deed.MOVED, by, why, after=State.MOVED)
    new = Booking(session=new_session, learner=old.learner, moved_from=old, entered_by=by.user)
    for name in ("way", "booker_name", "contact", "phone_index", "age_band", "wishes", "is_example"):
        setattr(new, name, getattr(old, name))
    new.save()
    new.refresh_from_db(fields=["state", "seat", "turn"])
    if new.state != State.CONFIRMED:
        raise NotPossible(
            "옮기려는 수업에 빈자리가 없거나 먼저 기다리는 분이 있습니다. 다른 수업을 골라 주세요."
        )
    write(new, Deed.BOOKED, by, why)
    waiting.offer_free_seats(old.session)
    return new
