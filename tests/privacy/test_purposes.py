"""What somebody is looked at for: chosen, for that row, for some minutes; and it is on the access record."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people.demo_clock import clock_at
from privacy import purposes
from privacy.access import subject
from privacy.models import AccessRecord
from tests import make, make_repair
from tests.learning.access_cast import citizen

pytestmark = pytest.mark.django_db
NAME = "예시 한아름"


@pytest.fixture
def case():
    make_repair.programme()
    return make_repair.case(name=NAME)


@pytest.fixture
def desk(case) -> Client:
    return make.signed_in(Client(), make.clerk(case.district))


def shows(desk: Client, case) -> bool:
    return NAME in desk.get(f"/repair/desk/{case.pk}/").content.decode()


def chosen(desk: Client, case, purpose: str = "call", back: str = "/repair/desk/"):
    return desk.post("/privacy/look/", {"row": subject(case), "purpose": purpose, "back": back})


def test_masked_until_chosen_for_that_row_alone(desk: Client, case) -> None:
    other = make_repair.case(name=NAME, district=case.district)
    assert not shows(desk, case)
    assert chosen(desk, case)["Location"] == "/repair/desk/#seen"
    assert shows(desk, case) and not shows(desk, other)
    details = AccessRecord.objects.filter(subjects__contains=[subject(case)], action="view").order_by("pk")
    assert list(details.values_list("detail", flat=True)) == [
        "무상수리 한 건 (가린 채)",
        "무상수리 한 건: 시민과 통화·연락",
        "무상수리 한 건 (가린 채)",  # beside the other, whose person is the same
    ]


def test_for_ten_minutes_and_not_in_another_session(desk: Client, case) -> None:
    chosen(desk, case)
    again = make.signed_in(Client(), make.clerk(case.district, username="clerk-two"))
    assert not shows(again, case)
    with clock_at(timezone.now() + timedelta(seconds=purposes.LASTS - 5)):
        assert shows(desk, case)
    with clock_at(timezone.now() + timedelta(seconds=purposes.LASTS + 5)):
        assert not shows(desk, case)


@pytest.mark.parametrize("purpose", ["", "curious", "기타"])
def test_no_other_reason_than_those(desk: Client, case, purpose: str) -> None:
    chosen(desk, case, purpose)
    page = desk.get(f"/repair/desk/{case.pk}/").content.decode()
    assert NAME not in page and "보시는 까닭을 하나 눌러 주세요." in page


def test_whoever_may_not_open_a_page_may_not_after_choosing_either(case) -> None:
    elsewhere = make.signed_in(Client(), make.clerk(make.district("금산면")))
    chosen(elsewhere, case)
    assert elsewhere.get(f"/repair/desk/{case.pk}/").status_code == 404
    nobody = Client()
    assert chosen(nobody, case).status_code == 302 and "seen_for" not in nobody.session
    assert chosen(citizen("010-9999-4321"), case).status_code == 302


@pytest.mark.parametrize("back", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_leads_nowhere_else(desk: Client, case, back: str) -> None:
    assert chosen(desk, case, back=back)["Location"] == "/start/"
    assert not shows(desk, case)


def test_a_session_remembers_no_more_than_a_few(desk: Client, case) -> None:
    chosen(desk, case)
    for n in range(purposes.MOST):
        desk.post("/privacy/look/", {"row": f"repair.case:{n}", "purpose": "call", "back": "/start/"})
    assert len(desk.session[purposes.KEY]) == purposes.MOST
    assert not shows(desk, case)
