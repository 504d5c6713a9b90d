"""The example 디지털배움터: every state, true to its own rules, seeded within seconds, and never in a real city."""

import time
from io import StringIO
from itertools import pairwise
from subprocess import run
from sys import executable

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from learning import fees, open_data
from learning.booking_states import State
from learning.demo_accounts import DEMO_ACCOUNTS, DEMO_GROUP, DEMO_LEARNER, HUB
from learning.figures import of_year
from learning.models import (
    Assignment,
    Booking,
    Centre,
    CentrePost,
    Certificate,
    Fee,
    Institution,
    Instructor,
    Learner,
    Session,
    VisitClass,
    VisitReport,
    VisitRequest,
    WalkIn,
)
from learning.visit_states import ClassState, RequestState
from people.demo import PASSWORD
from people.models import Message, RoleGrant, User
from people.phones import mobile, phone_index
from tests import make

pytestmark = pytest.mark.django_db


def seed() -> str:
    make.places()
    out = StringIO()
    call_command("seed_demo_learning", stdout=out)
    return out.getvalue()


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count()
        for model in (Centre, Booking, VisitRequest, WalkIn, User, RoleGrant, CentrePost)
    )


def test_the_example() -> None:
    cache.clear()
    began = time.perf_counter()
    told = seed()
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what a commit would refuse
    print(
        f"\nseeded in {seconds:.1f} s: {Session.objects.count()} classes, {Booking.objects.count()} bookings"
    )
    assert all(account.sign_in in told for account in DEMO_ACCOUNTS)

    # Every state of a booking but `moved`, every state of a request and of a visiting class.
    assert set(Booking.objects.values_list("state", flat=True)) == set(State) - {State.MOVED}
    assert set(VisitRequest.objects.values_list("state", flat=True)) == set(RequestState)
    assert set(VisitClass.objects.values_list("state", flat=True)) == set(ClassState)
    now = timezone.now()
    assert Session.objects.filter(starts_at__gt=now, opens_at__gt=now).exists()
    assert Session.objects.filter(state="cancelled").exists()

    # Of eight centres two are known by name; everything else says that it is made up.
    assert Centre.objects.count() == 8
    assert set(Centre.objects.filter(is_example=False).values_list("name", flat=True)) == {
        HUB,
        "제1 시니어정보센터",
    }
    assert all(one.name.startswith("예시") for one in Centre.objects.filter(is_example=True))
    assert all(one.name.startswith("예시") for one in Institution.objects.all())
    assert all(one.name.startswith("예시 주민") for one in Learner.objects.all())
    assert not Booking.objects.filter(is_example=False).exists()
    assert all(
        User.objects.get(pk=one.user_id).name.startswith("예시 강사") for one in Instructor.objects.all()
    )
    assert not Message.objects.exists()  # nobody is told of what is made up

    # Nobody sits in two classes at once; each class has a lead.
    seats: dict[object, list] = {}
    for booking in Booking.objects.filter(state__in=("confirmed", "offered")).select_related("session"):
        seats.setdefault(booking.learner_id, []).append((booking.session.starts_at, booking.session.ends_at))
    for spans in seats.values():
        spans.sort()
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
    held = Session.objects.exclude(state="cancelled")
    led = held.filter(assignments__part="lead", assignments__released_at=None).distinct()
    assert led.count() >= 0.9 * held.count()
    assert Assignment.objects.filter(confirmed_at=None, released_at=None).exists()

    # Who tries it finds something to do and to see.
    mine = Booking.objects.for_phone(phone_index(mobile(DEMO_LEARNER)))
    assert {State.CONFIRMED, State.WAITING, State.OFFERED} <= set(mine.values_list("state", flat=True))
    assert mine.get(state=State.OFFERED).offer_until > now
    assert Certificate.objects.get().learner_id == mine.first().learner_id
    proposed = VisitRequest.objects.get(phone_index=phone_index(mobile(DEMO_GROUP)))
    assert (proposed.state, proposed.agreed_at) == (RequestState.PLANNED, None)
    assert VisitReport.objects.count() > 15
    assert Fee.objects.exists() and fees.due()
    this = timezone.localdate().year
    figures = of_year(this - 1)
    assert figures.all.came > 200 and figures.zone_people > 1000 and figures.all.visits > 3
    cache.clear()
    assert open_data.years() == [] or this - 1 in open_data.years()
    html = Client().get("/learning/zone/").content.decode()
    assert f"{HUB} 체험존" in html and "멀티 키오스크" in html

    # Asked for again, nothing more is made; whoever signs in may what is told of them.
    before = counts()
    assert "그대로" in seed()
    assert counts() == before
    for account in DEMO_ACCOUNTS:
        user = User.objects.get(username=account.sign_in)
        assert user.is_demo and user.name.startswith("예시") and user.check_password(PASSWORD)
        assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
        if account.role == "centre_staff":
            assert CentrePost.objects.in_force().get(user=user).centre.name == account.place
        else:
            assert user.has_role(account.role)


def test_a_real_city_gets_no_examples(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="운영 중인 도시"):
        seed()
    assert not User.objects.exists() and not Centre.objects.exists()


def test_the_accounts_are_known_without_django() -> None:
    code = "import sys; import learning.demo_accounts; sys.exit('django' in sys.modules)"
    assert run([executable, "-c", code], check=False).returncode == 0
