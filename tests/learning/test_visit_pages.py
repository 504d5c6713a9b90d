"""The pages of visits and instructors: each their own rows, masked lists, records, and a constant number of queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import assigning
from learning.models import (
    Assignment,
    Availability,
    DayOff,
    Institution,
    Instructor,
    VisitClass,
    VisitRequest,
)
from people.models import RoleGrant
from privacy.models import AccessRecord, Consent
from tests import make, make_learning

from .citizens import signed_in
from .visiting import acts, ask, begun, confirmed, coordinator, on_a_weekday, propose

pytestmark = pytest.mark.django_db
PHONE, OTHER = "010-9999-7301", "010-9999-7302"
ASK, MINE, DESK, TEACH = (f"/learning/visits/{name}/" for name in ("ask", "mine", "desk", "teach"))


def typed(**fields) -> dict:
    day = on_a_weekday()
    given = {
        "once": "7b6f0c9e-6d0a-4c0e-9d6e-0a3d1f6f0b11",
        "kind": "group",
        "contact_name": "예시 대표",
        "people": "4",
        "topic": "smartphone",
        "level": "1",
        "day1": f"{day:%Y-%m-%d}",
        "part1": "am",
        "district": make.district().pk,
        "place_name": "상이마을회관",
        "address": "경상남도 진주시 문산읍 동부로 12",
        "equipment": ["와이파이"],
        "joins_others": "yes",
        "consent": "on",
    }
    return {name: value for name, value in {**given, **fields}.items() if value is not None}


def words(response) -> str:
    return response.content.decode()


def signed(user) -> Client:
    return make.signed_in(Client(), user)


def test_a_group_asks_and_sees_its_own_only(client: Client):
    assert client.get("/learning/visits/").status_code == 200
    assert client.get(ASK).status_code == 302
    signed_in(client, PHONE, ASK)
    response = client.post(ASK, typed())
    made = VisitRequest.objects.get()
    assert response["Location"] == f"{MINE}{made.pk}/"
    assert (made.people, made.equipment, made.state) == (4, ["와이파이"], "open")
    wish = made.wishes.get()
    assert (timezone.localtime(wish.starts_at).hour, timezone.localtime(wish.ends_at).hour) == (9, 12)
    assert client.post(ASK, typed())["Location"] == response["Location"]  # pressed twice
    assert Consent.objects.filter(subject=f"learning.visitrequest:{made.pk}").count() == 1
    assert made.number in words(client.get(MINE))
    assert "상이마을회관" in words(client.get(f"{MINE}{made.pk}/"))
    assert AccessRecord.objects.filter(detail="찾아가는 수업 내 신청 한 건").count() == 1
    stranger = Client()
    signed_in(stranger, OTHER, MINE)
    assert made.number not in words(stranger.get(MINE))
    assert stranger.get(f"{MINE}{made.pk}/").status_code == 404
    assert stranger.post(f"{MINE}{made.pk}/do/", {"deed": "withdraw"}).status_code == 404
    assert VisitRequest.objects.get().state == "open"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"people": "0"}, "1에서 20 사이"),
        ({"day1": "2020-01-01"}, "여섯 달 안의 날"),
        ({"part1": ""}, "바라는 시간을 골라"),
        ({"day2": f"{on_a_weekday(8):%Y-%m-%d}"}, "날짜와 시간을 둘 다"),
        ({"address": ""}, "모일 곳의 주소"),
        ({"kind": "institution", "group_name": ""}, "기관 이름을 적어"),
        ({"consent": None}, "동의하지 않으시면"),
        ({"topic": "dance"}, "하나 골라 주세요"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(client: Client, fields: dict, said: str):
    signed_in(client, PHONE, ASK)
    response = client.post(ASK, typed(**fields))
    assert response.status_code == 422
    assert said in words(response) and 'value="예시 대표"' in words(response)
    assert not VisitRequest.objects.exists()


def test_a_group_answers_by_its_page(client: Client):
    signed_in(client, PHONE, ASK)
    client.post(ASK, typed())
    made = VisitRequest.objects.get()
    visit = propose(made)
    assert "괜찮습니다" in words(client.get(f"{MINE}{made.pk}/"))
    assert client.post(f"{MINE}{made.pk}/do/", {"deed": "agree"}).status_code == 302
    made.refresh_from_db()
    assert made.agreed_at and made.visit_class == visit
    assert client.post(f"{MINE}{made.pk}/do/", {"deed": "decline", "why": "바쁨"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "open"
    assert client.post(f"{MINE}{made.pk}/do/", {"deed": "agree"}).status_code == 409
    assert client.post(f"{MINE}{made.pk}/do/", {"deed": "dance"}).status_code == 409


def test_who_may_open_which_pages():
    request, visit = ask(4), confirmed()
    lead = Assignment.objects.live().get(part="lead")
    session = make_learning.session()
    pages = {
        DESK: "call coordinator officer",
        f"{DESK}new/": "call coordinator officer",
        f"{DESK}requests/{request.pk}/": "call coordinator officer",
        f"{DESK}classes/{visit.pk}/": "coordinator officer",
        f"{DESK}sessions/": "coordinator officer",
        f"{DESK}sessions/{session.pk}/": "coordinator officer",
        "/learning/visits/instructors/": "coordinator officer",
        f"/learning/visits/instructors/{lead.instructor.pk}/": "coordinator officer",
        "/learning/visits/fees/": "coordinator officer",
        "/learning/visits/fees/rates/": "officer",
        TEACH: "lead other",
        f"{TEACH}times/": "lead other",
        f"{TEACH}fees/": "lead other",
        f"{TEACH}{lead.pk}/": "lead",
    }
    users = {
        "call": make_learning.call_centre(),
        "coordinator": make_learning.coordinator(),
        "officer": make_learning.officer(),
        "lead": lead.instructor.user,
        "other": make_learning.instructor().user,
        "clerk": make.clerk(),
    }
    for name, user in users.items():
        client = signed(user)
        for page, may in pages.items():
            status = client.get(page).status_code
            assert (status == 200) == (name in may.split()), (name, page, status)
            assert status in (200, 403, 404)
    for name in ("call", "lead", "other", "clerk"):
        client = signed(users[name])
        assert client.post(f"{DESK}join/", {"key": "x"}).status_code == 403
        assert (
            client.post(f"{DESK}classes/{visit.pk}/do/", {"deed": "call_off", "why": "x"}).status_code == 403
        )
    assert signed(users["other"]).post(f"{TEACH}{lead.pk}/do/", {"deed": "accept"}).status_code == 404


def test_a_list_masks_who_asks_and_a_page_puts_it_on_record():
    request = ask(4, contact_name="예시한대표", phone="+821099997399")
    user = make_learning.call_centre()
    client = signed(user)
    page = words(client.get(DESK))
    assert "예***표" in page and "예시한대표" not in page and "010-9999-7399" not in page
    page = words(client.get(f"{DESK}requests/{request.pk}/"))
    assert "예***표" in page and "예시한대표" not in page and "010-9999-7399" not in page
    make.seeing(client, request, purpose="visit")
    page = words(client.get(f"{DESK}requests/{request.pk}/"))
    assert "예시한대표" in page and "010-9999-7399" in page
    seen = AccessRecord.objects.filter(
        identifier=user.username, action="view", detail="찾아가는 수업 신청 한 건: 방문·수업 준비"
    )
    assert [row.subjects for row in seen] == [[f"learning.visitrequest:{request.pk}"]]


def test_queries_are_the_same_for_few_and_many():
    client = signed(make_learning.coordinator())
    teacher = make_learning.instructor()
    as_teacher = signed(teacher.user)
    first: dict[str, int] = {}
    for round_ in range(2):
        for n in range(1 + 2 * round_):
            starts = on_a_weekday(7 * (2 + 3 * round_ + n))
            ask(4, joins_others=False)
            ask(2, starts=starts)
            ask(1, starts=starts, district=make.district("금산면"))
            visit = confirmed(4, starts=starts, joins_others=False)
            make_learning.session(starts_at=starts)
            for part in ("lead", "assistant"):
                row = visit.assignments.live().get(part=part)
                assigning.give_up(row.pk, acts(row.instructor), "다른 일")
            made = assigning.assign(teacher.pk, visit, "lead", coordinator())
            if n:
                assigning.accept(made.pk, acts(teacher))
        one_class = VisitClass.objects.order_by("pk").filter(state="proposed").first()
        pages = {
            **{
                f"{DESK}?tab={tab}": client
                for tab in ("", "held", "proposed", "confirmed", "report", "ended")
            },
            f"{DESK}sessions/": client,
            f"{DESK}classes/{one_class.pk}/": client,
            "/learning/visits/instructors/": client,
            "/learning/visits/fees/": client,
            TEACH: as_teacher,
        }
        for page, who in pages.items():
            name = re.sub(r"[0-9a-f-]{36}", "pk", page)
            who.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert who.get(page).status_code == 200
            assert first.setdefault(name, len(queries)) == len(queries), name


def test_the_call_centre_writes_down_a_request_of_two_and_the_coordinator_joins_it():
    caller = signed(make_learning.call_centre())
    assert "연락하실 전화번호" in words(caller.get(f"{DESK}new/"))
    assert caller.post(f"{DESK}new/", typed(people="2")).status_code == 422  # no number
    assert caller.post(f"{DESK}new/", typed(people="2", contact_phone="055-749-1234")).status_code == 302
    made = VisitRequest.objects.get()
    assert (made.state, made.contact_phone) == ("held", "+82557491234") and made.entered_by
    ask(1, district=make.district("금산면"), starts=on_a_weekday())
    client = signed(make_learning.coordinator())
    page = words(client.get(f"{DESK}?tab=held"))
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    response = client.post(f"{DESK}join/", {"key": key})
    assert "/classes/" in response["Location"]
    assert client.post(f"{DESK}join/", {"key": key})["Location"] == DESK  # joined meanwhile
    assert VisitClass.objects.count() == 1


def test_the_coordinator_plans_assigns_and_moves():
    request = ask(5)
    make_learning.instructor()
    second = make_learning.instructor("civil")
    client = signed(make_learning.coordinator())
    here = f"{DESK}requests/{request.pk}/"
    plan = {"day": f"{on_a_weekday():%Y-%m-%d}", "starts": "10:00", "ends": "12:00", "travel_minutes": "25"}
    assert client.post(here, {**plan, "ends": "09:00"}).status_code == 422
    assert client.post(here, plan).status_code == 302
    visit = VisitClass.objects.get()
    assert visit.travel_minutes == 25
    page = words(client.get(f"{DESK}classes/{visit.pk}/"))
    assert "먼저 권함" in page and "집에서 약 5분" in page and "가르치지 않습니다" in page
    do = f"{DESK}classes/{visit.pk}/do/"
    refused = client.post(do, {"deed": "assign", "instructor": second.pk, "part": "lead"})
    assert refused.status_code == 409 and "이 주제를 가르치지 않습니다" in words(refused)
    able = Instructor.objects.exclude(pk=second.pk).get()
    assert client.post(do, {"deed": "assign", "instructor": able.pk, "part": "lead"}).status_code == 302
    assert client.post(do, {"deed": "release", "assignment": 999_999, "why": "x"}).status_code == 409
    held = Assignment.objects.live().get()
    assert client.post(do, {"deed": "accept", "assignment": held.pk}).status_code == 302
    moved = {**plan, "day": f"{on_a_weekday(14):%Y-%m-%d}", "deed": "move"}
    assert client.post(do, moved).status_code == 422
    assert client.post(do, {**moved, "why": "강사 사정"}).status_code == 302
    assert not Assignment.objects.live().exists()
    assert client.post(do, {"deed": "call_off"}).status_code == 409
    assert client.post(do, {"deed": "call_off", "why": "눈"}).status_code == 302
    assert client.post(f"{here}do/", {"deed": "refuse", "why": ""}).status_code == 409
    assert client.post(f"{here}do/", {"deed": "refuse", "why": "진주시 밖"}).status_code == 302


def test_an_unknown_institution_is_linked():
    hall = make_learning.institution(name="상이 경로당")
    known = ask(4, kind="institution", group_name="x")
    client = signed(make_learning.coordinator())
    here = f"{DESK}requests/{known.pk}/"
    assert "어느 기관인가요" in words(client.get(here))
    client.post(f"{here}do/", {"deed": "link", "institution": hall.pk, "kind": "senior_hall"})
    known.refresh_from_db()
    assert known.institution == hall
    other = ask(4, kind="institution", group_name="새 복지관")
    client.post(f"{DESK}requests/{other.pk}/do/", {"deed": "link", "institution": "", "kind": "welfare"})
    assert Institution.objects.get(name="새 복지관").kind == "welfare"


def test_an_instructor_answers_reports_and_then_sees_no_address():
    visit = confirmed(4, contact_name="예시한대표")
    lead = Assignment.objects.live().get(part="lead")
    client = signed(lead.instructor.user)
    here = f"{TEACH}{lead.pk}/"
    assert "예시한대표" in words(client.get(here)) and visit.address in words(client.get(here))
    begun(visit)
    assert "결과 적기" in words(client.get(TEACH))
    wrong = client.post(f"{here}do/", {"deed": "report", "came": "4", "taught": ""})
    assert wrong.status_code == 422 and "가르친 것을 적어" in words(wrong)
    report = {"deed": "report", "came": "4", "taught": "사진 보내기"}
    helper = Assignment.objects.live().get(part="assistant")
    assistant = signed(helper.instructor.user)
    assert assistant.post(f"{TEACH}{helper.pk}/do/", report).status_code == 409
    assert client.post(f"{here}do/", report).status_code == 302
    visit.refresh_from_db()
    assert visit.state == "reported"
    page = words(client.get(here))
    assert "예시한대표" not in page and visit.address not in page and "사진 보내기" in page


def test_hours_and_days_off():
    who = make_learning.instructor()
    Availability.objects.all().delete()
    client, here = signed(who.user), f"{TEACH}times/"
    assert client.post(here, {"what": "hours", "starts": "9:00", "ends": "12:00"}).status_code == 422
    for starts, ends in (("09:00", "12:00"), ("12:00", "15:00")):
        typed_ = {"what": "hours", "weekdays": ["0", "2"], "starts": starts, "ends": ends}
        assert client.post(here, typed_).status_code == 302
    assert [str(one) for one in who.availability.all()] == ["월 09:00~15:00", "수 09:00~15:00"]
    client.post(here, {"what": "hours_gone", "pk": who.availability.first().pk})
    assert who.availability.count() == 1
    make_learning.assignment(who, make_learning.visit_class(starts_at=on_a_weekday()))
    day = f"{on_a_weekday():%Y-%m-%d}"
    page = client.post(here, {"what": "day_off", "first": day, "words": "병원"}, follow=True)
    assert "맡은 수업이 1건" in words(page)
    other = make_learning.instructor()
    off = DayOff.objects.get()
    signed(other.user).post(here, {"what": "day_off_gone", "pk": off.pk})
    assert DayOff.objects.exists()
    client.post(here, {"what": "day_off_gone", "pk": off.pk})
    assert not DayOff.objects.exists()


def test_an_account_becomes_an_instructor():
    client, new = signed(make_learning.coordinator()), make.user(username="kang")
    here = "/learning/visits/instructors/"
    wrong = client.post(here, {"username": "nobody", "home": make.district().pk, "reason": "위촉"})
    assert wrong.status_code == 422 and "그런 아이디가 없습니다" in words(wrong)
    client.post(here, {"username": "kang", "home": make.district().pk, "reason": "위촉"})
    made = Instructor.objects.get(user=new)
    assert RoleGrant.objects.in_force().filter(user=new, role="learning_instructor").exists()
    typed_ = {"home": make.district().pk, "may_lead": "on", "is_active": "on", "topic_kiosk": "2"}
    assert client.post(f"{here}{made.pk}/", typed_).status_code == 302
    made.refresh_from_db()
    assert (made.may_lead, made.may_assist) == (True, False)
    assert list(made.skills.values_list("topic", "level")) == [("kiosk", 2)]


def test_a_class_at_a_centre_gets_its_instructor_by_the_same_suggestions():
    session, who = make_learning.session(starts_at=on_a_weekday()), make_learning.instructor()
    client = signed(make_learning.coordinator())
    assert session.course.title in words(client.get(f"{DESK}sessions/"))
    here = f"{DESK}sessions/{session.pk}/"
    assert "먼저 권함" in words(client.get(here))
    assert client.post(here, {"deed": "assign", "instructor": who.pk, "part": "lead"}).status_code == 302
    assert client.post(here, {"deed": "assign", "instructor": who.pk, "part": "assistant"}).status_code == 409
    make_learning.session(starts_at=timezone.now() + timedelta(days=90))
    assert len(re.findall(r"desk/sessions/\d+/", words(client.get(f"{DESK}sessions/")))) == 1
