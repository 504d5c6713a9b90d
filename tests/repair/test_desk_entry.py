"""A clerk enters for somebody at the counter or on the phone: the same case as on the web."""

import uuid
from typing import Any

import pytest
from django.test import Client

from people.models import Message, User
from privacy.models import AccessRecord, Consent
from repair.groups import Group
from repair.models import Case, Programme
from repair.states import State
from tests import make, make_repair

pytestmark = pytest.mark.django_db
NEW = "/repair/desk/new/"


@pytest.fixture(autouse=True)
def year() -> Programme:
    return make_repair.programme()


@pytest.fixture
def clerk(client: Client) -> User:
    made = make.clerk()
    make.signed_in(client, made)
    return made


def typed(**changed: Any) -> dict[str, Any]:
    given = {
        "once": str(uuid.uuid4()),
        "way": "counter",
        "name": "예시 한아름",
        "birth_date": "1944. 2. 29.",
        "phone": "010-9999-4321",
        "group": "disabled",
        "tells": "applicant",
        "district": make.district().pk,
        "address": "진주시 문산읍 동부로 12",
        "unit": "101동 202호",
        "device0-kind": "laptop",
        "device0-trouble": "no_power",
        "device0-words": "전원 단추가 눌리지 않습니다",
        "agreed_repair_personal": "on",
        "agreed_repair_sensitive": "on",
    }
    return {name: value for name, value in {**given, **changed}.items() if value is not None}


def test_the_same_case_as_on_the_web_recorded_as_on_behalf_of(client: Client, clerk: User) -> None:
    answer = client.post(NEW, typed(), follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain == [(f"/repair/desk/{case.pk}/", 302)]
    assert "접수증 인쇄" in answer.content.decode()
    assert "다음 분 접수하기" in answer.content.decode()
    assert (case.entered_by, case.way, case.state, case.district) == (
        clerk,
        Case.Way.COUNTER,
        State.RECEIVED,
        make.district(),
    )
    resident = case.resident
    assert (resident.name, resident.birth_date, resident.phone) == (
        "예시 한아름",
        "1944-02-29",
        "+821099994321",
    )
    assert (case.unit, case.group, case.household_claim) == (
        "101동 202호",
        Group.DISABLED,
        case.household_index,
    )
    device = case.devices.get()
    assert (device.kind, device.trouble, device.trouble_words) == (
        "laptop",
        "no_power",
        "전원 단추가 눌리지 않습니다",
    )
    step = case.steps.get()
    assert (step.deed, step.who, step.by) == ("filed", "staff", clerk)
    said = {consent.key: consent.agreed for consent in Consent.objects.all()}
    assert said == {"repair.personal": True, "repair.sensitive": True, "repair.look_up": False}
    assert {consent.identifier for consent in Consent.objects.all()} == {clerk.username}
    [message] = Message.objects.filter(template="repair_filed")
    assert message.to == "+821099994321"
    assert AccessRecord.objects.filter(action="create", subjects=[f"repair.case:{case.pk}"]).count() == 1


def test_who_gets_the_messages_is_asked(client: Client, clerk: User) -> None:
    client.post(NEW, typed(tells="helper", helper_name="예시 이웃", helper_phone="010-9999-0007", phone=""))
    case = Case.objects.get()
    assert (case.tells, case.helper_name, case.phone_index) == ("helper", "예시 이웃", "")
    assert Message.objects.get(template="repair_filed").to == "+821099990007"


def test_a_landline_gets_paper_instead(client: Client, clerk: User) -> None:
    answer = client.post(NEW, typed(phone="055-755-0000", way="phone"), follow=True)
    assert "문자를 받을 휴대전화가 없습니다" in answer.content.decode()
    assert Case.objects.get().way == Case.Way.PHONE
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "이름을 적어 주세요."),
        ({"way": None}, "창구인지 전화인지 골라 주세요."),
        ({"way": "web"}, "창구인지 전화인지 골라 주세요."),
        ({"birth_date": ""}, "생년월일을 적어 주세요."),
        ({"birth_date": "어제"}, "생년월일을 1950-03-01처럼 적어 주세요."),
        ({"birth_date": "2999-01-01"}, "생년월일을 다시 확인해 주세요."),
        ({"phone": "12"}, "전화번호를 다시 확인해 주세요."),
        ({"phone": ""}, "연락드릴 전화번호를 하나는 적어 주세요."),
        ({"group": ""}, "어느 지원 대상인지 골라 주세요."),
        ({"group": "organisation"}, "단체 이름을 적어 주세요."),
        ({"organisation": "예시 복지관"}, "지원 대상에서 ‘복지단체’를 골라 주세요."),
        ({"helper_name": "예시 이웃"}, "이름과 전화번호를 함께 적어 주세요."),
        ({"tells": "helper"}, "도와주시는 분의 전화번호를 적어 주세요."),
        ({"tells": None}, "문자를 받을 분을 골라 주세요."),
        ({"address": " "}, "주소를 적어 주세요."),
        ({"device0-kind": ""}, "어떤 기기인지 골라 주세요."),
        ({"device0-bought_in": "1800"}, "산 해를 2018처럼 적어 주세요."),
        ({"device1-kind": "desktop"}, "어떤 고장인지 골라 주세요."),
        ({"agreed_repair_personal": None}, "동의하셔야 접수할 수 있습니다."),
        ({"agreed_repair_sensitive": None}, "동의하셔야 접수할 수 있습니다."),
        ({"once": "x"}, "고칠 것이 있습니다"),
        ({"address": "가" * 201}, "200자 안으로 줄여 주세요."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_kept(
    client: Client, clerk: User, changed: dict, words: str
) -> None:
    answer = client.post(NEW, typed(**changed))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert "전원 단추가 눌리지 않습니다" in shown
    assert 'value="101동 202호"' in shown
    assert not Case.objects.exists()


def test_only_for_their_own_district_and_only_offices(client: Client, clerk: User) -> None:
    assert client.post(NEW, typed(district=make.district("금산면").pk)).status_code == 422
    make.signed_in(client, make_repair.repair_officer())
    assert client.post(NEW, typed(district=make.district("금산면").pk)).status_code == 302
    make.signed_in(client, make.city_operator())
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, typed()).status_code == 403


