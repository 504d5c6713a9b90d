"""The technician's pages and deeds: who sees what of whom and how long, money beyond the cap, two at once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import Message, User
from privacy.models import AccessRecord
from repair import visits, workflow
from repair.filing import DeviceFiled
from repair.groups import Group
from repair.models import (
    Agreement,
    BudgetEntry,
    Case,
    Device,
    Line,
    PriceItem,
    SentDeed,
    TechnicianPost,
    Visit,
)
from repair.states import NotPossible, State
from repair.visit_sums import sums
from tests import make_repair as make
from tests.make import clerk, district, signed_in, user

pytestmark = pytest.mark.django_db
LIST = "/repair/visits/"
#: What nobody may read who has no open visit there. (E.164, and as it is written.)
CANARY = {
    "name": "예시 카나리",
    "phone": "010-9999-7777",
    "address": "경상남도 진주시 문산읍 카나리로 77",
    "unit": "카나리동 707호",
    "wishes": "카나리가 문을 엽니다",
    "helper_name": "예시 카나리 딸",
    "helper_phone": "010-9999-7778",
}
SIGNS = ("카나리", "9999-7777", "99997777", "9999-7778", "99997778", "707호")


@pytest.fixture
def year() -> Any:
    return make.programme(100_000_000)


@pytest.fixture
def tech(year) -> User:
    return make.technician(year.contractor)


@pytest.fixture
def page(client: Client, tech: User) -> Client:
    return signed_in(client, tech)


def url(visit: Visit, deed: str = "") -> str:
    return f"{LIST}{visit.pk}/" + (f"do/{deed}/" if deed else "")


def post(page: Client, visit: Visit, deed: str, **given: Any) -> Any:
    return page.post(url(visit, deed), {"id": str(uuid.uuid4()), **given})


def item(name: str) -> int:
    return PriceItem.objects.get(name=name).pk


def device(visit: Visit) -> Device:
    return visit.case.devices.get()


def add(page: Client, visit: Visit, name: str, count: Any = 1) -> Any:
    return post(page, visit, "add_line", device=str(device(visit).pk), item=item(name), count=count)


def finish(page: Client, visit: Visit, total: int, outcome: str = "Fixed", **given: Any) -> Any:
    pk = device(visit).pk
    fields = {f"outcome_{pk}": outcome, f"barrier_{pk}": "", "name": "예시 가족", "total_won": total}
    return post(page, visit, "finish", **{**fields, **given})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_the_list_to_the_end(page: Client, tech: User) -> None:
    case = make.selected(**CANARY)
    shown = text(page.get(LIST))
    assert "문산읍" in shown
    assert "너무 느려요" in shown
    assert not any(sign in shown for sign in SIGNS)
    answer = page.post(f"{LIST}take/{case.pk}/")
    visit = Visit.objects.get()
    assert answer["Location"] == url(visit)
    shown = text(page.get(url(visit)))
    for sign in (
        "예시 카나리",
        "tel:+821099997777",
        "010-9999-7777",
        "카나리로 77",
        "707호",
        "카나리가 문을 엽니다",
        "카나리 딸",
    ):
        assert sign in shown
    listed = text(page.get(LIST))
    assert url(visit) in listed and "문산읍" in listed
    assert not any(sign in listed for sign in SIGNS)
    when = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    post(page, visit, "plan", planned_at=when)
    assert Message.objects.filter(template="repair_planned").count() == 1
    assert "다른 날 갈 곳" in text(page.get(LIST))
    assert post(page, visit, "arrive").status_code == 302
    post(page, visit, "diagnose", words="저장 장치가 느립니다")
    assert "저장 장치가 느립니다" in text(page.get(url(visit)))
    add(page, visit, "점검")
    add(page, visit, "SSD 256GB")
    shown = text(page.get(url(visit)))
    assert "200,000원 중 110,000원 남음" in shown
    assert "90,000원" in shown
    answer = finish(page, visit, 90_000)
    assert answer["Location"] == url(visit) + "done/"
    shown = text(page.get(answer["Location"]))
    assert "90,000원" in shown
    assert case.number in shown
    case.refresh_from_db()
    assert (case.state, case.cost_won, case.own_share_won) == (State.DONE, 90_000, 0)
    for after in (LIST, answer["Location"], url(visit)):
        ended = page.get(after)
        assert not any(sign in text(ended) for sign in SIGNS)
    assert page.get(url(visit)).status_code == 404
    assert "끝난 방문입니다" in text(page.get(url(visit)))
    assert f"{case.number}" in text(page.get(LIST))


def test_every_page_with_somebody_on_it_is_on_record(page: Client, tech: User) -> None:
    visit = make.visit(by=tech)
    before = AccessRecord.objects.count()
    page.get(LIST)
    page.get(url(visit))
    post(page, visit, "add_line", count=0)
    records = AccessRecord.objects.order_by("pk")[before:]
    assert [record.subjects for record in records] == [[f"repair.case:{visit.case_id}"]] * 3
    assert {record.identifier for record in records} == {tech.username}


def test_every_deed_is_on_record(page: Client, tech: User) -> None:
    visit = make.visit(by=tech, arrived=False)
    before = AccessRecord.objects.count()
    when = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    post(page, visit, "plan", planned_at=when)
    post(page, visit, "arrive")
    post(page, visit, "diagnose", words="느림")
    add(page, visit, "점검")
    post(page, visit, "remove_line", line=str(Line.objects.get().pk))
    post(page, visit, "break_off", reason="part")
    records = AccessRecord.objects.order_by("pk")[before:]
    said = [record.detail.partition(": ")[2] for record in records]
    deeds = [
        "방문을 약속함",
        "방문함",
        "진단을 적음",
        "수리 내역을 더함",
        "수리 내역을 뺌",
        "방문을 마치지 못함",
    ]
    assert said == deeds
    assert {record.identifier for record in records} == {tech.username}


def test_over_the_cap_and_the_household_agrees(page: Client, tech: User) -> None:
    visit = make.visit(by=tech)
    for name in ("점검", "SSD 256GB", "그래픽 카드"):
        add(page, visit, name)
    shown = text(page.get(url(visit)))
    assert "지원 한도 200,000원을 40,000원 넘음" in shown
    answer = finish(page, visit, 240_000)
    assert answer.status_code == 409
    assert "40,000원 넘습니다" in text(answer)
    post(page, visit, "ask")
    assert add(page, visit, "점검").status_code == 409
    line = Line.objects.first()
    assert line
    assert post(page, visit, "remove_line", line=str(line.pk)).status_code == 409
    assert finish(page, visit, 240_000).status_code == 409
    shown = text(page.get(url(visit)))
    assert "네, 나머지를 내겠습니다" in shown
    assert post(page, visit, "answer", agreed="yes", own_won=40_000).status_code == 422
    assert post(page, visit, "answer", agreed="yes", own_won=30_000, name="예시 가족").status_code == 409
    assert not Agreement.objects.exists()
    post(page, visit, "answer", agreed="yes", own_won=40_000, name="예시 가족")
    add(page, visit, "점검")  # more than was agreed to
    assert finish(page, visit, 270_000).status_code == 409
    last = Line.objects.order_by("at").last()
    assert last
    post(page, visit, "remove_line", line=str(last.pk))
    assert finish(page, visit, 240_000).status_code == 302
    case = Case.objects.get(pk=visit.case_id)
    assert (case.cost_won, case.own_share_won) == (200_000, 40_000)


def test_over_the_cap_and_the_household_declines(page: Client, tech: User) -> None:
    visit = make.visit(by=tech)
    for name in ("SSD 256GB", "그래픽 카드"):
        add(page, visit, name)
    post(page, visit, "ask")
    post(page, visit, "answer", agreed="no", own_won=10_000, name="예시 가족")
    assert "동의하지 않으셨습니다" in text(page.get(url(visit)))
    assert finish(page, visit, 210_000).status_code == 409
    post(page, visit, "remove_line", line=str(Line.objects.get(name="SSD 256GB").pk))
    assert finish(page, visit, 150_000).status_code == 302
    case = Case.objects.get(pk=visit.case_id)
    assert (case.cost_won, case.own_share_won) == (150_000, 0)


def test_what_was_agreed_to_and_then_declined_is_not_agreed_to(tech: User) -> None:
    visit, by = make.visit(by=tech), make.technician_actor(tech)
    make.lines(visit, ["SSD 256GB", "그래픽 카드"])
    visits.ask_consent(visit.pk, by)
    visits.answer_consent(visit.pk, by, agreed=True, name="예시 가족")
    make.lines(visit)
    visits.ask_consent(visit.pk, by)
    visits.answer_consent(visit.pk, by, agreed=False, name="예시 가족")
    assert sums(Visit.objects.get()).needs_agreement


def test_several_devices_of_an_organisation(page: Client, tech: User) -> None:
    kinds = (Device.Kind.DESKTOP, Device.Kind.LAPTOP)
    devices = [DeviceFiled(kind, Device.Trouble.SLOW) for kind in kinds]
    case = make.selected(devices=devices, organisation="예시 복지관", group=Group.ORGANISATION)
    visit = make.visit(case, by=tech)
    first, second = case.devices.all()
    shown = text(page.get(url(visit)))
    assert "예시 복지관" in shown
    assert f"2번 {second}: 결과" in shown
    assert "400,000원 중 400,000원 남음" in shown
    post(page, visit, "add_line", device=str(second.pk), item=item("점검"), count=2)
    given = {"name": "예시 직원", "total_won": 60_000, f"outcome_{first.pk}": "End of life"}
    given[f"barrier_{first.pk}"] = Device.Barrier.PARTS_UNAVAILABLE
    answer = post(page, visit, "finish", **given)
    assert answer.status_code == 422
    assert "결과를 골라 주세요." in text(answer)
    given[f"outcome_{second.pk}"] = "Fixed"
    assert post(page, visit, "finish", **given).status_code == 302
    kept = {one.pk: (one.outcome, one.barrier) for one in case.devices.all()}
    assert kept == {first.pk: ("End of life", "Spare parts not available"), second.pk: ("Fixed", "")}


def test_the_household_confirms_what_it_saw(page: Client, tech: User) -> None:
    visit = make.visit(by=tech)
    add(page, visit, "점검")
    answer = finish(page, visit, 20_000)
    assert answer.status_code == 409
    assert "30,000원으로 달라졌습니다" in text(answer)


def test_not_finished_goes_back_to_the_list(page: Client, tech: User) -> None:
    visit = make.visit(by=tech)
    add(page, visit, "점검")
    assert post(page, visit, "break_off", reason="other").status_code == 422
    assert post(page, visit, "break_off", reason="away")["Location"] == LIST
    visit.refresh_from_db()
    assert (visit.end, visit.end_words) == (Visit.End.BROKEN_OFF, "댁에 아무도 안 계심")
    page.post(f"{LIST}take/{visit.case_id}/")
    again = Visit.objects.get(ended_at=None)
    assert sums(again).total == 0


def test_given_back_before_arriving(page: Client, tech: User) -> None:
    visit = make.visit(by=tech, arrived=False)
    assert post(page, visit, "give_back", why="").status_code == 422
    assert post(page, visit, "give_back", why="차가 고장 났습니다")["Location"] == LIST
    assert Visit.objects.get().end == Visit.End.GIVEN_BACK


def test_a_withdrawn_one_is_said_by_its_number(page: Client, tech: User) -> None:
    visit = make.visit(make.selected(**CANARY), by=tech, arrived=False)
    workflow.withdraw(visit.case_id, make.CITIZEN)
    shown = text(page.get(LIST))
    assert "가지 않으셔도 되는 방문" in shown
    assert visit.case.number in shown
    assert not any(sign in shown for sign in SIGNS)
    assert not any(sign in text(page.get(url(visit))) for sign in SIGNS)


def test_photos(page: Client, tech: User) -> None:
    visit = make.visit(by=tech)
    answer = post(page, visit, "photos", kind="before", photos=[photo(), photo("b.png", 9)])
    assert answer.status_code == 302
    assert [paper.kind for paper in visit.case.papers.all()] == ["before", "before"]
    assert "고치기 전 사진" in text(page.get(url(visit)))
    bad = SimpleUploadedFile("x.jpg", b"no photo", "image/jpeg")
    assert post(page, visit, "photos", kind="before", photos=[bad]).status_code == 422
    assert post(page, visit, "photos", kind="before").status_code == 422
    assert post(page, visit, "photos", kind="trouble", photos=[photo()]).status_code == 422


def photo(name: str = "a.png", side: int = 8) -> SimpleUploadedFile:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (side, side), "navy").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


@pytest.mark.parametrize(
    ("deed", "given", "words"),
    [
        ("plan", {"planned_at": ""}, "찾아갈 날과 시각을 골라 주세요."),
        ("plan", {"planned_at": "2001-01-01T10:00"}, "60일 안의 시각"),
        ("plan", {"planned_at": "9999-12-31T23:59"}, "60일 안의 시각"),
        ("give_back", {"why": "\x00"}, "고칠 것이 있습니다"),
        ("give_back", {"why": "가" * 301}, "300자 안으로"),
        ("diagnose", {"words": ""}, "무엇이 고장 났는지"),
        ("diagnose", {"words": "가" * 1001}, "1,000자 안으로"),
        ("add_line", {"count": "0"}, "1부터 20까지"),
        ("add_line", {"count": "21"}, "1부터 20까지"),
        ("add_line", {"count": "-1"}, "1부터 20까지"),
        ("add_line", {"count": "하나"}, "1부터 20까지"),
        ("add_line", {"item": "999999"}, "단가표에 없습니다"),
        ("add_line", {"item": "x"}, "단가표에 없습니다"),
        ("add_line", {"device": str(uuid.uuid4())}, "기기를 골라 주세요."),
        ("remove_line", {"line": "x"}, "고칠 것이 있습니다"),
        ("answer", {"agreed": "maybe", "own_won": "1", "name": "예시"}, "눌러 주세요."),
        ("finish", {"total_won": "-1"}, "고칠 것이 있습니다"),
        ("finish", {}, "결과를 골라 주세요."),
    ],
)
def test_bad_input_is_said_and_does_nothing(
    page: Client, tech: User, deed: str, given: dict[str, str], words: str
) -> None:
    visit = make.visit(by=tech)
    fields: dict[str, Any] = {"device": str(device(visit).pk), "item": item("점검"), "count": 1}
    answer = post(page, visit, deed, **{**(fields if deed == "add_line" else {}), **given})
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Line.objects.exists()
    assert not SentDeed.objects.exists()


def test_an_item_of_another_year_or_out_of_use_is_none(page: Client, tech: User) -> None:
    visit = make.visit(by=tech)
    PriceItem.objects.filter(name="점검").update(is_active=False)
    assert add(page, visit, "점검").status_code == 422
    with pytest.raises(NotPossible):
        visits.add_line(visit.pk, make.technician_actor(tech), device(visit).pk, item("점검"), 1)


def test_not_before_arriving(page: Client, tech: User) -> None:
    visit = make.visit(by=tech, arrived=False)
    for answer in (
        add(page, visit, "점검"),
        finish(page, visit, 0),
        post(page, visit, "diagnose", words="느림"),
    ):
        assert answer.status_code == 409
        assert "먼저 ‘방문함’을 눌러 주세요." in text(answer)
    assert post(page, visit, "break_off", reason="away").status_code == 409


def test_a_second_tap_is_the_same_deed(page: Client, tech: User) -> None:
    visit = make.visit(by=tech)
    fields = {"id": str(uuid.uuid4()), "device": str(device(visit).pk), "item": item("점검"), "count": 1}
    for _ in range(2):
        assert page.post(url(visit, "add_line"), fields).status_code == 302
    assert Line.objects.count() == 1
    pk = device(visit).pk
    end = {"id": str(uuid.uuid4()), f"outcome_{pk}": "Fixed", "name": "예시 가족", "total_won": 30_000}
    for _ in range(2):
        assert page.post(url(visit, "finish"), end)["Location"] == url(visit) + "done/"
    assert BudgetEntry.objects.filter(kind="settled").count() == 1


def test_who_may(client: Client, year) -> None:
    """Strangers, clerks, officers: none is a technician. A colleague sees nothing of another's visit."""
    visit = make.visit()
    make.lines(visit)
    for other in (user(), clerk(district()), make.repair_officer()):
        signed_in(client, other)
        for answer in (client.get(LIST), client.get(url(visit)), post(client, visit, "arrive")):
            assert answer.status_code == 403
    for colleague in (make.technician(year.contractor), make.technician(make.contractor())):
        signed_in(client, colleague)
        assert client.get(LIST).status_code == 200
        answers = [client.get(url(visit)), post(client, visit, "arrive"), client.get(url(visit) + "done/")]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert client.post(f"{LIST}take/{visit.case_id}/").status_code == 409
    client.logout()
    assert client.get(LIST).status_code == 302
    assert client.get(LIST + f"take/{visit.case_id}/").status_code == 302


