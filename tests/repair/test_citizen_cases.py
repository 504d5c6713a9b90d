"""내 신청: what somebody sees of their own cases and does with them; nobody else sees or does anything."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.holidays import decide_on_day
from people.models import Message
from privacy.models import AccessRecord
from repair import corrections, deadlines, objections, workflow
from repair.corrections import Corrected
from repair.groups import Group
from repair.models import Case, Paper, Programme
from repair.states import NotPossible
from tests import make, make_repair
from tests.repair import applicant
from tests.repair.test_citizen_applying import photo

pytestmark = pytest.mark.django_db
OWN_PHONE, OTHERS = applicant.PHONE, "010-9999-7009"


@pytest.fixture(autouse=True)
def programme() -> Programme:
    return make_repair.programme()


@pytest.fixture
def me(client: Client) -> Client:
    applicant.signed_in(client)
    return client


def page_of(me: Client, case: Case, status: int = 200) -> str:
    answer = me.get(f"/repair/mine/{case.pk}/")
    assert answer.status_code == status
    return answer.content.decode()


def staff():
    return make_repair.staff(make.clerk())


def test_one_sees_ones_own_and_no_birth_date(me: Client) -> None:
    case = make_repair.case(phone=OWN_PHONE, wishes="오전에 와 주세요")
    page = page_of(me, case)
    for said in (
        case.number,
        case.resident.name,
        "동부로",
        "오전에 와 주세요",
        "신청을 받았습니다",
        "너무 느려요",
    ):
        assert said in page
    assert "1950" not in page
    assert case.number in me.get("/repair/mine/").content.decode()


def test_anothers_is_not_there(me: Client) -> None:
    case = make_repair.case(phone=OTHERS)
    assert case.number not in me.get("/repair/mine/").content.decode()
    for page in ("", "receipt/", "papers/", "correct/", "withdraw/", "object/", "rate/"):
        assert me.get(f"/repair/mine/{case.pk}/{page}").status_code == 404
    for page in ("papers/", "correct/", "withdraw/", "object/", "rate/"):
        assert me.post(f"/repair/mine/{case.pk}/{page}", {"why": "남의 것", "points": "5"}).status_code == 404
        assert Client().post(f"/repair/mine/{case.pk}/{page}").status_code == 302
    case.refresh_from_db()
    assert case.state == "received"


def test_who_looked_is_on_record(me: Client) -> None:
    case = make_repair.case(phone=OWN_PHONE)
    pages = ("", f"{case.pk}/", f"{case.pk}/receipt/", f"{case.pk}/correct/", f"{case.pk}/withdraw/")
    for page in pages:
        me.get(f"/repair/mine/{page}")
    seen = AccessRecord.objects.filter(subjects=[f"repair.case:{case.pk}"], action__in=["view", "print"])
    assert seen.count() == len(pages)
    assert all(record.identifier.startswith("010-****-7001") for record in seen)


def test_the_list_asks_a_fixed_number_of_questions(me: Client) -> None:
    counts = set()
    for more in (1, 2, 27):
        for _ in range(more):
            make_repair.case(phone=OWN_PHONE)
        with CaptureQueriesContext(connection) as asked:
            page = me.get("/repair/mine/").content.decode()
        counts.add(len(asked))
    assert page.count("card-link") == 30
    assert len(counts) == 1


def test_a_page_asks_a_fixed_number_of_questions(me: Client) -> None:
    case = make_repair.case(phone=OWN_PHONE)
    counts = set()
    for more in (0, 3, 10):
        for n in range(more):
            workflow.ask_paper(case.pk, staff(), f"서류 {n}")
            workflow.bring_paper(case.pk, staff())
        with CaptureQueriesContext(connection) as asked:
            page_of(me, case)
        counts.add(len(asked))
    assert len(counts) == 1


def test_what_happened_without_what_staff_note(me: Client) -> None:
    case = make_repair.case(phone=OWN_PHONE)
    workflow.ask_paper(case.pk, staff(), "복지카드 앞면")
    workflow.bring_paper(case.pk, staff(), "속으로만 적은 말 하나")
    workflow.propose_refusal(case.pk, staff(), "속으로만 적은 말 둘")
    page = page_of(me, case)
    assert "서류가 더 필요해 요청드렸습니다" in page
    assert "복지카드 앞면" in page
    assert "속으로만" not in page
    workflow.refuse(case.pk, staff())
    assert "속으로만 적은 말 둘" in page_of(me, case)  # the reason that was decided on


def test_a_deadline_that_moved_keeps_its_first_promise_in_sight(me: Client) -> None:
    case = make_repair.selected(phone=OWN_PHONE)
    case.refresh_from_db()
    first = case.deadline_on
    assert isinstance(first, date)
    decide_on_day(first, "예시 임시공휴일", is_holiday=True, by=make.city_operator())
    assert deadlines.follow_holidays() == 1
    page = page_of(me, case)
    case.refresh_from_db()
    assert f"{first.month}월 {first.day}일(" in page.split("처음 약속한 날")[1].split("</dd>")[0]
    assert (
        f"{case.deadline_on.month}월 {case.deadline_on.day}일("
        in page.split("방문 기한</dt>")[1].split("</dd>")[0]
    )
    assert "공휴일이 바뀜" in page


def test_papers_that_were_asked_for(me: Client) -> None:
    case = make_repair.case(phone=OWN_PHONE)
    address = f"/repair/mine/{case.pk}/papers/"
    assert me.get(address).status_code == 409
    workflow.ask_paper(case.pk, staff(), "복지카드 앞면")
    assert "복지카드 앞면" in page_of(me, case)
    assert me.post(address).status_code == 422
    bad = SimpleUploadedFile("a.jpg", b"x", content_type="image/jpeg")
    assert me.post(address, {"evidence": bad}).status_code == 422
    assert me.post(address, {"evidence": photo()}).status_code == 302
    case.refresh_from_db()
    assert case.state == "received"
    paper = Paper.objects.get()
    assert (paper.case, paper.kind) == (case, "evidence")
    assert me.get(f"/repair/papers/{paper.pk}/").status_code == 200
    stranger = Client()
    applicant.signed_in(stranger, OTHERS)
    assert stranger.get(f"/repair/papers/{paper.pk}/").status_code == 404


CORRECTED = {
    "phone": OWN_PHONE,
    "helper_name": "예시 딸",
    "helper_phone": "010-9999-7002",
    "tells": "helper",
    "wishes": "오후에 와 주세요",
    "address": "경상남도 진주시 문산읍 동부로 999",
    "unit": "",
}


def test_corrected_by_oneself(me: Client) -> None:
    case = make_repair.case(phone=OWN_PHONE)
    assert me.get(f"/repair/mine/{case.pk}/correct/").status_code == 200
    before = case.household_index
    assert me.post(f"/repair/mine/{case.pk}/correct/", CORRECTED).status_code == 302
    case.refresh_from_db()
    assert (case.tells, case.wishes, case.helper_phone) == ("helper", "오후에 와 주세요", "+821099997002")
    assert case.household_claim == case.household_index != before
    assert case.resident.address == CORRECTED["address"]
    assert case.resident.birth_date == "1950-03-01"
    assert "신청 내용을 고쳤습니다" in page_of(me, case)
    helper = Client()
    applicant.signed_in(helper, applicant.HELPER)
    page = helper.get(f"/repair/mine/{case.pk}/correct/").content.decode()
    assert 'name="phone"' not in page  # the applicant's own phone only they change


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"tells": "helper", "helper_phone": ""}, "휴대전화 번호를 적어 주세요"),
        ({"helper_name": ""}, "이름도 적어 주세요"),
        ({"helper_phone": "055-123-4567"}, "집 전화로는"),
        ({"phone": ""}, "신청하는 분의 전화번호를"),
        ({"phone": "12"}, "전화번호를 다시 확인"),
        ({"address": ""}, "주소를 적어 주세요"),
    ],
)
def test_what_is_wrong_with_a_correction_is_said(me: Client, given: dict, words: str) -> None:
    case = make_repair.case(phone=OWN_PHONE)
    answer = me.post(f"/repair/mine/{case.pk}/correct/", {**CORRECTED, **given})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "오후에 와 주세요" in answer.content.decode()


def test_another_phone_leads_out_and_the_new_one_in(me: Client) -> None:
    case = make_repair.case(phone=OWN_PHONE)
    given = {**CORRECTED, "phone": OTHERS, "tells": "applicant"}
    assert me.post(f"/repair/mine/{case.pk}/correct/", given)["Location"] == "/repair/mine/"
    page_of(me, case, 404)
    other = Client()
    applicant.signed_in(other, OTHERS)
    page_of(other, case)


def test_an_address_is_open_until_it_was_confirmed_and_no_other_case_has_it(me: Client) -> None:
    case = make_repair.confirmed(phone=OWN_PHONE)
    page = me.get(f"/repair/mine/{case.pk}/correct/").content.decode()
    assert 'name="address"' not in page
    new = Corrected(
        wishes="", helper_name="", helper_phone="", tells="applicant", address="다른 곳 1", unit=""
    )
    with pytest.raises(NotPossible, match="주소를 이미 확인했습니다"):
        corrections.correct(case.pk, make_repair.CITIZEN, new)
    other = make_repair.case(phone=OWN_PHONE)
    taken = {**CORRECTED, "address": case.resident.address, "unit": case.unit}
    answer = me.post(f"/repair/mine/{other.pk}/correct/", taken)
    assert answer.status_code == 409
    assert "그 주소로 올해 이미" in answer.content.decode()
    for typed in (case.resident.address, CORRECTED["wishes"]):  # nothing that was typed is lost
        assert typed in answer.content.decode()
    other.refresh_from_db()
    assert other.resident.address != case.resident.address


def test_an_address_that_was_confirmed_meanwhile_is_refused_and_not_left_out_in_silence(me: Client) -> None:
    case = make_repair.confirmed(phone=OWN_PHONE)
    new = {**CORRECTED, "address": "경상남도 진주시 문산읍 동부로 8888", "unit": "9호"}
    answer = me.post(f"/repair/mine/{case.pk}/correct/", new)  # from a page that still asked for it
    assert answer.status_code == 409
    assert "주소를 이미 확인했습니다" in answer.content.decode()
    assert "동부로 8888" in answer.content.decode()
    case.refresh_from_db()
    assert case.wishes == ""


def test_an_office_finds_out_the_group(me: Client) -> None:
    case = make_repair.case(phone=OWN_PHONE, group="")
    clerk = make.clerk()
    make.signed_in(desk := Client(), clerk)
    assert desk.get(f"/repair/desk/{case.pk}/").status_code == 200
    corrections.name_group(case.pk, make_repair.staff(clerk), Group.VETERAN)
    case.refresh_from_db()
    assert case.group == Group.VETERAN
    assert "국가보훈" not in page_of(me, case)
    with pytest.raises(NotPossible):
        corrections.name_group(case.pk, make_repair.staff(clerk), Group.ORGANISATION)


def test_withdrawn_after_it_was_asked_once_more(me: Client, programme: Programme) -> None:
    case = make_repair.selected(phone=OWN_PHONE)
    address = f"/repair/mine/{case.pk}/withdraw/"
    assert "찾아가지 않습니다" in me.get(address).content.decode()
    answer = me.post(address, {"why": ""}, follow=True)
    assert "신청을 거두었습니다" in answer.content.decode()
    case.refresh_from_db()
    programme.refresh_from_db()
    assert (case.state, programme.reserved_won) == ("withdrawn", 0)
    answer = me.post(address, {})
    assert answer.status_code == 409
    assert "이미 신청을 거두셨습니다" in answer.content.decode()


def test_an_objection_once_and_within_sixty_days(me: Client) -> None:
    case = make_repair.refused(phone=OWN_PHONE)
    address = f"/repair/mine/{case.pk}/object/"
    page = page_of(me, case)
    until = timezone.localdate() + timedelta(days=60)
    assert f"{until.month}월 {until.day}일(" in page
    assert "지원 대상이 아닙니다." in page
    shown = me.get(address).content.decode()
    assert "행정심판" in shown
    assert "90일" in shown
    assert me.post(address, {"why": " "}).status_code == 422
    assert me.post(address, {"why": "복지카드가 있습니다"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "objected"
    assert "이의신청을 받았습니다" in page_of(me, case)
    objections.uphold(case.pk, staff(), "기한이 지난 카드입니다.")
    page = page_of(me, case)
    assert "기한이 지난 카드입니다." in page
    assert "이의신청하기" not in page
    assert me.get(address).status_code == 409
    answer = me.post(address, {"why": "또"})
    assert answer.status_code == 409
    assert "한 번 하실 수 있습니다" in answer.content.decode()


def test_how_it_was(me: Client) -> None:
    case = make_repair.done(make_repair.selected(phone=OWN_PHONE))
    address = f"/repair/mine/{case.pk}/rate/"
    page = page_of(me, case)
    assert "수리가 어떠셨나요?" in page
    assert '본인 부담</dt><dd class="said">없음' in page
    assert me.post(address, {"points": "9"}).status_code == 422
    assert me.post(address, {}).status_code == 422
    assert me.post(address, {"points": "4", "words": "친절했습니다"}).status_code == 302
    case.refresh_from_db()
    assert (case.satisfaction, case.satisfaction_words) == (4, "친절했습니다")
    assert "친절했습니다" in me.get(address).content.decode()


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("papers", "요청드린 서류가 없습니다"),
        ("object", "이의신청을 하실 수 없습니다"),
        ("rate", "수리가 끝난 뒤에"),
    ],
)
def test_a_deed_that_does_not_fit_says_why(me: Client, deed: str, words: str) -> None:
    case = make_repair.case(phone=OWN_PHONE)
    answer = me.get(f"/repair/mine/{case.pk}/{deed}/")
    assert answer.status_code == 409
    assert words in answer.content.decode()


def test_nothing_is_taken_back_or_corrected_once_it_was_repaired(me: Client) -> None:
    case = make_repair.done(make_repair.selected(phone=OWN_PHONE))
    for deed in ("withdraw", "correct"):
        assert me.post(f"/repair/mine/{case.pk}/{deed}/", CORRECTED).status_code == 409
        assert f"/repair/mine/{case.pk}/{deed}/" not in page_of(me, case)


def test_a_receipt_of_somebody_who_gets_no_texts_does_not_say_so(me: Client) -> None:
    case = make_repair.case(phone="055-123-4567", helper_name="예시 딸", helper_phone=OWN_PHONE)
    assert not Message.objects.filter(template="repair_filed").exists()
    assert "문자로도 보냈습니다" not in me.get(f"/repair/mine/{case.pk}/receipt/").content.decode()