def test_sent_twice_is_filed_once(client: Client, clerk: User) -> None:
    given = typed()
    first, second = client.post(NEW, given), client.post(NEW, given)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_a_second_case_of_a_household_needs_a_reason(client: Client, clerk: User) -> None:
    client.post(NEW, typed())
    live = Case.objects.get()
    given = typed(name="예시 다른", phone="010-9999-8888", address="경남 진주시 문산읍 동부로12")
    answer = client.post(NEW, given)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f"/repair/desk/{live.pk}/" in shown
    assert shown.count("같은 가구") == 2  # what to look at, and the field for the reason
    assert "예시 다른" in shown
    assert client.post(NEW, given | {"exception": "한 집에 세대가 둘입니다."}).status_code == 302
    case = Case.objects.exclude(pk=live.pk).get()
    assert (case.household_claim, case.household_exception) == (None, "한 집에 세대가 둘입니다.")
    assert case.household_confirmed_by == clerk
    assert list(case.steps.values_list("deed", flat=True)) == ["filed", "excepted"]


def test_a_case_elsewhere_is_not_shown(client: Client, clerk: User) -> None:
    there = make_repair.case(
        address="진주시 문산읍 동부로 12", unit="101동 202호", district=make.district("금산면")
    )
    shown = client.post(NEW, typed()).content.decode()
    assert "다른 읍면동에 있습니다" in shown
    assert there.number not in shown
    assert str(there.pk) not in shown


def test_an_organisation_brings_several(client: Client, clerk: User) -> None:
    given = typed(group="organisation", organisation="예시 복지관", birth_date="")
    for n in range(1, 5):
        given |= {f"device{n}-kind": "desktop", f"device{n}-trouble": "slow"}
    client.post(NEW, given)
    case = Case.objects.get()
    assert (case.kind, case.organisation, case.devices.count()) == ("organisation", "예시 복지관", 5)
    assert case.household_claim is None


def test_when_nothing_is_taken_it_says_so(client: Client, clerk: User, year: Programme) -> None:
    Programme.objects.update(closes_on=year.opens_on)
    answer = client.post(NEW, typed())
    assert answer.status_code == 422
    assert "지금은 접수 기간이 아닙니다." in answer.content.decode()
