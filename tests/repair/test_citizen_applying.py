"""신청서 쓰기: saved at each step, gone on with anywhere by the phone's code, checked again when it is filed."""

import uuid
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.accounts import create_phone_user
from people.models import Message, PhoneCode
from privacy.models import AccessRecord, Consent
from repair import drafts
from repair.groups import Group
from repair.models import Case, Draft, Paper, Programme
from tests import make, make_repair
from tests.repair import applicant

pytestmark = pytest.mark.django_db
STEPS = ("who", "contact", "where", "what", "group", "papers", "consent", "check")


@pytest.fixture
def programme() -> Programme:
    return make_repair.programme()


def photo() -> SimpleUploadedFile:
    import io

    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(picture, "JPEG")
    return SimpleUploadedFile("고장.jpg", picture.getvalue(), content_type="image/jpeg")


def test_the_phone_is_asked_first_and_one_comes_back(client: Client, programme: Programme) -> None:
    for step in ("", *(f"{step}/" for step in STEPS)):
        answer = client.get(f"/repair/apply/{step}")
        assert answer["Location"].startswith("/people/sign-in/?next=%2Frepair%2Fapply%2F")
    answer = applicant.signed_in(client, to="/repair/apply/where/")
    assert answer["Location"] == "/repair/apply/where/"
    assert client.get("/repair/apply/where/").status_code == 200


def test_all_the_way(client: Client, programme: Programme) -> None:
    case = applicant.filed(client)
    assert (case.kind, case.way, case.group, case.state) == ("household", "web", Group.DISABLED, "received")
    resident = case.resident
    assert (resident.name, resident.birth_date, resident.phone) == (
        "예시 어르신",
        "1950-03-01",
        "+821099997001",
    )
    assert (case.unit, case.wishes, case.district.name) == ("101동 202호", "오전에 와 주세요", "문산읍")
    [device] = case.devices.all()
    assert (device.kind, device.trouble, device.trouble_words) == ("desktop", "slow", "켜는 데 10분 걸립니다")
    said = {consent.key: consent.agreed for consent in Consent.objects.all()}
    assert said == {"repair.personal": True, "repair.sensitive": True, "repair.look_up": False}
    assert not Draft.objects.exists()
    page = client.get(f"/repair/mine/{case.pk}/receipt/").content.decode()
    assert case.number in page
    assert "문자로도 보냈습니다" in page
    assert "만약 오늘 선정되시면" in page
    assert Message.objects.get(template="repair_filed").to == "+821099997001"


