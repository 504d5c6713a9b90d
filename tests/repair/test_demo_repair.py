"""The example programme: every state, true to its own rules, and never in a real city."""

import time
from io import StringIO
from subprocess import run
from sys import executable

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from people.demo import PASSWORD
from people.models import Message, RoleGrant, User
from people.phones import mobile, phone_index
from repair import demo, settlements
from repair.actors import contractor_of
from repair.demo_accounts import DEMO_ACCOUNTS, DEMO_CITIZEN
from repair.figures import of_year
from repair.models import BudgetEntry, Case, DeadlineChange, Device, Pause, Programme, Settlement, Step
from repair.states import State
from tests import make

pytestmark = pytest.mark.django_db


def seed() -> str:
    out = StringIO()
    call_command("seed_demo_repair", stdout=out)
    return out.getvalue()


def test_the_example_programme() -> None:
    make.places()
    began = time.perf_counter()
    told = seed()
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what a commit would refuse
    print(f"\nseeded in {seconds:.1f} s, {Case.objects.count()} cases")
    assert all(account.sign_in in told for account in DEMO_ACCOUNTS)
    today = timezone.localdate()
    this = Case.objects.filter(programme=today.year)
    last = Case.objects.filter(programme=today.year - 1)
    assert set(Case.objects.values_list("state", flat=True)) == set(State)
    assert this.count() > 85
    assert set(last.values_list("state", flat=True)) == {
        State.SETTLED,
        State.REFUSED,
        State.WITHDRAWN,
        State.WAITING,
    }
    assert not Case.objects.filter(is_example=False).exists()
    assert all(case.resident.name.startswith("예시 주민") for case in Case.objects.select_related("resident"))
    # What the screens are tried with.
    paused = Case.objects.filter(pauses__until_on=None, pauses__isnull=False)
    late = this.filter(state=State.SELECTED, deadline_on__lt=today).exclude(pk__in=paused)
    assert late.count() >= 3
    assert this.filter(state=State.SELECTED, arrived_at__isnull=False, due_on__isnull=False).count() == 1
    assert Pause.objects.filter(until_on=None).count() == 1
    assert DeadlineChange.objects.exists()
    assert this.filter(own_share_won__gt=0).count() >= 3
    assert this.filter(kind=Case.Kind.ORGANISATION).exists()
    assert set(Device.objects.exclude(outcome="").values_list("outcome", flat=True)) == set(
        Device.Outcome.values
    )
    mine = Case.objects.get(phone_index=phone_index(mobile(DEMO_CITIZEN)))
    assert (mine.state, mine.tells, mine.district.name) == (State.SELECTED, Case.Tells.APPLICANT, "문산읍")
    # Money.
    for programme in Programme.objects.all():
        entries = BudgetEntry.objects.filter(programme=programme, kind="settled")
        assert entries.aggregate(Sum("amount_won"))["amount_won__sum"] == programme.settled_won
        assert programme.left_won >= 0
    assert (
        Programme.objects.get(pk=today.year - 1).left_won
        < 200_000
        <= Programme.objects.get(pk=today.year).left_won
    )
    assert Settlement.objects.count() >= 8
    for settlement in Settlement.objects.all():
        rows = settlements.rows(settlement)
        assert sum(row.city for row in rows) == settlement.total_won
    [figures, before] = [of_year(today.year), of_year(today.year - 1)]
    assert figures.finished > 50
    assert 0 < figures.late < figures.in_time
    assert figures.mean_points and before.mean_points
    # Nothing lies in the future or out of order, and nobody is told of what is long past.
    assert not Step.objects.filter(at__gt=timezone.now()).exists()
    for programme in Programme.objects.all():
        ledger = list(programme.entries.order_by("pk").values_list("at", flat=True))
        assert ledger == sorted(ledger)
    assert not Message.objects.exists()
    assert timezone.now().year >= today.year


def test_again_changes_nothing() -> None:
    make.places()
    seed()
    before = Case.objects.count(), Step.objects.count(), User.objects.count(), RoleGrant.objects.count()
    assert "그대로" in seed()
    assert (
        Case.objects.count(),
        Step.objects.count(),
        User.objects.count(),
        RoleGrant.objects.count(),
    ) == before


def test_the_people_are_examples_with_what_they_may_do() -> None:
    make.places()
    seed()
    for account in DEMO_ACCOUNTS:
        user = User.objects.get(username=account.sign_in)
        assert user.is_demo
        assert user.name.startswith("예시")
        assert user.check_password(PASSWORD)
        assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
        if account.role == "technician":
            assert str(contractor_of(user)) == account.place
        else:
            assert user.has_role(account.role)


def test_a_real_city_gets_no_examples(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="운영 중인 도시"):
        seed()
    assert not User.objects.exists()
    assert not Case.objects.exists()


def test_a_programme_that_is_there_is_left_alone() -> None:
    from tests import make_repair

    make_repair.programme()
    assert demo.seed() is False
    assert not Case.objects.exists()


def test_the_accounts_are_known_without_django() -> None:
    code = "import sys; import repair.demo_accounts; sys.exit('django' in sys.modules)"
    assert run([executable, "-c", code], check=False).returncode == 0
