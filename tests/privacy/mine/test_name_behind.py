"""A phone is not a person: who opens what is held behind one says a name that stands there."""

from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from people.phones import normalised, phone_index
from privacy import erasing, name_behind
from privacy.access import Action, record
from privacy.holdings import Person
from privacy.masking import masked_phone
from privacy.models import AccessRecord, ErasurePlan, Request
from privacy.person import names
from tests import make, make_learning
from tests.learning.access_cast import citizen

from .test_requests import asked, officer

pytestmark = pytest.mark.django_db

PHONE = "010-9999-7101"
NAME = "/privacy/mine/name/"
PERSONAL = ("held/", "looks/", "agreed/")


@pytest.fixture(autouse=True)
def no_tries_yet() -> None:
    cache.clear()


@pytest.fixture
def by_phone() -> Client:
    """Whoever has the phone now."""
    client = citizen(PHONE)
    session = client.session
    del session[name_behind.KEY]
    session.save()
    return client


def test_nothing_before_a_name_that_stands_there(by_phone: Client) -> None:
    make_learning.learner("예시 한아름", normalised(PHONE))
    for page in PERSONAL:
        answer = by_phone.get(f"/privacy/mine/{page}")
        assert unquote(answer["Location"]) == f"{NAME}?next=/privacy/mine/{page}"
    assert "한아름" not in by_phone.get(NAME).content.decode()
    refused = by_phone.post(f"{NAME}?next=/privacy/mine/held/", {"name": "예시 김다른"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "그 이름의 기록을 찾지 못했습니다" in page and "김다른" in page
    assert AccessRecord.objects.get(result="refused").detail == "내 개인정보: 이름이 맞지 않음"
    taken = by_phone.post(f"{NAME}?next=/privacy/mine/held/", {"name": " 예시한아름 "})
    assert taken["Location"] == "/privacy/mine/held/"
    assert "한아름" in by_phone.get("/privacy/mine/held/").content.decode()


def test_a_phone_without_a_name_behind_it_is_enough(by_phone: Client) -> None:
    for page in PERSONAL:
        assert by_phone.get(f"/privacy/mine/{page}").status_code == 200


def test_guessing_ends_for_the_phone_whoever_guesses(by_phone: Client) -> None:
    make_learning.learner("예시 한아름", normalised(PHONE))
    for n in range(name_behind.MOST):
        assert by_phone.post(NAME, {"name": f"예시 {n}"}).status_code == 422
    again = by_phone.post(NAME, {"name": "예시 한아름"})
    assert again.status_code == 422 and "잠시 멈췄습니다" in again.content.decode()
    assert by_phone.get("/privacy/mine/held/").status_code == 302


@pytest.mark.parametrize("back", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_leads_nowhere_else(by_phone: Client, back: str) -> None:
    make_learning.learner("예시 한아름", normalised(PHONE))
    assert by_phone.post(f"{NAME}?next={back}", {"name": "예시 한아름"})["Location"] == "/privacy/mine/"


def test_anybody_with_the_phone_may_ask_and_the_officer_sees_how_many_are_behind_it(by_phone: Client) -> None:
    for name in ("예시 한아름", "예시 김다른"):
        make_learning.learner(name, normalised(PHONE))
    assert len(names(Person(normalised(PHONE), phone_index(normalised(PHONE))))) == 2
    assert by_phone.get("/privacy/mine/requests/").status_code == 200
    row = asked("erase")
    desk = make.signed_in(Client(), officer())
    assert "서로 다른 이름이 2개" in desk.get(f"/privacy/requests/{row.pk}/").content.decode()
    desk.post(f"/privacy/requests/{row.pk}/?deed=grant", {"answer": "모두 지웁니다"})
    plan = ErasurePlan.objects.get()
    assert "서로 다른 이름이 2개" in desk.get(f"/privacy/erasures/{plan.pk}/").content.decode()
    assert Request.objects.get().state == "erasing"


def test_each_of_a_family_sees_and_erases_their_own(
    by_phone: Client, django_capture_on_commit_callbacks
) -> None:
    """One phone, two people and what each did by it; the other's stays whole, also after a backup is restored."""
    hers, his = (make_learning.learner(name, normalised(PHONE)) for name in ("예시 한아름", "예시 김다른"))
    by_phone.post(NAME, {"name": hers.name})
    held = by_phone.get("/privacy/mine/held/").content.decode()
    assert hers.name in held and his.name not in held
    by_phone.post("/privacy/mine/requests/", {"kind": "erase", "words": "", "once": str(uuid4())})
    row = Request.objects.get()
    desk = make.signed_in(Client(), officer())
    page = desk.get(f"/privacy/requests/{row.pk}/").content.decode()
    assert "이름도 맞음" in page and "서로 다른 이름" not in page
    desk.post(f"/privacy/requests/{row.pk}/?deed=grant", {"answer": "지웁니다"})
    plan = ErasurePlan.objects.get()
    for learner in (hers, his):
        who = f"{masked_phone(learner.phone)} {learner.phone_index[:12]}"
        record(None, Action.CREATE, [learner], "배움터 신청", who=who)
    second = make.signed_in(Client(), officer())
    with django_capture_on_commit_callbacks(execute=True):
        second.post(f"/privacy/erasures/{plan.pk}/decide/", {"do": "approve"})
    hers.refresh_from_db()
    his.refresh_from_db()
    assert (hers.name, hers.phone) == ("", "") and his.name == "예시 김다른"
    did = AccessRecord.objects.filter(action="create", detail="배움터 신청").order_by("pk")
    assert [one.identifier == erasing.GONE for one in did] == [True, False]
    assert (row.phone, plan.name_code) and ErasurePlan.objects.get().name_code == ""
    # As in a backup from before: she is there again, with another key.
    again = make_learning.learner("예시 한아름", normalised(PHONE))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM privacy_destruction")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert erasing.replay() == 1
    again.refresh_from_db()
    his.refresh_from_db()
    assert again.name == "" and his.name == "예시 김다른"


def test_two_of_a_family_may_wait_to_be_erased(by_phone: Client) -> None:
    for name in ("예시 한아름", "예시 김다른"):
        make_learning.learner(name, normalised(PHONE))
        by_phone.post(NAME, {"name": name})
        by_phone.post("/privacy/mine/requests/", {"kind": "erase", "words": "", "once": str(uuid4())})
    desk = make.signed_in(Client(), officer())
    for row in Request.objects.all():
        desk.post(f"/privacy/requests/{row.pk}/?deed=grant", {"answer": "지웁니다"})
    assert ErasurePlan.objects.filter(state="waiting").count() == 2
