"""What a clerk does with a case from its page: said before, done by the deed, and nothing typed is lost."""

import uuid
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from people.models import Message, User
from privacy.models import AccessRecord
from repair import budget, looking_up, lookups, workflow
from repair.groups import Group
from repair.models import Case, Evidence, Paper, Programme
from repair.states import NotPossible, State
from tests import make, make_repair

from . import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def year(monkeypatch: pytest.MonkeyPatch) -> Programme:
    clock.set_to(monkeypatch, date(2026, 11, 26))
    return make_repair.programme()


@pytest.fixture
def clerk(client: Client) -> User:
    made = make.clerk()
    make.signed_in(client, made)
    return made


def press(client: Client, case: Case, key: str, status: int = 302, **given: object) -> str:
    answer = client.post(f"/repair/desk/{case.pk}/{key}/", given)
    shown = answer.content.decode()
    assert answer.status_code == status, shown
    case.refresh_from_db()
    return shown


def asked(client: Client, case: Case, key: str) -> str:
    answer = client.get(f"/repair/desk/{case.pk}/{key}/")
    assert answer.status_code == 200
    return answer.content.decode()


SEEN = {"way": "seen", "answer": "yes", "words": "등본을 봄"}


def test_from_filing_to_selection(client: Client, clerk: User) -> None:
    case = make_repair.case()
    assert "맞음" in asked(client, case, "evidence")
    for about in ("group", "residence"):
        press(client, case, "evidence", about=about, **SEEN)
    press(client, case, "confirm")
    shown = asked(client, case, "select")
    assert "예산에서 200,000원을 묶고, 12월 1일(화요일)까지" in shown
    press(client, case, "select")
    assert (case.state, case.officer, case.deadline_on) == (State.SELECTED, clerk, date(2026, 12, 1))
    assert case.steps.filter(by=clerk).count() == 2
    assert AccessRecord.objects.filter(identifier=clerk.username, action="change").count() == 4


@pytest.mark.parametrize(
    ("key", "given", "words"),
    [
        ("evidence", {"about": "group", "words": "내가 쓴 글"}, "결과를 골라 주세요."),
        ("evidence", {"about": "age", "way": "lookup", "answer": "yes"}, "어떻게 확인했는지 골라 주세요."),
        ("ask-paper", {"words": " "}, "어떤 서류인지 적어 주세요."),
        ("propose-refusal", {}, "까닭을 적어 주세요."),
        ("propose-refusal", {"words": "가" * 501}, "500자 안으로 줄여 주세요."),
        ("withdraw", {}, "까닭을 적어 주세요."),
        ("hand-over", {"to": str(uuid.uuid4()), "words": "내가 쓴 글"}, "넘겨받을 직원을 골라 주세요."),
        ("move", {"words": "내가 쓴 글"}, "읍면동을 골라 주세요."),
        ("exception", {}, "까닭을 적어 주세요."),
        ("group", {"group": "organisation"}, "어느 지원 대상인지 골라 주세요."),
        ("correct", {"address": "", "tells": "helper"}, "주소를 적어 주세요."),
        ("paper", {}, "사진이나 서류를 골라 주세요."),
    ],
)
def test_what_is_missing_is_said_and_nothing_done(
    client: Client, clerk: User, key: str, given: dict, words: str
) -> None:
    case = make_repair.case()
    shown = press(client, case, key, 422, **given)
    assert words in shown
    assert "고칠 것이 있습니다" in shown
    assert given.get("words", "").strip() in shown
    assert case.steps.count() == 1


def test_what_does_not_fit_any_more_is_said_and_what_was_typed_kept(client: Client, clerk: User) -> None:
    case = make_repair.case()
    workflow.ask_paper(case.pk, make_repair.staff(clerk), "등록증")
    workflow.withdraw(case.pk, make_repair.CITIZEN)
    shown = press(client, case, "propose-refusal", 409, words="진주시에 살지 않으십니다.")
    assert "‘철회’ 상태에서는 할 수 없는 일입니다" in shown
    assert "진주시에 살지 않으십니다." in shown
    answer = client.get(f"/repair/desk/{case.pk}/propose-refusal/", follow=True)
    assert answer.redirect_chain[0][0] == f"/repair/desk/{case.pk}/"
    assert "지금 상태에서는 할 수 없습니다" in answer.content.decode()
    assert client.get(f"/repair/desk/{case.pk}/nothing/").status_code == 404
    assert client.put(f"/repair/desk/{case.pk}/withdraw/").status_code == 405