def test_one_whose_post_was_revoked_sees_nothing(page: Client, tech: User) -> None:
    visit = make.visit(make.selected(**CANARY), by=tech)
    TechnicianPost.objects.update(revoked_at=timezone.now(), revoked_by=clerk(), revoked_reason="그만둠")
    assert page.get(url(visit)).status_code == 403
    with pytest.raises(Visit.DoesNotExist):
        visits.arrive(visit.pk, make.technician_actor(tech))


def test_of_another_contractors_free_ones_nothing_is_listed(client: Client, year) -> None:
    make.selected()
    signed_in(client, make.technician(make.contractor()))
    assert "지금 맡을 수 있는 방문이 없습니다." in text(client.get(LIST))


def test_unknown_things_are_404_or_405(page: Client, tech: User) -> None:
    visit = make.visit(by=tech)
    assert post(page, visit, "dance").status_code == 404
    assert page.get(url(visit, "arrive")).status_code == 405
    assert page.get(f"{LIST}{uuid.uuid4()}/").status_code == 404
    assert page.post(f"{LIST}take/{uuid.uuid4()}/").status_code == 404
    assert page.get(url(visit) + "done/").status_code == 404
    assert page.get(LIST + "?month=9999-99").status_code == 200
    assert page.get(LIST + "?month=2025-01").status_code == 200


