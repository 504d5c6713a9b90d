"""유출 대응: who was exposed, the clock, the notices, telling once, and a drill that tells nobody."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.demo_clock import clock_at
from people.models import Message
from people.phones import normalised
from privacy import breach_notices
from privacy.access import subject
from privacy.exposed import contacts, exposed, plan, summary
from privacy.models import AccessRecord, Breach, BreachStep
from tests import make, make_learning, make_repair
from tests.load import drill_breach
from tests.privacy.ledger import things
from tests.privacy.mine.test_requests import officer

pytestmark = pytest.mark.django_db

PHONE = "010-9999-7201"


@pytest.fixture
def desk() -> Client:
    return make.signed_in(Client(), officer())


def looked(
    by: str, *rows, action: str = "view", minutes: int = 10, address: str = "192.0.2.7"
) -> AccessRecord:
    at = timezone.now() - timedelta(minutes=minutes)
    return things.written(
        1, at, identifier=by, subjects=[subject(row) for row in rows], action=action, address=address
    )[0]


def breach(**fields) -> Breach:
    now = timezone.now()
    given = {
        "title": "노트북 분실",
        "how": "직원이 알림",
        "known_at": now,
        "since": now - timedelta(hours=2),
        "until": now,
    }
    return Breach(**{**given, **fields})


def opened(desk: Client, **given: object) -> Breach:
    now = timezone.localtime()
    form = {
        "title": "노트북 분실",
        "how": "직원이 알림",
        "known_at": f"{now:%Y-%m-%d %H:%M}",
        "account": "lost-clerk",
        "since": f"{now - timedelta(hours=2):%Y-%m-%d %H:%M}",
        "until": f"{now + timedelta(minutes=2):%Y-%m-%d %H:%M}",
        **given,
    }
    answer = desk.post("/privacy/breaches/", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Breach.objects.get(pk=answer["Location"].split("/")[-2])


def words(form: Breach) -> dict[str, str]:
    return {name: getattr(form, name) for name in ("to_people", "to_authority", "to_everybody")}


def test_from_an_account_an_address_or_a_time() -> None:
    one, other, third = (make_learning.learner() for _ in range(3))
    looked("lost-clerk", one, other)
    looked("lost-clerk", other, action="download")
    looked("lost-clerk", third, minutes=600)
    looked("somebody", third, address="198.51.100.9")
    by = {row.subject: row for row in exposed(breach(account="lost-clerk"))}
    assert set(by) == {subject(one), subject(other)}
    assert (by[subject(other)].looks, by[subject(other)].copied, by[subject(one)].copied) == (2, True, False)
    assert [row.subject for row in exposed(breach(address="198.51.100.9"))] == [subject(third)]
    assert {row.subject for row in exposed(breach())} == {subject(one), subject(other), subject(third)}
    assert exposed(breach(account="nobody")) == []


def test_what_was_refused_showed_nothing() -> None:
    row = looked("lost-clerk", make_learning.learner())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE privacy_accessrecord SET result = 'refused' WHERE id = %s", [row.pk])
        cursor.execute("SET session_replication_role = origin")
    assert exposed(breach(account="lost-clerk")) == []


def test_fields_people_and_how_to_reach_them() -> None:
    learner = make_learning.learner("카나리아", normalised(PHONE))
    booking = make_learning.booking(make_learning.session(), learner)
    make_repair.programme()
    case = make_repair.case(phone="010-9999-7202")
    looked("lost-clerk", learner, booking, case, case.resident)
    found = exposed(breach(account="lost-clerk"))
    told = summary(found)
    assert {holding.model for holding, _, _ in told.rows} == {
        *("learning.Learner", "learning.Booking", "repair.Case", "people.Resident")
    }
    assert told.people == 2 and told.sensitive
    phones, nobody = contacts(found)
    assert set(phones) == {normalised(PHONE), normalised("010-9999-7202")} and nobody == 0
    assert phones[normalised(PHONE)] == {"배우는 분", "수업 신청"}


@pytest.mark.parametrize(
    ("people", "sensitive", "outside", "must"),
    [
        (999, False, False, 0),
        (1000, False, False, 1),
        (1, True, False, 1),
        (1, False, True, 1),
        (2000, True, True, 3),
    ],
)
def test_when_the_authority_must_be_told(people: int, sensitive: bool, outside: bool, must: int) -> None:
    assert len(breach_notices.must_report(people, sensitive=sensitive, from_outside=outside)) == must


def test_the_whole_way_with_a_second_person(desk: Client) -> None:
    learner = make_learning.learner("카나리아", normalised(PHONE))
    looked("lost-clerk", learner)
    found = opened(desk)
    page = desk.get(f"/privacy/breaches/{found.pk}/").content.decode()
    assert "71시간 남았습니다" in page or "72시간 남았습니다" in page
    assert "배우는 분" in page and "카나리아" not in page and "유출되었을 가능성이 있습니다" in page
    for item in (
        "1. 유출된 항목",
        "2. 유출된 때와 경위",
        "3. 하실 수 있는 일",
        "4. 저희가 한 일",
        "5. 물어보실 곳",
    ):
        assert item in found.to_people
    desk.post(f"/privacy/breaches/{found.pk}/judge/", {"state": "confirmed"})
    found.refresh_from_db()
    assert "유출되었습니다" in found.to_people
    # The one who writes does not approve.
    desk.post(f"/privacy/breaches/{found.pk}/write/", {**words(found), "to_people": "고친 글입니다"})
    desk.post(f"/privacy/breaches/{found.pk}/approve/")
    assert not Message.objects.exists()
    with pytest.raises(DatabaseError, match="breach_notice_by_two"), transaction.atomic():
        Breach.objects.filter(pk=found.pk).update(approved_by=Breach.objects.get(pk=found.pk).asked_by)
    second = make.signed_in(Client(), officer())
    for _ in range(2):
        second.post(f"/privacy/breaches/{found.pk}/approve/")
    [message] = Message.objects.all()
    assert (message.to, message.text) == (normalised(PHONE), "고친 글입니다")
    second.post(f"/privacy/breaches/{found.pk}/note/", {"what": "posted"})
    assert found.to_everybody[:20] in Client().get("/privacy/breaches/posted/").content.decode()
    second.post(f"/privacy/breaches/{found.pk}/note/", {"what": "closed"})
    found.refresh_from_db()
    assert found.state == "closed"
    assert BreachStep.objects.filter(breach=found).count() == 6


def test_a_drill_tells_nobody(desk: Client) -> None:
    looked("lost-clerk", make_learning.learner("카나리아", normalised(PHONE)))
    found = opened(desk, is_drill="on")
    desk.post(f"/privacy/breaches/{found.pk}/write/", words(found))
    make.signed_in(Client(), officer()).post(f"/privacy/breaches/{found.pk}/approve/")
    found.refresh_from_db()
    assert found.approved_by and found.told_at is None and not Message.objects.exists()
    assert "훈련" in desk.get(f"/privacy/breaches/{found.pk}/").content.decode()
    desk.post(f"/privacy/breaches/{found.pk}/note/", {"what": "posted"})
    assert "알려 드릴 것이 없습니다" in Client().get("/privacy/breaches/posted/").content.decode()


def test_the_all_clear_is_not_told(desk: Client) -> None:
    looked("lost-clerk", make_learning.learner())
    found = opened(desk)
    desk.post(f"/privacy/breaches/{found.pk}/write/", words(found))
    second = make.signed_in(Client(), officer())
    second.post(f"/privacy/breaches/{found.pk}/judge/", {"state": "all_clear"})
    desk.post(f"/privacy/breaches/{found.pk}/write/", words(found))
    second.post(f"/privacy/breaches/{found.pk}/approve/")
    assert not Message.objects.exists()


def test_seventy_two_hours_over_new_year() -> None:
    with clock_at(timezone.make_aware(timezone.datetime(2026, 12, 30, 22))):
        found = opened(make.signed_in(Client(), officer()))
    for hours, said in ((71, "1시간 남았습니다"), (73, "1시간 지났습니다")):
        with clock_at(
            timezone.make_aware(timezone.datetime(2026, 12, 30, 22))
            + timedelta(hours=hours, minutes=-1 if hours == 71 else 1)
        ):
            client = make.signed_in(Client(), officer())
            assert said in client.get(f"/privacy/breaches/{found.pk}/").content.decode()


def test_a_list_with_phones_only_for_a_reason(desk: Client) -> None:
    looked("lost-clerk", make_learning.learner("카나리아", normalised(PHONE)))
    found = opened(desk)
    address = f"/privacy/breaches/{found.pk}/people/"
    assert desk.post(address, {"reason": " "}).status_code == 422
    alone = desk.post(address, {"reason": "혼자 받기"}, follow=True).content.decode()
    assert "승인한 뒤에" in alone and normalised(PHONE) not in alone
    Breach.objects.filter(pk=found.pk).update(asked_by=officer(), approved_by=officer())
    answer = desk.post(address, {"reason": "문자를 받지 못한 분께 전화"})
    assert normalised(PHONE) in answer.content.decode("utf-8-sig")
    kept = AccessRecord.objects.latest("pk")
    assert kept.action == "download" and "전화" in kept.detail
    assert make.signed_in(Client(), make.clerk()).get(address).status_code == 403


def test_what_was_typed_is_kept(desk: Client) -> None:
    answer = desk.post(
        "/privacy/breaches/",
        {"title": "분실", "address": "abc", "since": "2026-01-02 10:00", "until": "2026-01-01 10:00"},
    )
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and "분실" in page and "192.0.2.7처럼" in page and "늦어야 합니다" in page
    )


def test_as_many_queries_for_one_as_for_thirty(desk: Client) -> None:
    found = opened(desk)
    counts, made = [], 0
    desk.get(f"/privacy/breaches/{found.pk}/")
    for wanted in (1, 3, 30):
        while made < wanted:
            looked("lost-clerk", make_learning.learner())
            made += 1
        with CaptureQueriesContext(connection) as asked:
            desk.get(f"/privacy/breaches/{found.pk}/")
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_among_many_records_an_index_finds_them() -> None:
    """As `make drill-breach` says it of a million."""
    drill_breach.write_records(20_000)
    asked = drill_breach.questions()
    for by, index in (("account, a month", "access_by_identifier"), ("address, a week", "access_by_address")):
        found = exposed(asked[by])
        assert found and index in "\n".join(plan(asked[by])), by
    assert "Seq Scan on privacy_accessrecord" not in "\n".join(plan(asked["everything, an afternoon"]))