def test_refused_by_a_second_person_and_opened_again(client: Client, clerk: User) -> None:
    case = make_repair.case()
    why = "지원 대상임을 보여 주는 서류가 없습니다."
    press(client, case, "propose-refusal", words=why)
    assert "스스로 정할 수 없습니다" in press(client, case, "refuse", 409)
    make.signed_in(client, make.clerk())
    shown = asked(client, case, "refuse")
    assert why in shown
    assert clerk.username in shown
    press(client, case, "refuse")
    assert case.state == State.REFUSED
    told = case.steps.last()
    assert told and told.why == why
    press(client, case, "object", words="등록증을 찾았습니다.")
    make.signed_in(client, make_repair.repair_officer())
    press(client, case, "reopen", words="등록증을 보고 다시 살핍니다.")
    assert case.state == State.RECEIVED
    templates = list(Message.objects.order_by("pk").values_list("template", flat=True))
    assert set(templates) == {"repair_filed", "repair_refused", "repair_reopened"}


def test_when_the_money_is_spent_they_wait_in_order(client: Client, clerk: User, year: Programme) -> None:
    case = make_repair.confirmed(clerk)
    budget.change_budget(year.pk, -9_900_000, "감액", make_repair.repair_officer())
    shown = press(client, case, "select", 409)
    assert "올해 예산이 100,000원 남아" in shown
    assert "예산을 기다리게 하기" in shown
    press(client, case, "wait")
    assert case.state == State.WAITING
    shown = client.get(f"/repair/desk/{case.pk}/").content.decode()
    assert "올해 예산이 100,000원 남아 선정할 수 없습니다." in shown
    budget.change_budget(year.pk, 100_000, "추가", make_repair.repair_officer())
    press(client, case, "select")
    assert case.state == State.SELECTED


def test_taken_handed_over_and_moved(client: Client, clerk: User) -> None:
    case, colleague = make_repair.case(), make.clerk()
    stranger = make.clerk(make.district("금산면"))
    press(client, case, "take")
    assert case.officer == clerk
    shown = asked(client, case, "hand-over")
    assert colleague.username in shown
    assert stranger.username not in shown
    press(client, case, "hand-over", 422, to=stranger.pk)
    press(client, case, "hand-over", to=colleague.pk, words="휴가입니다")
    assert case.officer == colleague
    answer = client.post(
        f"/repair/desk/{case.pk}/move/", {"to": make.district("금산면").pk, "words": "이사"}, follow=True
    )
    assert answer.redirect_chain == [("/repair/desk/", 302)]
    assert client.get(f"/repair/desk/{case.pk}/").status_code == 404
    case.refresh_from_db()
    assert (case.district.name, case.officer) == ("금산면", None)
    assert Case.objects.for_office(stranger).get() == case


def test_paused_and_counted_again(client: Client, clerk: User, monkeypatch) -> None:
    case = make_repair.selected(clerk)
    press(client, case, "pause", 422)
    press(client, case, "pause", words="입원하셨습니다")
    clock.set_to(monkeypatch, date(2026, 12, 3))
    make.signed_in(client, clerk)
    press(client, case, "resume")
    assert (case.promised_on, case.deadline_on) == (date(2026, 12, 1), date(2026, 12, 7))


def test_a_group_that_was_corrected_must_be_shown_again(client: Client, clerk: User) -> None:
    case = make_repair.case(group="")
    make.seeing(client, case)
    assert "모름" in client.get(f"/repair/desk/{case.pk}/").content.decode()
    make_repair.evidence(case, clerk)
    assert "어느 지원 대상인지" in press(client, case, "confirm", 409)
    press(client, case, "group", group="disabled")
    assert "지원 대상의 근거" in press(client, case, "confirm", 409)
    press(client, case, "evidence", about="group", **SEEN)
    press(client, case, "confirm")
    assert case.group == Group.DISABLED


