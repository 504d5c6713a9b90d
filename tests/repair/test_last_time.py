"""Who applied in an earlier year need not write again who they are, how to reach them and where they live."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import AccessRecord
from repair.models import Case, Device, Draft, Programme
from tests import make_repair
from tests.repair import applicant

pytestmark = pytest.mark.django_db
OFFERED = "미리 적어 두었습니다"
LAST = {
    "phone": applicant.PHONE,
    "name": "예시 지난해",
    "unit": "101동 909호",
    "helper_name": "예시 조카",
    "helper_phone": applicant.HELPER,
}


@pytest.fixture
def last() -> Case:
    """Of last year, which is over; this year's programme is there, too."""
    year = timezone.localdate().year - 1
    before = make_repair.programme(year=year)
    case = make_repair.case(**LAST)
    Programme.objects.filter(pk=year).update(opens_on=date(year, 1, 1), closes_on=date(year, 12, 31))
    make_repair.programme()
    assert before.pk == case.programme_id
    return case


@pytest.fixture
def me(client: Client, last: Case) -> Client:
    applicant.signed_in(client)
    return client


def page(me: Client, step: str) -> str:
    return me.get(f"/repair/apply/{step}/").content.decode()


def test_it_is_filled_in_and_marked_and_counts_once_it_was_sent(me: Client, last: Case) -> None:
    shown = page(me, "who")
    assert f"{last.programme_id}년에 신청하실 때" in shown
    assert 'value="예시 지난해"' in shown
    assert "1950-03-01" not in shown  # a birth date is shown to nobody
    record = AccessRecord.objects.latest("pk")
    assert record.subjects == [f"repair.case:{last.pk}"]
    assert not Draft.objects.exists()
    assert me.get("/repair/apply/check/").status_code == 302  # nothing is written yet
    applicant.answer(me, "who", {**applicant.WHO, "name": "예시 지난해"})
    assert OFFERED not in page(me, "who")
    contact, where = page(me, "contact"), page(me, "where")
    assert OFFERED in contact
    assert 'value="예시 조카"' in contact
    assert last.resident.address in where
    assert 'value="101동 909호"' in where
    for step in ("what", "group", "consent"):
        assert OFFERED not in page(me, step)


def test_what_is_changed_is_what_is_filed(me: Client, last: Case) -> None:
    applicant.fill(me)
    assert applicant.file(me).status_code == 302
    case = Case.objects.exclude(pk=last.pk).get()
    assert (case.resident.name, case.unit) == ("예시 어르신", "101동 202호")
    assert list(case.devices.values_list("kind", flat=True)) == [Device.Kind.DESKTOP]


def test_nobody_is_offered_what_another_wrote(me: Client, client: Client, last: Case) -> None:
    applicant.answer(me, "who", {**applicant.WHO, "kind": "other"})
    assert OFFERED not in page(me, "where")  # they help somebody else this time
    applicant.signed_in(client, applicant.HELPER)
    for step in ("who", "contact", "where"):
        assert OFFERED not in page(client, step)


def test_a_case_of_this_year_is_not_offered(client: Client) -> None:
    make_repair.programme()
    make_repair.case(phone=applicant.PHONE)
    applicant.signed_in(client)
    assert OFFERED not in page(client, "who")
