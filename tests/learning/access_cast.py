"""Who and what the access matrix (test_access_matrix.py) is about: every role signed in, and what is A's."""

from collections.abc import Iterable

from django.db import connection, models
from django.test import Client
from django.utils import timezone

from learning.models import Booking, Centre, Certificate, Fee, VisitReport
from people.models import Call, Message, PhoneCode, RoleGrant, User
from people.phones import normalised, phone_index
from privacy import name_behind
from privacy.access import subject
from repair.models import Programme
from tests import make, make_learning, make_repair

#: Words of A that stand nowhere else: as a learner, a booker, whoever asks for a visit, an instructor.
A_PHONE, B_PHONE = "010-9999-7001", "010-9999-7002"
CANARIES = (
    *("카나리아", "딸카나리", "대표카나리", "골짜기회관", "비밀로 77", "귀가카나리", "전할말카나리"),
    *("010-9999-7001", "01099997001", "+821099997001", "010-9999-7009", "01099997009", "+821099997009"),
)


def citizen(phone: str) -> Client:
    """Whoever showed that this phone is theirs, and is not asked for a name."""
    number = normalised(phone)
    now = timezone.now()
    code = PhoneCode.objects.create(
        phone=number, phone_index=phone_index(number), code_hash="", expires_at=now, used_at=now
    )
    client = Client()
    session = client.session
    session["citizen"] = str(code.pk)
    session[name_behind.KEY] = {"phone": phone_index(number), "name": ""}
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    return client


def _chief() -> User:
    """The same that tests/repair/access_cast.py makes, if it was asked before."""
    index = phone_index("+821099990007")
    known = User.objects.filter(phone_index=index).first()
    return known or make.chief(phone="+821099990007", phone_index=index, phone_sign_in=True)


def _privacy_officer() -> User:
    user = make.user()
    RoleGrant.objects.create(user=user, role=RoleGrant.Role.PRIVACY_OFFICER, reason="시험")
    return user


def cast(things: "Things") -> dict[str, Client]:
    """Role → signed in. `…_a` works at A's centre or teaches A; `…_b` elsewhere."""
    programme = Programme.objects.first() or make_repair.programme()
    assert programme.contractor
    users = {
        "chief": _chief(),
        "operator": make.city_operator(),
        "police": make.police(),
        "privacy": _privacy_officer(),
        "clerk": make.clerk(make.district("문산읍")),
        "repair_officer": make_repair.repair_officer(),
        "technician": make_repair.technician(programme.contractor),
        "call": make_learning.call_centre(),
        "coordinator": make_learning.coordinator(),
        "officer": make_learning.officer(),
        "centre_a": make_learning.centre_staff(things.centre),
        "centre_b": make_learning.centre_staff(),
        "instructor_a": things.teacher.user,
        "instructor_b": make_learning.instructor().user,
    }
    clients = {name: make.signed_in(Client(), user) for name, user in users.items()}
    return clients | {"nobody": Client(), "citizen_a": citizen(A_PHONE), "citizen_b": citizen(B_PHONE)}


class Things:
    """All that is A's. `args`: what addresses are asked with; `subjects`: what the access record must name."""

    def __init__(self) -> None:
        self.centre: Centre = make_learning.centre(name="가온 배움터")
        room = make_learning.room(self.centre)
        learner = make_learning.learner("카나리아", normalised(A_PHONE))
        self.teacher = make_learning.instructor(
            user=make_learning._with_role(RoleGrant.Role.LEARNING_INSTRUCTOR, phone="+821099997009")
        )
        series = make_learning.series(room=room)
        session = make_learning.session(room=room, days=3, series=series)
        rule = make_learning.course_rule(session.course, needs_level=1)
        told = {"booker_name": "딸카나리", "wishes": "귀가카나리"}
        booking = make_learning.booking(session, learner, **told)
        past = make_learning.session(room=room, days=-40)
        came = make_learning.booking(past, learner)
        Booking.objects.filter(pk=came.pk).update(attendance="came")
        day = timezone.localdate(past.starts_at)
        Certificate.objects.create(
            number="시험-7001",
            learner=learner,
            course=past.course,
            session=past,
            first_on=day,
            last_on=day,
            minutes=120,
        )
        taught = make_learning.assignment(self.teacher, past)
        fee = Fee.objects.create(
            assignment=taught,
            rate=make_learning.fee_rate(),
            month=day.replace(day=1),
            minutes=120,
            won=100_000,
            settled_by=make.user(),
        )
        make_learning.assignment(self.teacher, session)

        where = {"place_name": "골짜기회관", "address": "경상남도 진주시 비밀로 77"}
        visit = make_learning.visit_class(days=5, **where)
        request = make_learning.visit_request(
            contact_name="대표카나리",
            contact_phone=normalised(A_PHONE),
            state="planned",
            visit_class=visit,
            **where,
        )
        waits = make_learning.visit_request(
            contact_name="대표카나리", contact_phone=normalised(A_PHONE), **where
        )
        reported = make_learning.visit_class(days=-5, state="reported", **where)
        VisitReport.objects.create(visit_class=reported, came=5, taught="사진", written_by=self.teacher.user)
        assignment = make_learning.assignment(self.teacher, visit)

        message = Message.objects.create(
            key=f"learning_booked:{booking.pk}:1",
            template="learning_booked",
            to=normalised(A_PHONE),
            text="전할말카나리",
            state=Message.State.FAILED,
            calls=True,
            due_at=timezone.now(),
        )
        Call.objects.create(message=message)
        zone = make_learning.zone(centre=self.centre)
        self.args: dict[str, object] = {
            "session": session.pk,
            "past": past.pk,
            "booking": booking.pk,
            "came": came.pk,
            "course": session.course_id,
            "rule": rule.pk,
            "centre": self.centre.pk,
            "room": room.pk,
            "request": waits.pk,
            "visit": visit.pk,
            "assignment": assignment.pk,
            "instructor": self.teacher.pk,
            "month": f"{fee.month:%Y-%m}",
            "call": message.pk,
            "zone": zone.pk,
            "device": zone.devices.get().pk,
            "year": timezone.localdate().year,
            "nothing": 999_999,
        }
        rows = [
            learner,
            booking,
            came,
            request,
            waits,
            visit,
            reported,
            self.teacher,
            self.teacher.user,
            message,
        ]
        self.subjects = set(map(subject, rows))

    def post(self) -> int:
        return self.centre.posts.latest("pk").pk


def state(kinds: Iterable[type[models.Model]]) -> list[str]:
    """A digest of every row of each of these tables, as the database has it."""
    found = []
    with connection.cursor() as cursor:
        for kind in kinds:
            table = connection.ops.quote_name(kind._meta.db_table)
            cursor.execute(f"SELECT md5(string_agg(row::text, chr(10) ORDER BY row::text)) FROM {table} row")
            found.append(f"{kind._meta.label} {cursor.fetchone()[0]}")
    return found
