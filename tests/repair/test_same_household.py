"""Nobody asks address by address which neighbours have applied."""

import pytest
from django.core.cache import cache
from django.test import Client

from privacy.models import AccessRecord
from repair import same_household
from repair.models import Case, Draft
from tests import make_repair

from . import applicant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    cache.clear()


def test_asking_leaves_a_trace_and_ends(client: Client) -> None:
    make_repair.programme()
    neighbour = applicant.filed(Client())
    applicant.signed_in(client, applicant.HELPER)
    applicant.fill(client)
    for _ in range(same_household.MOST):
        assert applicant.file(client).status_code == 409
    traces = AccessRecord.objects.filter(subjects=[f"repair.case:{neighbour.pk}"], result="refused")
    assert traces.count() == same_household.MOST
    assert {trace.identifier.split()[0] for trace in traces} == {"010-****-7002"}
    # Not even another address is tried for them today; what they wrote stays.
    where = {**applicant.WHERE, "district": applicant.district_code(), "address": "진주시 문산읍 동부로 72"}
    applicant.answer(client, "where", where)
    answer = applicant.file(client)
    assert answer.status_code == 429
    assert "전화하시면 도와드립니다" in answer.content.decode()
    assert Case.objects.get() == neighbour
    assert Draft.objects.count() == 1


def test_a_correction_is_no_way_around(client: Client) -> None:
    make_repair.programme()
    applicant.filed(Client())
    where = {**applicant.WHERE, "district": applicant.district_code(), "address": "진주시 문산읍 동부로 72"}
    applicant.signed_in(client, applicant.HELPER)
    applicant.fill(client, where=where)
    applicant.file(client)
    own = Case.objects.exclude(phone_index=Case.objects.earliest("filed_at").phone_index).get()
    given = {
        "phone": applicant.HELPER,
        "tells": "applicant",
        "wishes": "",
        "helper_name": "",
        "helper_phone": "",
    }
    given |= {"address": applicant.WHERE["address"], "unit": applicant.WHERE["unit"]}
    said = [
        client.post(f"/repair/mine/{own.pk}/correct/", given).content.decode()
        for _ in range(same_household.MOST + 1)
    ]
    assert "이미 접수된 신청이 있습니다" in said[0]
    assert "오늘은 여기에서 더 하실 수 없습니다" in said[-1]
    assert AccessRecord.objects.filter(result="refused").count() == same_household.MOST