def test_contact_is_corrected(client: Client, clerk: User) -> None:
    case = make_repair.case(phone="010-9999-1111")
    shown = asked(client, case, "correct")
    assert "010-9999-1111" in shown
    given = {"phone": "010-9999-2222", "address": case.resident.address, "tells": "applicant"}
    press(client, case, "correct", 422, **given | {"phone": "12"})
    press(client, case, "correct", 422, **given | {"phone": ""})
    press(client, case, "correct", **given)
    case.resident.refresh_from_db()
    assert case.resident.phone == "+821099992222"


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return SimpleUploadedFile("등록증.jpg", out.getvalue(), "image/jpeg")


def test_a_paper_that_was_asked_for_is_brought_to_the_counter(client: Client, clerk: User) -> None:
    case = make_repair.case()
    press(client, case, "ask-paper", words="등록증 사진")
    assert Message.objects.filter(template="repair_papers").exists()
    press(client, case, "paper", received=photo())
    assert case.state == State.RECEIVED
    paper = Paper.objects.get()
    assert (paper.case, paper.kind, paper.by) == (case, "evidence", clerk)
    assert "등록증.jpg" not in client.get(f"/repair/desk/{case.pk}/").content.decode()
    make.seeing(client, case, purpose="papers")
    shown = client.get(f"/repair/desk/{case.pk}/").content.decode()
    assert "등록증.jpg" in shown
    assert f"/repair/papers/{paper.pk}/" not in shown
    Paper.objects.update(scan="clean")
    assert f"/repair/papers/{paper.pk}/" in client.get(f"/repair/desk/{case.pk}/").content.decode()
    wrong = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    press(client, case, "paper", 422, received=wrong)


# Looking up instead of papers.

ALLOWED = make_repair.AGREED | {"repair.look_up": True}


@pytest.fixture
def register(settings) -> lookups.LookUpContract:
    settings.ELIGIBILITY_LOOKUP = "recorded"
    made = lookups.driver()
    assert made
    made.asked.clear()  # type: ignore[attr-defined]
    made.answers.clear()  # type: ignore[attr-defined]
    return made


def test_the_register_is_asked_with_consent_and_answers_as_evidence(
    client: Client, clerk: User, register
) -> None:
    case = make_repair.case(consents=ALLOWED, name="예시 한아름")
    register.answers["group"] = "yes"
    assert "행정정보 조회" in client.get(f"/repair/desk/{case.pk}/").content.decode()
    press(client, case, "look-up", about="group")
    press(client, case, "look-up", about="residence")
    found = {(row.about, row.way, row.answer, row.by) for row in Evidence.objects.all()}
    assert found == {("group", "lookup", "yes", clerk), ("residence", "lookup", "unclear", clerk)}
    assert [(one.about, one.name, one.birth_date) for one in register.asked] == [
        ("group", "예시 한아름", "1950-03-01"),
        ("residence", "예시 한아름", "1950-03-01"),
    ]
    assert AccessRecord.objects.filter(detail__contains="행정정보 공동이용 조회").count() == 2


def test_a_register_that_does_not_answer_changes_nothing(client: Client, clerk: User, register) -> None:
    case = make_repair.case(consents=ALLOWED)
    register.answers["group"] = None
    assert "조회가 되지 않습니다" in press(client, case, "look-up", 409, about="group")
    assert not Evidence.objects.exists()
    assert len(register.asked) == 1


def test_nobody_is_looked_up_without_consent_or_without_a_register(
    client: Client, clerk: User, register, settings
) -> None:
    silent = make_repair.case()
    refused = make_repair.case(consents=make_repair.AGREED | {"repair.look_up": False})
    allowed = make_repair.case(consents=ALLOWED)
    for case in (silent, refused):
        assert "look-up" not in client.get(f"/repair/desk/{case.pk}/").content.decode()
        assert "조회할 수 없습니다" in press(client, case, "look-up", 409, about="group")
    settings.ELIGIBILITY_LOOKUP = ""
    assert "look-up" not in client.get(f"/repair/desk/{allowed.pk}/").content.decode()
    with pytest.raises(NotPossible):
        looking_up.look_up(allowed.pk, make_repair.staff(clerk), "group")
    settings.ELIGIBILITY_LOOKUP = "nothing"
    with pytest.raises(ModuleNotFoundError):
        lookups.driver()
    assert register.asked == []
