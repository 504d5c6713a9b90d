"""Who could see this person on that day: by the posts of that day, not of today."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from broadcast.models import NoiseComplaint
from people.models import RoleGrant, User
from people.phones import normalised
from privacy.access import subject
from privacy.models import AccessRecord, Request
from tests import make, make_learning, make_repair
from tests.privacy.ledger import things
from tests.privacy.mine.test_requests import officer

pytestmark = pytest.mark.django_db

PHONE = "010-9999-7501"


@pytest.fixture
def desk() -> Client:
    return make.signed_in(Client(), officer())


def asked(desk: Client, days_ago: int = 0, phone: str = PHONE) -> str:
    day = timezone.localdate() - timedelta(days=days_ago)
    answer = desk.post("/privacy/rights/", {"phone": phone, "day": day.isoformat()})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_by_the_posts_of_that_day(desk: Client) -> None:
    make_repair.programme()
    case = make_repair.case(phone=PHONE, district=make.district("문산읍"))
    now, then = timezone.now(), timezone.now() - timedelta(days=30)
    type(case).objects.filter(pk=case.pk).update(filed_at=now - timedelta(days=60))
    here, left, elsewhere = make.user(), make.user(), make.clerk(make.district("금산면"))
    given = {"role": "office_clerk", "district": make.district("문산읍"), "reason": "시험"}
    RoleGrant.objects.create(user=here, granted_at=now - timedelta(days=5), **given)
    RoleGrant.objects.create(
        user=left,
        granted_at=then - timedelta(days=90),
        revoked_at=now - timedelta(days=9),
        revoked_by=here,
        **given,
    )
    today, before = asked(desk), asked(desk, days_ago=30)
    assert here.username in today and left.username not in today
    assert left.username in before and here.username not in before
    assert elsewhere.username not in today + before
    assert "문산읍 직원" in today and "무상수리 신청" in today


def test_a_technician_only_as_long_as_the_visit_is_open(desk: Client) -> None:
    year = make_repair.programme()
    assert year.contractor
    technician = make_repair.technician(year.contractor)
    visit = make_repair.visit(make_repair.selected(phone=PHONE), technician)
    assert technician.username in asked(desk)
    type(visit).objects.filter(pk=visit.pk).update(taken_at=timezone.now() - timedelta(days=9))
    type(visit.case).objects.filter(pk=visit.case_id).update(filed_at=timezone.now() - timedelta(days=99))
    assert technician.username in asked(desk, days_ago=3)
    assert technician.username not in asked(desk, days_ago=20)


def test_at_the_centre_and_who_did_look(desk: Client) -> None:
    learner = make_learning.learner("카나리아", normalised(PHONE))
    session = make_learning.session()
    make_learning.booking(session, learner)
    here, elsewhere = make_learning.centre_staff(session.room.centre), make_learning.centre_staff()
    call = make_learning.call_centre()
    teacher = make_learning.instructor()
    make_learning.assignment(teacher, session)
    things.written(1, identifier=call.username, subjects=[subject(learner)], detail="배움터 전화 받기")
    page = asked(desk)
    for who in (here, call, teacher.user):
        assert who.username in page
    assert elsewhere.username not in page and "배움터 전화 받기" in page and "카나리아" not in page
    kept = AccessRecord.objects.latest("pk")
    assert subject(learner) in kept.subjects and "누가 볼 수 있었나" in kept.detail


def test_nobody_of_whom_we_know_nothing_and_bad_input(desk: Client) -> None:
    assert "볼 수 있었던 사람이 없습니다" in asked(desk, phone="010-9999-7599")
    answer = desk.post("/privacy/rights/", {"phone": "12", "day": "x"})
    page = answer.content.decode()
    assert (
        answer.status_code == 422
        and "010-1234-5678" in page
        and "2026-01-31처럼" in page
        and 'value="12"' in page
    )
    assert make.signed_in(Client(), make.clerk()).get("/privacy/rights/").status_code == 403


def test_also_complaints_requests_and_visiting_classes(desk: Client) -> None:
    village = make.gateway().village
    NoiseComplaint.objects.create(village=village, said="시끄럽습니다", phone=normalised(PHONE))
    clerk, operator = make.clerk(village.district), make.city_operator()
    Request.objects.create(once=uuid4(), kind="copy", phone=normalised(PHONE), due_on=timezone.localdate())
    page = asked(desk)
    assert clerk.username in page and operator.username in page and "소음 민원" in page
    assert "개인정보에 대한 요구" in page


def test_the_asker_s_own_looks_of_that_day_are_there(desk: Client) -> None:
    learner = make_learning.learner("카나리아", normalised(PHONE))
    me = User.objects.get(pk=desk.session["_auth_user_id"]).username
    things.written(1, identifier=me, subjects=[subject(learner)], detail="앞서 본 것")
    page = asked(desk)
    assert "앞서 본 것" in page and page.count("누가 볼 수 있었나:") == 0
