"""What was promised about how long is kept: needs for a month, people for three whole years after they last came."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from learning.consent_texts import TEXTS
from learning.forgetting import forget, forget_learners, forget_needs
from learning.keeping import PROMISES, Promise, windows
from learning.models import (
    Booking,
    BookingStep,
    Certificate,
    Instructor,
    Learner,
    Session,
    VisitClass,
    VisitRequest,
    VisitStep,
)
from people.demo_clock import clock_at
from privacy.fields import EncryptedTextField
from privacy.holdings import holdings
from privacy.models import AccessRecord
from tests import make, make_learning

OLD, NEW = Promise(date(2026, 1, 1), 3, 30), Promise(date(2028, 7, 1), 1, 10)


def test_what_ended_under_a_promise_is_kept_by_that_one() -> None:
    both = (OLD, NEW)
    assert windows(date(2029, 6, 1), both) == [(date.min, date(2026, 1, 1))]
    assert windows(date(2030, 2, 1), both) == [
        (date.min, date(2027, 1, 1)),
        (date(2028, 7, 1), date(2029, 1, 1)),
    ]
    assert windows(date(2028, 7, 20), both, needs=True) == [
        (date.min, date(2028, 6, 20)),
        (date(2028, 7, 1), date(2028, 7, 10)),
    ]


def test_the_pages_say_what_is_done() -> None:
    assert {(one.years, one.needs_days) for one in PROMISES} == {(3, 30)}
    said = {text.key: text.keeps for text in TEXTS}
    assert "3년" in said["learning.personal"] and "마지막" in said["learning.personal"]
    assert "한 달" in said["learning.needs"]


pytestmark = pytest.mark.django_db


def ended(booking: Booking, when) -> Booking:
    """As if its class had been then."""
    Session.objects.filter(pk=booking.session_id).update(
        starts_at=when - timedelta(hours=2),
        ends_at=when,
        opens_at=when - timedelta(days=9),
        closes_at=when - timedelta(hours=2),
    )
    return booking


def step(of: Booking, why: str) -> None:
    BookingStep.objects.create(booking=of, deed="came", before=of.state, after=of.state, who="staff", why=why)


def years_ago(years: int):
    return timezone.now().replace(year=timezone.localdate().year - years, month=6, day=15)


def test_needs_are_forgotten_a_month_after_the_class() -> None:
    now = timezone.now()
    old = ended(make_learning.booking(wishes="휠체어를 씁니다"), now - timedelta(days=32))
    young = ended(make_learning.booking(wishes="귀가 어둡습니다"), now - timedelta(days=27))
    coming = make_learning.booking(wishes="지팡이")
    assert forget_needs() == 1
    assert forget_needs() == 0
    kept = {one.pk: one.wishes for one in Booking.objects.all()}
    assert kept == {old.pk: None, young.pk: "귀가 어둡습니다", coming.pk: "지팡이"}
    assert Learner.objects.get(pk=old.learner_id).name
    assert AccessRecord.objects.get(action="delete").subjects == [f"learning.booking:{old.pk}"]


def test_after_three_whole_years_nothing_of_a_person_is_left() -> None:
    gone = ended(make_learning.booking(booker_name="예시 딸", contact="+821099990000"), years_ago(4))
    BookingStep.objects.create(
        booking=gone, deed="came", before="confirmed", after="confirmed", who="staff", why="늦게 옴"
    )
    edge = ended(make_learning.booking(), years_ago(3))
    came_again = ended(make_learning.booking(), years_ago(6))
    ended(make_learning.booking(who=came_again.learner), years_ago(1))
    assert forget_learners() == 1
    assert forget_learners() == 0
    gone.refresh_from_db()
    learner = Learner.objects.get(pk=gone.learner_id)
    assert (learner.name, learner.phone, learner.birth_year, learner.phone_index) == ("", "", None, "")
    assert learner.person_index == f"erased-{learner.pk.hex}"
    assert (gone.booker_name, gone.contact, gone.phone_index, gone.state) == (None, None, "", "confirmed")
    assert not BookingStep.objects.filter(booking=gone, why__isnull=False).exists()
    assert not Booking.objects.for_phone("").exists()
    for kept in (edge, came_again):
        assert Learner.objects.get(pk=kept.learner_id).name
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_requests_and_their_places_go_together() -> None:
    old = years_ago(4)
    with clock_at(old):
        visit = make_learning.visit_class(starts_at=old, state="reported")
        done = make_learning.visit_request(
            state="done", visit_class=visit, ended_at=old, words="계단이 많습니다"
        )
        VisitStep.objects.create(request=done, deed="done", after="done", who="system", why="전화함")
    young = make_learning.visit_request(state="withdrawn", ended_at=timezone.now())
    waits = make_learning.visit_request()
    assert forget() == 2
    assert forget() == 0
    assert make.destroyed() == [("찾아가는 수업 신청", 1), ("찾아가는 수업을 한 곳", 1)]
    done.refresh_from_db()
    assert (done.contact_name, done.contact_phone, done.address, done.words, done.phone_index) == (
        "",
        "",
        "",
        "",
        "",
    )
    assert (done.state, done.people, done.topic) == ("done", 3, "smartphone")
    visit.refresh_from_db()
    assert (visit.place_name, visit.address) == ("", None)
    assert not VisitStep.objects.filter(why__isnull=False).exists()
    for kept in (young, waits):
        assert VisitRequest.objects.get(pk=kept.pk).contact_name


def test_no_sealed_field_is_forgotten_in_the_register() -> None:
    held = {h.model: h for h in holdings() if not h.part}
    for model in apps.get_app_config("learning").get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                assert field.name in held[model._meta.label].fields, f"{model._meta.label}.{field.name}"


def test_each_holding_exports_and_erases() -> None:
    booking = make_learning.booking(wishes="휠체어", booker_name="예시 딸")
    BookingStep.objects.create(
        booking=booking, deed="came", before="confirmed", after="confirmed", who="staff", why="왔음"
    )
    day = timezone.localdate()
    Certificate.objects.create(
        number="시험-1",
        learner=booking.learner,
        course=booking.session.course,
        session=booking.session,
        first_on=day,
        last_on=day,
        minutes=120,
    )
    request = make_learning.visit_request(words="2층입니다")
    visit = make_learning.visit_class()
    VisitStep.objects.create(request=request, deed="asked", after="open", who="group", why="급함")
    make_learning.instructor()
    make_learning.centre_staff()
    for holding in holdings():
        if holding.model.startswith("learning."):
            row = apps.get_model(holding.model).objects.first()
            assert row is not None, holding.model
            told = holding.export(row)
            assert all(isinstance(value, str) for value in told.values()), holding.model
            holding.erase(row)
    assert Learner.objects.get().name == ""
    assert VisitRequest.objects.get().contact_name == ""
    assert VisitClass.objects.get(pk=visit.pk).address is None
    assert not Instructor.objects.get().availability.exists()