def test_nothing_of_it_is_in_the_session_or_the_table(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    applicant.answer(client, "who", applicant.WHO)
    assert "어르신" not in str(dict(client.session))
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(answers, 'escape') FROM repair_draft")
        assert "어르신" not in cursor.fetchone()[0]


def test_gone_on_with_on_another_device(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    applicant.answer(client, "who", applicant.WHO)
    other = Client()
    applicant.signed_in(other)
    assert "이어서 쓰기" in other.get("/repair/apply/").content.decode()
    assert 'value="예시 어르신"' in other.get("/repair/apply/who/").content.decode()
    stranger = Client()
    applicant.signed_in(stranger, applicant.HELPER)
    assert "시작하기" in stranger.get("/repair/apply/").content.decode()
    assert "어르신" not in stranger.get("/repair/apply/who/").content.decode()


@pytest.mark.parametrize(
    ("step", "given", "words", "kept"),
    [
        ("who", {"name": "예시 어르신"}, "누구의 컴퓨터인지 골라 주세요", "예시 어르신"),
        ("who", {**applicant.WHO, "birth_date": "3월 1일"}, "여덟 자리 숫자로", "3월 1일"),
        ("who", {**applicant.WHO, "birth_date": "29990101"}, "여덟 자리 숫자로", "29990101"),
        ("who", {"kind": "organisation", "name": "예시 담당"}, "단체 이름을 적어 주세요", "예시 담당"),
        ("contact", {}, "알림 문자를 받으실 분을 골라 주세요", ""),
        ("contact", {"tells": "helper", "helper_name": "예시 딸"}, "휴대전화 번호를 적어 주세요", "예시 딸"),
        (
            "contact",
            {"tells": "helper", "helper_name": "예시 딸", "helper_phone": "055-123-4567"},
            "집 전화로는",
            "055-123",
        ),
        ("contact", {"tells": "applicant", "helper_phone": "12"}, "전화번호를 다시 확인", "12"),
        ("where", {"address": "경상남도 진주시"}, "읍면동을 골라 주세요", "경상남도 진주시"),
        ("what", {"count": "1", "trouble_1": "slow", "words_1": "느림"}, "데스크톱인지 노트북인지", "느림"),
        (
            "what",
            {"count": "1", "kind_1": "laptop", "trouble_1": "other"},
            "어떤 고장인지 적어 주세요",
            "checked",
        ),
        ("group", {}, "잘 모르겠어요", ""),
        ("consent", {"personal": "on"}, "동의하지 않으시면 신청을 받지 못합니다", "checked"),
        ("who", {**applicant.WHO, "name": "예\x00시"}, "고칠 것이 있습니다", "1950. 3. 1."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, programme: Programme, step: str, given: dict, words: str, kept: str
) -> None:
    applicant.signed_in(client)
    answer = applicant.answer(client, step, given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert kept in page
    assert kept in client.get(f"/repair/apply/{step}/").content.decode()  # kept in the draft too
    assert not Case.objects.exists()


def test_nothing_is_ticked_beforehand_and_an_optional_consent_changes_nothing(
    client: Client, programme: Programme
) -> None:
    applicant.signed_in(client)
    page = client.get("/repair/apply/consent/").content.decode()
    assert "checked" not in page
    assert page.count('type="checkbox"') == 3
    applicant.fill(client, consent={**applicant.CONSENT, "look_up": "on"})
    applicant.file(client)
    assert Consent.objects.get(key="repair.look_up").agreed


def test_words_that_changed_are_asked_again(client: Client, programme: Programme, monkeypatch) -> None:
    applicant.signed_in(client)
    applicant.fill(client)
    monkeypatch.setattr("repair.apply_steps.consent_words", lambda: "repair.personal:2:0")
    draft = Draft.objects.get()
    given = {"once": str(draft.pk), "seen": draft.saved_at.isoformat()}
    assert client.post("/repair/apply/check/", given).status_code == 422
    page = client.get("/repair/apply/check/").content.decode()
    assert "동의 쓰러 가기" in page
    assert "checked" not in client.get("/repair/apply/consent/").content.decode()
    assert not Case.objects.exists()


def test_steps_in_any_order_and_what_is_missing_is_named(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    assert applicant.answer(client, "group", applicant.GROUP).status_code == 302
    page = client.get("/repair/apply/check/").content.decode()
    assert "누구 쓰러 가기" in page
    assert "신청하기</button>" not in page
    draft = Draft.objects.get()
    given = {"once": str(draft.pk), "seen": draft.saved_at.isoformat()}
    assert client.post("/repair/apply/check/", given).status_code == 422


def test_later(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    answer = client.post("/repair/apply/who/", {"name": "예시 어르신", "later": "1"}, follow=True)
    assert "적으신 데까지 저장했습니다" in answer.content.decode()
    assert "예시 어르신" in client.get("/repair/apply/who/").content.decode()


def test_wiped_after_it_was_asked_once_more(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    applicant.answer(client, "who", applicant.WHO)
    client.post("/repair/apply/papers/", {"trouble": photo(), "more": "1"})
    assert "되돌릴 수 없습니다" in client.get("/repair/apply/again/").content.decode()
    assert Draft.objects.exists()
    client.post("/repair/apply/again/")
    assert not Draft.objects.exists()
    assert not Paper.objects.exists()
    client.post("/repair/apply/again/")  # twice does nothing more


def test_a_code_that_ran_out_loses_no_step(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    applicant.answer(client, "who", applicant.WHO)
    PhoneCode.objects.update(used_at=timezone.now() - timedelta(hours=1))
    answer = client.post("/repair/apply/contact/", applicant.CONTACT, follow=True)
    assert "한 번 더 확인합니다" in answer.content.decode()
    applicant.signed_in(client, to="/repair/apply/contact/")
    assert "예시 어르신" in client.get("/repair/apply/who/").content.decode()


def test_filed_once_however_often_it_is_tapped(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    applicant.fill(client)
    draft = Draft.objects.get()
    given = {"once": str(draft.pk), "seen": draft.saved_at.isoformat()}
    first, second = (client.post("/repair/apply/check/", given) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    assert client.post("/repair/apply/check/", {"once": str(uuid.uuid4())}).status_code == 302
    assert client.post("/repair/apply/check/", {"once": "x"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_filed_once_by_two_at_the_same_moment(client: Client) -> None:
    make_repair.programme()
    applicant.signed_in(client)
    applicant.fill(client)
    draft = Draft.objects.get()
    given = {"once": str(draft.pk), "seen": draft.saved_at.isoformat()}
    together, answers = Barrier(4), []

    def tap() -> None:
        mine = Client()
        mine.cookies = client.cookies
        together.wait()
        answers.append(mine.post("/repair/apply/check/", given)["Location"])
        connection.close()

    threads = [Thread(target=tap) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert Case.objects.count() == 1


def test_changed_elsewhere_since_it_was_looked_at(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    applicant.fill(client)
    draft = Draft.objects.get()
    given = {"once": str(draft.pk), "seen": draft.saved_at.isoformat()}
    applicant.answer(client, "who", {**applicant.WHO, "name": "예시 다른 분"})
    answer = client.post("/repair/apply/check/", given)
    assert answer.status_code == 409
    assert "다른 화면에서" in answer.content.decode()
    assert not Case.objects.exists()
    assert applicant.file(client).status_code == 302


def test_too_late_it_is_said_and_the_draft_stays(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    applicant.fill(client)
    yesterday = timezone.localdate() - timedelta(days=1)
    Programme.objects.update(closes_on=yesterday, opens_on=yesterday)
    answer = applicant.file(client)
    assert answer.status_code == 409
    assert "접수 기간이 아닙니다" in answer.content.decode()
    assert "그대로 남아 있습니다" in answer.content.decode()
    assert Draft.objects.exists()


@pytest.mark.parametrize(("when_spent", "status"), [("close", 409), ("wait", 302)])
def test_when_the_money_is_spent(client: Client, when_spent: str, status: int) -> None:
    make_repair.programme(won=150_000, when_spent=when_spent)
    applicant.signed_in(client)
    applicant.fill(client)
    assert "미리 알려 드립니다" in client.get("/repair/apply/check/").content.decode()
    answer = applicant.file(client)
    assert answer.status_code == status
    assert Case.objects.exists() == (status == 302)


def test_the_rule_of_the_day_of_filing_counts(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    applicant.fill(client)
    make_repair.rule(programme, groups=["veteran"], valid_from=timezone.localdate())
    page = client.get("/repair/apply/check/").content.decode()
    assert "지원 대상 쓰러 가기" in page
    assert applicant.answer(client, "group", applicant.GROUP).status_code == 422
    assert applicant.answer(client, "group", {"group": "unsure"}).status_code == 302
    assert applicant.file(client).status_code == 302
    assert Case.objects.get().group == ""


def test_a_second_application_of_the_household(client: Client, programme: Programme) -> None:
    case = applicant.filed(client)
    applicant.fill(client)
    answer = applicant.file(client)
    assert answer.status_code == 409
    assert str(case.pk) in answer.content.decode()
    neighbour = Client()
    applicant.signed_in(neighbour, applicant.HELPER)
    applicant.fill(neighbour)
    answer = applicant.file(neighbour)
    assert answer.status_code == 409
    assert "이미 접수된 신청이" in answer.content.decode()
    assert str(case.pk) not in answer.content.decode()
    assert Draft.objects.count() == 2


def test_an_address_elsewhere_is_advised_on_and_taken(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    there = {
        **applicant.WHERE,
        "district": applicant.district_code(),
        "address": "경상남도 사천시 사천읍 수양로 1",
    }
    answer = client.post("/repair/apply/where/", there, follow=True)
    assert "진주시가 아닌 것 같습니다" in answer.content.decode()
    applicant.fill(client, where=there)
    assert "진주시에 주민등록이 된 분만" in client.get("/repair/apply/check/").content.decode()
    assert applicant.file(client).status_code == 302


def test_somebody_who_helps_applies_by_their_own_phone(client: Client, programme: Programme) -> None:
    case = applicant.filed(
        client,
        who={**applicant.WHO, "kind": "other"},
        contact={"own_phone": "055-123-4567", "helper_name": "예시 딸", "tells": "helper"},
    )
    assert (case.resident.phone, case.helper_phone, case.helper_name) == (
        "+82551234567",
        "+821099997001",
        "예시 딸",
    )
    assert case.tells == "helper"
    assert Message.objects.get(template="repair_filed").to == "+821099997001"
    assert client.get(f"/repair/mine/{case.pk}/").status_code == 200


def test_who_helps_somebody_without_a_phone(client: Client, programme: Programme) -> None:
    case = applicant.filed(
        client,
        who={**applicant.WHO, "kind": "other"},
        contact={"helper_name": "예시 이웃", "tells": "helper"},
    )
    assert client.get(f"/repair/mine/{case.pk}/").status_code == 200


def test_a_helper_beside_the_applicant_gets_the_messages_if_so_chosen(
    client: Client, programme: Programme
) -> None:
    contact = {"helper_name": "예시 아들", "helper_phone": "010-9999-7002", "tells": "helper"}
    case = applicant.filed(client, contact=contact)
    assert case.resident.phone == "+821099997001"
    assert Message.objects.get(template="repair_filed").to == "+821099997002"
    helper = Client()
    applicant.signed_in(helper, applicant.HELPER)
    assert case.number in helper.get("/repair/mine/").content.decode()


def test_an_organisation_with_three_computers(client: Client) -> None:
    make_repair.programme(rules={"organisation_devices": 3})
    applicant.signed_in(client)
    who = {
        "kind": "organisation",
        "organisation": "예시 복지관",
        "name": "예시 담당",
        "birth_date": "19500301",
    }
    assert applicant.answer(client, "who", who)["Location"] == "/repair/apply/where/"
    one = {"count": "1", "kind_1": "desktop", "trouble_1": "slow", "words_1": "첫째"}
    applicant.answer(client, "what", {**one, "more": "1"})
    two = {**one, "count": "2", "kind_2": "laptop", "trouble_2": "virus", "words_2": "둘째"}
    applicant.answer(client, "what", {**two, "more": "1"})
    three = {**two, "count": "3", "kind_3": "laptop", "trouble_3": "screen", "words_3": "셋째"}
    page = applicant.answer(client, "what", {**three, "more": "1"})  # no fourth
    assert page.status_code == 302
    shown = client.get("/repair/apply/what/").content.decode()
    assert "셋째" in shown
    assert "한 대 더하기" not in shown
    applicant.answer(client, "what", {**three, "less": "2"})
    shown = client.get("/repair/apply/what/").content.decode()
    assert "둘째" not in shown
    assert "첫째" in shown
    assert "셋째" in shown
    applicant.fill(client, who=who, contact=None, group=None, what=three)
    assert client.get("/repair/apply/group/")["Location"] == "/repair/apply/check/"
    assert applicant.file(client).status_code == 302
    case = Case.objects.get()
    assert (case.kind, case.organisation, case.group) == ("organisation", "예시 복지관", "organisation")
    assert (case.devices.count(), case.household_claim, case.resident.birth_date) == (3, None, "")


def test_more_computers_than_the_rule_allows(client: Client) -> None:
    programme = make_repair.programme(rules={"organisation_devices": 2})
    applicant.signed_in(client)
    applicant.answer(
        client, "who", {"kind": "organisation", "organisation": "예시 복지관", "name": "예시 담당"}
    )
    two = {**applicant.WHAT, "count": "2", "kind_2": "laptop", "trouble_2": "virus"}
    assert applicant.answer(client, "what", two).status_code == 302
    make_repair.rule(programme, organisation_devices=1, valid_from=timezone.localdate())
    answer = applicant.answer(client, "what", two)
    assert answer.status_code == 422
    assert "1대까지" in answer.content.decode()
    assert applicant.answer(client, "what", {**two, "count": "9999"}).status_code == 422
    assert applicant.answer(client, "what", {**two, "count": "x"}).status_code == 302


def test_photos_are_sent_listed_taken_back_and_go_along(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    answer = client.post("/repair/apply/papers/", {"trouble": photo(), "more": "1"}, follow=True)
    assert "고장.jpg" in answer.content.decode()
    paper = Paper.objects.get()
    stranger = Client()
    applicant.signed_in(stranger, applicant.HELPER)
    assert stranger.post(f"/repair/apply/papers/{paper.pk}/remove/").status_code == 404
    assert client.post(f"/repair/apply/papers/{paper.pk}/remove/").status_code == 302
    assert not Paper.objects.exists()
    bad = SimpleUploadedFile("사진.jpg", b"no picture", content_type="image/jpeg")
    answer = client.post("/repair/apply/papers/", {"trouble": bad})
    assert answer.status_code == 422
    assert "사진.jpg" in answer.content.decode()
    client.post("/repair/apply/papers/", {"trouble": photo()})
    applicant.fill(client)
    applicant.file(client)
    assert Paper.objects.get().case == Case.objects.get()
    assert client.post(f"/repair/apply/papers/{Paper.objects.get().pk}/remove/").status_code == 404


def test_a_chief_applies_by_their_own_phone(client: Client, programme: Programme) -> None:
    create_phone_user(applicant.PHONE, "예시 이장")
    case = applicant.filed(client)
    assert case.resident.phone == "+821099997001"
    assert case.entered_by is None
    assert client.get(f"/repair/mine/{case.pk}/").status_code == 200


def test_staff_are_told_where_they_do_it(client: Client, programme: Programme) -> None:
    make.signed_in(client, make.clerk())
    for page in ("/repair/apply/", "/repair/apply/who/", "/repair/mine/"):
        answer = client.get(page)
        assert answer.status_code == 403
        assert "먼저 로그아웃하고" in answer.content.decode()


def test_unknown_steps_and_other_kinds(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    assert client.get("/repair/apply/nothing/").status_code == 404
    assert client.get("/repair/apply/check/")["Location"] == "/repair/apply/"


def test_who_looked_at_a_draft_is_on_record(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    applicant.fill(client)
    draft = Draft.objects.get()
    of = AccessRecord.objects.filter(subjects=[f"repair.draft:{draft.pk}"])
    assert of.filter(action="change").count() == 7
    for step in STEPS:
        before = of.filter(action="view").count()
        client.get(f"/repair/apply/{step}/")
        assert of.filter(action="view").count() == before + 1


def test_drafts_that_were_left_alone_go(client: Client, programme: Programme) -> None:
    applicant.signed_in(client)
    client.post("/repair/apply/papers/", {"trouble": photo(), "more": "1"})
    assert drafts.forget_old() == 0
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=31))
    assert drafts.forget_old() == 1
    assert not Draft.objects.exists()
    assert not Paper.objects.exists()


def test_each_step_asks_a_fixed_number_of_questions(client: Client) -> None:
    make_repair.programme(rules={"organisation_devices": 9})
    applicant.signed_in(client)
    who = {"kind": "organisation", "organisation": "예시 복지관", "name": "예시 담당"}
    counts: dict[str, set[int]] = {}
    for many in (1, 3, 9):
        what = {"count": str(many)}
        for n in range(1, many + 1):
            what |= {f"kind_{n}": "laptop", f"trouble_{n}": "slow"}
        applicant.fill(client, who=who, contact=None, group=None, what=what)
        for step in ("who", "where", "what", "papers", "consent", "check"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(f"/repair/apply/{step}/").status_code == 200
            counts.setdefault(step, set()).add(len(asked))
    assert all(len(each) == 1 for each in counts.values()), counts
    assert max(max(each) for each in counts.values()) < 25
