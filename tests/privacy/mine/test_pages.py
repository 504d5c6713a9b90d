"""내 개인정보, by the code to one's phone."""

import json
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import consent_texts
from learning.models import Booking, Learner
from people.models import Message
from people.phones import normalised
from privacy import consents, verify_ledger
from privacy.access import Action, record, subject
from privacy.ledger import checkpoints
from privacy.ledger.sequence import sequence
from privacy.models import AccessRecord, Consent, Request
from tests import make, make_learning
from tests.learning.access_cast import citizen
from tests.privacy.ledger import things

pytestmark = pytest.mark.django_db

PHONE = "010-9999-7101"


@pytest.fixture
def learner() -> Learner:
    return make_learning.learner("카나리아", normalised(PHONE))


@pytest.fixture
def me(learner: Learner) -> Client:
    return citizen(PHONE)


def page(client: Client, address: str, **asked: str) -> str:
    answer = client.get(f"/privacy/mine/{address}", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def looked(by: str, *rows: object, detail: str = "배움터 출석", at=None) -> AccessRecord:
    return things.written(1, at, identifier=by, subjects=[subject(row) for row in rows], detail=detail)[0]


@pytest.mark.parametrize("address", ["", "held/", "looks/", "agreed/", "requests/"])
def test_a_phone_first_and_staff_not_at_all(address: str) -> None:
    asked_first = unquote(Client().get(f"/privacy/mine/{address}")["Location"])
    assert asked_first == f"/people/sign-in/?next=/privacy/mine/{address}"
    answer = make.signed_in(Client(), make.clerk()).get(f"/privacy/mine/{address}")
    assert answer.status_code == 403
    assert "직원으로 로그인하셨습니다" in answer.content.decode()


def test_everything_held_on_one_page_and_as_a_file(me: Client, learner: Learner) -> None:
    make_learning.booking(make_learning.session(), learner, wishes="계단이 어렵습니다")
    make_learning.learner("다른이", "+821099997102")
    shown = page(me, "held/")
    assert "카나리아" in shown and "계단이 어렵습니다" in shown and "동의" in shown
    assert "다른이" not in shown
    answer = me.get("/privacy/mine/held/", {"file": "json"})
    told = json.loads(answer.content)
    assert "카나리아" in answer.content.decode()
    assert {one["무엇"] for one in told} >= {"배우는 분", "수업 신청"}
    assert AccessRecord.objects.latest("pk").action == Action.DOWNLOAD


def test_who_looked_when_of_which_office_and_why(me: Client, learner: Learner) -> None:
    clerk, stranger = make.clerk(make.district("문산읍")), make_learning.learner()
    looked(clerk.username, learner, stranger, at=timezone.now())
    looked("citizen-of-another-phone", stranger)
    looked(clerk.username, learner, at=timezone.now() - timedelta(days=4000), detail="발령 전")
    shown = page(me, "looks/")
    assert "문산읍 직원" in shown and "배움터 출석" in shown and "모두 2건" in shown
    assert clerk.username not in shown
    assert shown.count("문산읍 직원") == 1  # years ago they were none


def test_a_proof_that_anybody_can_check_and_that_names_nobody_else(me: Client, learner: Learner) -> None:
    stranger = make_learning.learner()
    entry = looked("clerk-7", learner, stranger)
    early = me.get(f"/privacy/mine/looks/{entry.pk}/proof/")
    assert early.status_code == 302  # in no checkpoint yet
    sequence()
    checkpoints.make(timezone.now())
    answer = me.get(f"/privacy/mine/looks/{entry.pk}/proof/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert subject(learner) in text and "배움터 출석" in text
    assert subject(stranger) not in text and "clerk-7" not in text and "192.0.2.7" not in text
    assert verify_ledger.check_proof(json.loads(text), things.keys())[0] == "good"
    other = looked("clerk-7", stranger)
    assert me.get(f"/privacy/mine/looks/{other.pk}/proof/").status_code == 404


def agreed(learner: Learner, text: consents.ConsentText) -> Consent:
    return consents.keep_consents(learner, {text.key: True}, None)[0]


def test_an_optional_consent_is_withdrawn_with_all_that_hangs_on_it(me: Client, learner: Learner) -> None:
    booking = make_learning.booking(make_learning.session(), learner, wishes="귀가 어둡습니다")
    agreed(learner, consent_texts.PERSONAL)
    needs = agreed(learner, consent_texts.NEEDS)
    shown = page(me, "agreed/")
    assert consent_texts.NEEDS.label in shown and shown.count("이 동의 거두기") == 2
    address = f"/privacy/mine/agreed/{needs.pk}/withdraw/"
    assert "달라지지 않습니다" in me.get(address).content.decode()
    assert me.post(address).status_code == 302
    needs.refresh_from_db()
    assert needs.withdrawn_at
    assert Booking.objects.get(pk=booking.pk).wishes is None
    assert not Request.objects.exists()
    assert "거두심" in page(me, "agreed/")


def test_a_needed_one_becomes_a_request_to_erase(me: Client, learner: Learner) -> None:
    consent = agreed(learner, consent_texts.PERSONAL)
    address = f"/privacy/mine/agreed/{consent.pk}/withdraw/"
    assert "지우는 절차" in me.get(address).content.decode()
    me.post(address)
    me.post(address)
    asked = Request.objects.get()
    assert (asked.kind, asked.state) == ("erase", "open")
    assert asked.phone == normalised(PHONE)


def test_nobody_withdraws_another_s_consent(me: Client) -> None:
    theirs = agreed(make_learning.learner(), consent_texts.NEEDS)
    assert me.post(f"/privacy/mine/agreed/{theirs.pk}/withdraw/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


def test_asking_once_by_a_form_that_is_sent_twice(me: Client, learner: Learner) -> None:
    form = me.get("/privacy/mine/requests/").context["form"]
    given = {"kind": "correct", "words": "이름이 틀렸습니다", "once": str(form["once"].value())}
    for _ in range(2):
        assert me.post("/privacy/mine/requests/", given).status_code == 302
    asked = Request.objects.get()
    assert "까지 답해 드립니다" in page(me, "requests/") and "이름이 틀렸습니다" in page(me, "requests/")
    assert list(Message.objects.values_list("template", flat=True)) == ["privacy_asked"]
    stranger = citizen("010-9999-7102")
    assert "이름이 틀렸습니다" not in page(stranger, "requests/")
    assert stranger.post(f"/privacy/mine/requests/{asked.pk}/withdraw/").status_code == 404
    me.post(f"/privacy/mine/requests/{asked.pk}/withdraw/")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_what_was_typed_is_kept_when_something_is_missing(me: Client) -> None:
    answer = me.post("/privacy/mine/requests/", {"words": "옛 주소입니다", "once": "x"})
    assert answer.status_code == 422
    assert "옛 주소입니다" in answer.content.decode() and "하나를 골라 주세요" in answer.content.decode()
    long = me.post("/privacy/mine/requests/", {"kind": "copy", "words": "가" * 1001})
    assert "1,000자 안으로" in long.content.decode()


@pytest.mark.parametrize("address", ["held/", "looks/", "agreed/", "requests/"])
def test_as_many_queries_for_one_as_for_thirty(me: Client, learner: Learner, address: str) -> None:
    counts, made = [], 0
    me.get("/privacy/mine/")
    for wanted in (1, 3, 30):
        while made < wanted:
            made += 1
            make_learning.booking(make_learning.session(days=made), learner)
            looked(f"clerk-{made}", learner)
            agreed(learner, consent_texts.NEEDS)
            Request.objects.create(
                once=f"00000000-0000-4000-8000-{made:012}",
                kind="copy",
                phone=normalised(PHONE),
                due_on=timezone.localdate(),
            )
        with CaptureQueriesContext(connection) as asked:
            page(me, address)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_what_the_system_did_is_told_as_such(me: Client, learner: Learner) -> None:
    record(None, Action.DELETE, [learner], "미리 알아 둘 것을 지움")
    assert "포털이 스스로" in page(me, "looks/")
