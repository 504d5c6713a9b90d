"""유출 대응: who was exposed, the clock, the notices, telling once, and a drill that tells nobody."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.demo_clock import clock_at
from people.models import Call, Message
from people.phones import normalised
from privacy import breach_notices
from privacy.access import subject
from privacy.exposed import exposed, looks, plan, summary
from privacy.models import AccessRecord, Breach, BreachNotice, BreachStep
from tests import make, make_learning, make_repair
from tests.learning.access_cast import citizen
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
    assert (by[subject(other)].copied, by[subject(one)].copied) == (True, False)
    times = looks(breach(account="lost-clerk"), by.values())
    assert set(times) == set(by) and times[subject(other)].count == 2
    assert times[subject(other)].first < times[subject(other)].last
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
    assert set(told.phones) == {normalised(PHONE), normalised("010-9999-7202")} and told.nobody == 0
    assert told.phones[normalised(PHONE)] == {"배우는 분", "수업 신청"}


def test_everybody_whose_data_a_row_shows_is_told() -> None:
    """Helpers, whoever booked for somebody, and an applicant who is reached by a helper alone."""
    make_repair.programme()
    helped = make_repair.case(helper_name="예시 조카", helper_phone="010-9999-7203")
    helped.resident.phone = ""
    helped.resident.save()
    learner = make_learning.learner("카나리아", normalised(PHONE))
    booked = make_learning.booking(
        make_learning.session(), learner, booker_name="예시 딸", contact=normalised("010-9999-7204")
    )
    alone = make_learning.learner("번호 없는 분")
    alone.phone = ""
    alone.save()
    looked("lost-clerk", helped, booked, alone)
    told = summary(exposed(breach(account="lost-clerk")))
    assert set(told.phones) == {normalised(one) for one in (PHONE, "010-9999-7203", "010-9999-7204")}
    assert (told.nobody, told.people) == (1, 4)


def test_as_many_people_as_there_are_not_as_the_rarest_kind_of_row() -> None:
    for n in range(12):
        looked("lost-clerk", make_learning.visit_request(contact_phone=f"+82101234{n:04}"))
    looked("lost-clerk", make.user())
    assert summary(exposed(breach(account="lost-clerk"))).people == 13


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
    second = make.signed_in(Client(), officer())
    second.post(f"/privacy/breaches/{found.pk}/note/", {"what": "posted"})
    assert "알려 드릴 것이 없습니다" in Client().get("/privacy/breaches/posted/").content.decode()
    for _ in range(2):
        second.post(f"/privacy/breaches/{found.pk}/approve/")
    [message] = Message.objects.all()
    assert (message.to, message.text) == (normalised(PHONE), "고친 글입니다")
    [notice] = found.notices.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BreachNotice.objects.update(to_people="x")
    with pytest.raises(DatabaseError, match="breach_notice_by_two"), transaction.atomic():
        BreachNotice.objects.create(
            breach=found, state="possible", asked_by=notice.asked_by, approved_by=notice.asked_by, phones=0
        )
    second.post(f"/privacy/breaches/{found.pk}/note/", {"what": "posted"})
    # What is posted is what was approved, whatever somebody writes afterwards.
    desk.post(f"/privacy/breaches/{found.pk}/write/", {**words(found), "to_everybody": "몰래 고친 글"})
    posted = Client().get("/privacy/breaches/posted/").content.decode()
    assert notice.to_everybody[:20] in posted and "몰래" not in posted
    for _ in range(2):
        second.post(f"/privacy/breaches/{found.pk}/note/", {"what": "closed"})
    found.refresh_from_db()
    assert found.state == "confirmed"
    with pytest.raises(DatabaseError, match="breach_closed_by_two"), transaction.atomic():
        Breach.objects.filter(pk=found.pk).update(state="closed", ended_by=found.ending_by)
    desk.post(f"/privacy/breaches/{found.pk}/note/", {"what": "closed"})
    found.refresh_from_db()
    assert found.state == "closed"
    assert BreachStep.objects.filter(breach=found).count() == 8


def test_possible_then_confirmed_then_none_after_all(desk: Client) -> None:
    """Each is approved and told once; the clock of the first stays."""
    looked("lost-clerk", make_learning.learner("카나리아", normalised(PHONE)))
    found = opened(desk)
    second = make.signed_in(Client(), officer())
    first_told = None
    for n, (state, says) in enumerate(
        (
            ("possible", "가능성이 있습니다"),
            ("confirmed", "더 확인된 것을 알려 드립니다. 고객님의 개인정보가 유출되었습니다"),
            ("all_clear", "유출되지 않았습니다"),
        ),
        1,
    ):
        desk.post(f"/privacy/breaches/{found.pk}/judge/", {"state": state})
        found.refresh_from_db()
        desk.post(f"/privacy/breaches/{found.pk}/write/", words(found))
        for _ in range(2):
            second.post(f"/privacy/breaches/{found.pk}/approve/")
        assert Message.objects.count() == n
        assert says in Message.objects.latest("created_at").text
        found.refresh_from_db()
        first_told = first_told or found.told_at
        assert found.told_at == first_told
    page = desk.get(f"/privacy/breaches/{found.pk}/").content.decode()
    assert page.count("명께 알린 글") == 3


def test_whom_no_text_reaches_is_called_before_it_is_closed(desk: Client) -> None:
    looked("lost-clerk", make_learning.learner("카나리아", normalised(PHONE)))
    found = opened(desk)
    desk.post(f"/privacy/breaches/{found.pk}/write/", words(found))
    second = make.signed_in(Client(), officer())
    second.post(f"/privacy/breaches/{found.pk}/approve/")
    message = Message.objects.get()
    Message.objects.update(state="failed")
    Call.objects.create(message=message)
    page = desk.get(f"/privacy/breaches/{found.pk}/").content.decode()
    assert "1통이 닿지 않았고" in page and "전화할 분은 1명" in page
    closing = desk.post(f"/privacy/breaches/{found.pk}/note/", {"what": "closed"}, follow=True)
    assert "전화할 분이 1명 있습니다" in closing.content.decode()
    calls = desk.get("/people/privacy-calls/").content.decode()
    assert "010-****-7201" in calls and "유출 알림" in calls and PHONE not in calls
    address = f"/people/privacy-calls/{message.pk}/"
    assert PHONE in desk.get(address).content.decode()
    assert AccessRecord.objects.latest("pk").detail == "개인정보 담당이 전화로 알리기"
    assert make.signed_in(Client(), make.clerk()).get(address).status_code == 403
    desk.post(address, {"said": "reached"})
    assert desk.get(address).status_code == 404
    for client in (desk, second):
        client.post(f"/privacy/breaches/{found.pk}/note/", {"what": "closed"})
    found.refresh_from_db()
    assert found.state == "closed"


def test_nobody_acts_on_their_own_account() -> None:
    who = officer()
    looked(who.username, make_learning.learner())
    found = opened(make.signed_in(Client(), officer()), account=who.username)
    suspect = make.signed_in(Client(), who)
    for deed, given in (
        ("judge", {"state": "all_clear"}),
        ("write", words(found)),
        ("note", {"what": "closed"}),
    ):
        answer = suspect.post(f"/privacy/breaches/{found.pk}/{deed}/", given, follow=True)
        assert "본인 계정에 대한 일입니다" in answer.content.decode(), deed
    found.refresh_from_db()
    assert found.state == "possible" and found.steps.count() == 1


def test_nobody_is_told_and_it_is_not_closed_by_one(desk: Client) -> None:
    """The clock runs on until it was told, or two say that it was none."""
    looked("lost-clerk", make_learning.learner())
    found = opened(desk)
    closing = desk.post(
        f"/privacy/breaches/{found.pk}/note/", {"what": "closed"}, follow=True
    ).content.decode()
    assert "아직 아무에게도 알리지 않았습니다" in closing
    desk.post(f"/privacy/breaches/{found.pk}/judge/", {"state": "all_clear"})
    assert "시간 남았습니다" in desk.get(f"/privacy/breaches/{found.pk}/").content.decode()
    for client in (desk, make.signed_in(Client(), officer())):
        client.post(f"/privacy/breaches/{found.pk}/note/", {"what": "closed"})
    found.refresh_from_db()
    assert found.state == "closed"


def test_those_whom_it_concerns_do_not_read_what_it_was_called(desk: Client) -> None:
    learner = make_learning.learner("카나리아", normalised(PHONE))
    looked("lost-clerk", learner)
    found = opened(desk, title="김 아무개 주무관 건")
    desk.get(f"/privacy/breaches/{found.pk}/")
    things.written(1, identifier="root", subjects=[subject(learner)], detail="점검")
    page = citizen(PHONE).get("/privacy/mine/looks/").content.decode()
    assert "유출 대응: 노출된 목록" in page and "주무관" not in page
    assert "포털을 관리하는 사람" in page and "시민이 휴대전화로" not in page


def test_a_drill_tells_nobody(desk: Client) -> None:
    looked("lost-clerk", make_learning.learner("카나리아", normalised(PHONE)))
    found = opened(desk, is_drill="on")
    desk.post(f"/privacy/breaches/{found.pk}/write/", words(found))
    make.signed_in(Client(), officer()).post(f"/privacy/breaches/{found.pk}/approve/")
    found.refresh_from_db()
    assert found.notices.count() == 1 and found.told_at is None and not Message.objects.exists()
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
    desk.post(f"/privacy/breaches/{found.pk}/write/", words(found))
    make.signed_in(Client(), officer()).post(f"/privacy/breaches/{found.pk}/approve/")
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
