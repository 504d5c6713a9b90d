"""What a phone sends after a dead spot: in order, once however often it comes, nothing refused in silence."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from people.models import User
from repair import sent_deeds, visits, workflow
from repair.models import BudgetEntry, Case, Line, Paper, PriceItem, SentDeed, Step, Visit
from repair.sent_deeds import OLDEST, Sent, done_at
from repair.states import State
from tests import make_repair as make
from tests.make import clerk, signed_in

from .test_visit_races import at_once
from .test_visits import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> Any:
    return make.programme()


@pytest.fixture
def tech(year) -> User:
    return make.technician(year.contractor)


@pytest.fixture
def phone(client: Client, tech: User) -> Client:
    return signed_in(client, tech)


@pytest.fixture
def visit(tech: User) -> Visit:
    return make.visit(by=tech, arrived=False)


def deed(name: str, body: dict[str, Any] | None = None, ago: Any = 0, key: str = "") -> dict[str, Any]:
    return {"id": key or str(uuid.uuid4()), "deed": name, "body": body or {}, "ago": ago}


def line(visit: Visit, name: str = "점검", count: str = "1", **fields: Any) -> dict[str, Any]:
    device = visit.case.devices.get()
    item = PriceItem.objects.get(name=name)
    return deed("add_line", {"device": str(device.pk), "item": str(item.pk), "count": count}, **fields)


def finish(visit: Visit, total: int, **fields: Any) -> dict[str, Any]:
    pk = visit.case.devices.get().pk
    body = {f"outcome_{pk}": "Fixed", f"barrier_{pk}": "", "name": "예시 가족", "total_won": str(total)}
    return deed("finish", body, **fields)


def send(phone: Client, visit: Visit, *deeds: Any) -> Any:
    return raw(phone, visit, json.dumps({"deeds": deeds}))


def raw(phone: Client, visit: Visit, body: Any) -> Any:
    return phone.post(f"/repair/visits/{visit.pk}/sent/", body, content_type="application/json")


def statuses(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["status"] for one in answer.json()["answers"]]


def words(answer: Any) -> list[str]:
    return [one["words"] for one in answer.json()["answers"]]


def test_a_whole_visit_sent_afterwards_and_again(phone: Client, visit: Visit) -> None:
    deeds = [
        deed("arrive", ago=7200),
        deed("diagnose", {"words": "저장 장치가 느립니다"}, ago=7000),
        line(visit, ago=6900),
        line(visit, "SSD 256GB", ago=6800),
        line(visit, "그래픽 카드", ago=6700),
        deed("ask", ago=6600),
        deed("answer", {"agreed": "yes", "own_won": "40000", "name": "예시 가족"}, ago=6500),
        finish(visit, 240_000, ago=60),
    ]
    Visit.objects.update(taken_at=timezone.now() - timedelta(hours=5))
    assert statuses(send(phone, visit, *deeds)) == ["done"] * 8
    assert statuses(send(phone, visit, *deeds)) == ["again"] * 8
    case = Case.objects.get(pk=visit.case_id)
    assert (case.state, case.cost_won, case.own_share_won) == (State.DONE, 200_000, 40_000)
    assert Line.objects.count() == 3
    assert SentDeed.objects.count() == 8
    assert BudgetEntry.objects.filter(kind="settled").count() == 1
    came, now = case.arrived_at, timezone.now()
    assert came
    assert case.done_at
    assert timedelta(seconds=7200) <= now - came < timedelta(seconds=7230)
    assert timedelta(seconds=60) <= now - case.done_at < timedelta(seconds=90)
    assert Step.objects.filter(deed="finished").count() == 1


def test_when_it_was_done_is_bounded() -> None:
    now = timezone.now()
    visit = Visit(taken_at=now - timedelta(days=10))
    assert done_at(visit, 90, now) == now - timedelta(seconds=90)
    for ago in (-1, -400, -1e300, float("inf"), float("-inf"), float("nan")):
        assert done_at(visit, ago, now) == now
    assert done_at(visit, 1e300, now) == now - OLDEST
    visit.taken_at = now - timedelta(minutes=5)
    assert done_at(visit, 3600, now) == visit.taken_at


def test_what_is_refused_says_why_again_and_again_and_stops_nothing(phone: Client, visit: Visit) -> None:
    bad = line(visit, count="21")
    deeds = [deed("arrive"), bad, line(visit), deed("dance"), deed("diagnose", {"words": "느림"})]
    answer = send(phone, visit, *deeds)
    assert statuses(answer) == ["done", "refused", "done", "refused", "done"]
    assert words(answer)[1] == "개수를 1부터 20까지 적어 주세요."
    assert words(answer)[3] == sent_deeds.UNKNOWN
    again = send(phone, visit, *deeds)
    assert statuses(again) == ["again", "refused", "again", "refused", "again"]
    assert words(again)[1:4:2] == words(answer)[1:4:2]
    assert SentDeed.objects.exclude(trouble="").count() == 2


def test_what_rests_on_a_refused_one_is_refused_by_its_sum(phone: Client, visit: Visit) -> None:
    """The household said yes to 40,000 won; the portal knows of nothing beyond the cap."""
    item = PriceItem.objects.get(name="SSD 256GB")
    deeds = [
        deed("arrive"),
        line(visit),
        line(visit, "SSD 256GB"),
        line(visit, "그래픽 카드"),
        deed("ask"),
        deed("answer", {"agreed": "yes", "own_won": "40000", "name": "예시 가족"}),
        finish(visit, 240_000),
    ]
    item.is_active = False
    item.save()
    answer = send(phone, visit, *deeds)
    assert statuses(answer) == ["done", "done", "refused", "done", "refused", "refused", "refused"]
    assert "180,000원으로 달라졌습니다" in words(answer)[-1]
    assert Case.objects.get().state == State.REPAIRING


def test_a_wrong_sum_is_not_agreed_to(phone: Client, visit: Visit) -> None:
    deeds = [deed("arrive"), line(visit, "그래픽 카드", "2"), deed("ask")]
    say = {"agreed": "yes", "name": "예시 가족"}
    answer = send(phone, visit, *deeds, deed("answer", {**say, "own_won": "1"}))
    assert statuses(answer)[-1] == "refused"
    assert statuses(send(phone, visit, deed("answer", {**say, "own_won": "100000"}))) == ["done"]


def test_the_cap_holds_whatever_the_phone_says(phone: Client, visit: Visit) -> None:
    answer = send(phone, visit, deed("arrive"), line(visit, "그래픽 카드", "2"), finish(visit, 300_000))
    assert statuses(answer) == ["done", "done", "refused"]
    assert "100,000원 넘습니다" in words(answer)[-1]
    assert not BudgetEntry.objects.filter(kind="settled").exists()


def test_too_late_is_said_and_kept(phone: Client, visit: Visit) -> None:
    """The applicant took the case back while the technician was in a dead spot."""
    workflow.withdraw(visit.case_id, make.CITIZEN)
    answer = send(phone, visit, deed("arrive"), deed("diagnose", {"words": "느림"}))
    assert statuses(answer) == ["refused", "refused"]
    assert words(answer) == [sent_deeds.ENDED] * 2
    assert answer.json()["open"] is False
    assert SentDeed.objects.filter(trouble=sent_deeds.ENDED).count() == 2


def test_an_id_of_another_visit_is_nobodys_business(phone: Client, visit: Visit, tech: User) -> None:
    other = make.visit(by=tech, arrived=False)
    key = str(uuid.uuid4())
    assert statuses(send(phone, other, deed("arrive", key=key))) == ["done"]
    answer = send(phone, visit, deed("arrive", key=key))
    assert statuses(answer) == ["refused"]
    assert words(answer) == [sent_deeds.TAKEN_ID]
    assert Visit.objects.get(pk=visit.pk).arrived_at is None


def test_a_line_of_another_visit_is_not_taken_for_ones_own(visit: Visit, tech: User) -> None:
    other = make.visit(by=tech)
    make.lines(other)
    by, theirs = make.technician_actor(tech), Line.objects.get()
    visits.arrive(visit.pk, by)
    device = visit.case.devices.get()
    with pytest.raises(visits.NotPossible, match="다른 방문"):
        visits.add_line(visit.pk, by, device.pk, theirs.item_id, 1, line_id=theirs.pk)
    visits.remove_line(visit.pk, by, theirs.pk)
    assert Line.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "1",
        "{",
        "\x00",
        "[" * 100_000,
        '{"deeds": {}}',
        '{"deeds": [1]}',
        '{"deeds": [null]}',
        '{"deeds": [{}]}',
        '{"deeds": [{"id": "x", "deed": "arrive", "body": {}, "ago": 0}]}',
        '{"deeds": [{"id": 1, "deed": "arrive", "body": {}, "ago": 0}]}',
        '{"deeds": [{"id": "%s", "deed": 1, "body": {}, "ago": 0}]}',
        '{"deeds": [{"id": "%s", "deed": "arrive", "body": [], "ago": 0}]}',
        '{"deeds": [{"id": "%s", "deed": "arrive", "body": {}, "ago": "0"}]}',
        '{"deeds": [{"id": "%s", "deed": "arrive", "body": {}, "ago": true}]}',
        '{"deeds": [{"id": "%s", "deed": "arrive", "body": {}, "ago": 1' + "0" * 400 + "}]}",
        '{"deeds": [{"id": "%s", "deed": "arrive", "body": {}}]}',
        '{"deeds": [{"id": "%s", "deed": "diagnose", "body": {"words": 1}, "ago": 0}]}',
        '{"deeds": [{"id": "%s", "deed": "diagnose", "body": {"words": {"a": []}}, "ago": 0}]}',
        '{"deeds": [{"id": "%s", "deed": "diagnose", "body": {"words": "\\ud800"}, "ago": 0}]}',
        json.dumps({"deeds": [{}] * 51}),
    ],
)
def test_nonsense_is_refused_whole(phone: Client, visit: Visit, body: str) -> None:
    answer = raw(phone, visit, body.replace("%s", str(uuid.uuid4())))
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not SentDeed.objects.exists()


def test_nonsense_bytes_and_a_megabyte(phone: Client, visit: Visit) -> None:
    assert raw(phone, visit, b"\xff\xfe").status_code == 422
    long = json.dumps({"deeds": [deed("diagnose", {"words": "a" * 1024**2})]})
    answer = raw(phone, visit, long)
    assert answer.status_code == 413
    assert answer.json()["error"]
    assert not SentDeed.objects.exists()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("add_line", {"device": "x", "item": "1e9", "count": "1"}),
        ("add_line", {"count": "-3"}),
        ("add_line", {"count": "9" * 400}),
        ("remove_line", {"line": "x"}),
        ("diagnose", {"words": "\x00"}),
        ("answer", {"agreed": "yes", "own_won": "9" * 30, "name": "예시"}),
        ("answer", {"agreed": "yes", "own_won": "1", "name": "가" * 51}),
        ("finish", {"total_won": "0", "name": "예시"}),
        ("photos", {"kind": "before"}),
        ("plan", {"planned_at": "내일"}),
        ("break_off", {"reason": "bored"}),
        ("", {}),
        ("x" * 500, {}),
    ],
)
def test_a_deed_that_makes_no_sense_is_refused_alone(
    phone: Client, visit: Visit, name: str, body: dict[str, str]
) -> None:
    answer = send(phone, visit, deed("arrive"), deed(name, body))
    assert statuses(answer) == ["done", "refused"]
    assert words(answer)[1]


def test_who_may_send(client: Client, visit: Visit, year) -> None:
    assert send(client, visit, deed("arrive")).status_code == 401
    signed_in(client, clerk())
    assert send(client, visit, deed("arrive")).status_code == 403
    signed_in(client, make.technician(year.contractor))
    assert send(client, visit, deed("arrive")).status_code == 404
    assert client.post(f"/repair/visits/{visit.pk}/photo/", {}).status_code == 404
    assert not SentDeed.objects.exists()


def test_only_with_the_forms_token(visit: Visit, tech: User) -> None:
    strict = signed_in(Client(enforce_csrf_checks=True), tech)
    assert send(strict, visit, deed("arrive")).status_code == 403
    strict.get(f"/repair/visits/{visit.pk}/")
    token = strict.cookies["csrftoken"].value
    body = json.dumps({"deeds": [deed("arrive")]})
    page = f"/repair/visits/{visit.pk}/sent/"
    answer = strict.post(page, body, content_type="application/json", headers={"X-CSRFToken": token})
    assert statuses(answer) == ["done"]


def test_a_photo_comes_once(phone: Client, visit: Visit, tech: User) -> None:
    visits.arrive(visit.pk, make.technician_actor(tech))
    page, key = f"/repair/visits/{visit.pk}/photo/", str(uuid.uuid4())
    for status in ("done", "again"):
        answer = phone.post(page, {"id": key, "ago": "12.5", "kind": "before", "photos": photo()})
        assert statuses(answer) == [status]
    assert Paper.objects.filter(kind="before").count() == 1
    for given in ({}, {"id": "x"}, {"id": key, "ago": "soon"}):
        assert phone.post(page, given).status_code == 422
    refused = phone.post(page, {"id": str(uuid.uuid4()), "kind": "before"})
    assert statuses(refused) == ["refused"]


def test_what_is_answered_holds_nothing_personal(phone: Client, tech: User) -> None:
    visit = make.visit(make.selected(name="예시 카나리", address="진주시 문산읍 카나리로 1"), by=tech)
    answer = send(phone, visit, line(visit), line(visit, count="0"), finish(visit, 1))
    assert "카나리" not in answer.content.decode()
    assert visit.case.resident.phone not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_same_deeds_sent_at_once_happen_once(visit: Visit, tech: User) -> None:
    """The page in two tabs, and a phone that lost the answer."""
    by = make.technician_actor(tech)
    given = [deed("arrive"), line(visit), line(visit, "SSD 256GB"), finish(visit, 90_000)]
    sent = [Sent(uuid.UUID(one["id"]), one["deed"], one["body"]) for one in given]
    found = Visit.objects.select_related("case").get(pk=visit.pk)
    answers = at_once(*[lambda: [one.status for one in sent_deeds.apply(found, by, sent)]] * 6)
    for each in zip(*answers, strict=True):
        assert sorted(each) == ["again"] * 5 + ["done"]
    assert Line.objects.count() == 2
    assert BudgetEntry.objects.get(kind="settled").amount_won == 90_000