def asked(page: Client, address: str) -> int:
    page.get(address)  # the session is written
    with CaptureQueriesContext(connection) as queries:
        assert page.get(address).status_code == 200
    return len(queries)


def test_the_list_asks_as_often_for_many_as_for_one(page: Client, tech: User) -> None:
    counts = []
    for upto in (1, 3, 30):
        while Visit.objects.filter(ended_at=None).count() < upto:
            make.visit(by=tech, arrived=False)
            make.selected()
        while Visit.objects.filter(end=Visit.End.DONE).count() < min(upto, 5):
            done = make.visit(by=tech)
            make.lines(done)
            outcomes = {device(done).pk: ("Fixed", "")}
            visits.finish(done.pk, make.technician_actor(tech), outcomes, "예시 가족")
        counts.append(asked(page, LIST))
    assert len(set(counts)) == 1, counts


def test_free_ones_come_twenty_at_a_time(page: Client, tech: User) -> None:
    for _ in range(21):
        make.selected()
    first, second = (page.get(f"/repair/visits/?page={n}").content.decode() for n in (1, 2))
    assert "21건" in first and "21건" in second
    assert (first.count("/take/"), second.count("/take/")) == (20, 1)
    assert "page=2" in first and "page=1" in second


def test_a_visit_asks_as_often_for_twenty_lines_as_for_one(page: Client, tech: User) -> None:
    visit = make.visit(by=tech)
    make.lines(visit)
    one = asked(page, url(visit))
    make.lines(visit, ["점검"] * 19)
    assert asked(page, url(visit)) == one


def test_lines_have_an_end(tech: User, year) -> None:
    visit = make.visit(by=tech)
    make.lines(visit, ["점검"] * visits.MOST_LINES)
    with pytest.raises(NotPossible, match="50줄"):
        make.lines(visit)
