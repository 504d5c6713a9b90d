"""The pages of approval and of the rules: who may open them, what they say, how many questions they ask."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcast import approval
from broadcast.models import Broadcast, Plan, SendingRule, SoundRule, Village
from broadcast.plan_times import PlanTimes
from broadcast.plans import make_plan
from broadcast.rule_changes import police_are_stopped, stop_police
from privacy.models import AccessRecord
from tests import make

pytestmark = pytest.mark.django_db


def here() -> Village:
    return make.gateway().village


def said(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_clerk_asks_and_another_agrees(client: Client) -> None:
    author, other = make.clerk(), make.clerk()
    make.sending_rule(reason="둘이 보는 방송입니다.")
    draft = make.draft(author, [here()])
    make.signed_in(client, author)
    page = said(client, f"/broadcast/{draft.pk}/review/")
    assert "승인 요청하기" in page
    assert "둘이 보는 방송입니다." in page
    sent = client.post(
        f"/broadcast/{draft.pk}/review/", {"send": 1, "category": "life", "text": draft.text}, follow=True
    )
    assert "승인을 기다립니다" in sent.content.decode()
    assert client.get(f"/broadcast/{draft.pk}/decide/").status_code == 404
    assert client.post(f"/broadcast/{draft.pk}/decide/", {"decision": "approved"}).status_code == 404
    assert "내가 요청한 방송" in said(client, "/broadcast/approvals/")
    make.signed_in(client, other)
    assert "승인할 방송 1건" in said(client, "/broadcast/")
    assert "문산읍 직원" in said(client, "/broadcast/approvals/")
    assert draft.text in said(client, f"/broadcast/{draft.pk}/decide/")
    assert client.get(f"/broadcast/recordings/{draft.recording_id}/audio/").status_code == 200
    done = client.post(f"/broadcast/{draft.pk}/decide/", {"decision": "approved"}, follow=True)
    assert "승인했습니다. 방송이 나갑니다." in done.content.decode()
    draft.refresh_from_db()
    assert draft.published_at
    make.signed_in(client, author)
    assert "방송 결과" in said(client, f"/broadcast/{draft.pk}/waiting/")


def test_a_refusal_needs_a_reason_and_the_sender_reads_it(client: Client) -> None:
    waits = make.waiting(author := make.clerk(), [here()])
    make.signed_in(client, make.city_operator())
    address = f"/broadcast/{waits.pk}/decide/"
    for bad in (
        {},
        {"decision": "refused"},
        {"decision": "refused", "reason": "x" * 301},
        {"decision": "reviewed"},
    ):
        assert client.post(address, bad).status_code == 422
    client.post(address, {"decision": "refused", "reason": "날짜가 틀렸습니다."})
    late = client.post(address, {"decision": "approved"}, follow=True)
    assert "이미 결정했습니다: 반려" in late.content.decode()
    make.signed_in(client, author)
    page = said(client, f"/broadcast/{waits.pk}/")
    assert "날짜가 틀렸습니다." in page
    assert f"?instead={waits.pk}" in page
    assert waits.text in said(client, f"/broadcast/new/?instead={waits.pk}")


def test_whoever_agrees_to_a_plan_reads_how_often_and_until_when(client: Client) -> None:
    make.sending_rule()
    author, day = make.clerk(), timezone.localdate() + timedelta(days=1)
    draft = make.draft(author, [here()])
    plan = make_plan(draft.pk, author, PlanTimes(day, time(9), "daily"))
    make.signed_in(client, make.city_operator())
    page = said(client, f"/broadcast/{draft.pk}/decide/")
    assert "날마다 오전 9시" in page
    assert "그만둘 때까지 계속" in page
    Plan.objects.filter(pk=plan.pk).update(until=day)
    assert f"{day.month}월 {day.day}일까지" in said(client, f"/broadcast/{draft.pk}/decide/")


def test_what_waits_is_nobody_elses(client: Client) -> None:
    waits = make.waiting(make.clerk(), [here()])
    far = make.clerk(make.district("금산면"))
    for stranger in (make.user(), make.chief(waits.villages.get()), far):
        make.signed_in(client, stranger)
        for page in ("decide", "waiting", "review"):
            assert client.get(f"/broadcast/{waits.pk}/{page}/").status_code in (403, 404)
        assert client.post(f"/broadcast/{waits.pk}/break-glass/", {"reason": "x"}).status_code == 404
        assert client.get(f"/broadcast/recordings/{waits.recording_id}/audio/").status_code == 404
    waits.refresh_from_db()
    assert waits.published_at is None


def test_what_waits_is_neither_changed_nor_thrown_away(client: Client) -> None:
    waits = make.waiting(author := make.clerk(), [here()])
    make.signed_in(client, author)
    client.post(f"/broadcast/{waits.pk}/review/", {"category": "event", "text": "다른 글"})
    client.post(f"/broadcast/{waits.pk}/throw-away/")
    assert Broadcast.objects.get(pk=waits.pk).text == waits.text


def test_a_disaster_is_sent_at_once_and_looked_at_afterwards(client: Client) -> None:
    waits = make.waiting(author := make.clerk(), [here()], "wildfire")
    make.signed_in(client, author)
    assert "승인 없이 바로 보내기" in said(client, f"/broadcast/{waits.pk}/waiting/")
    assert client.post(f"/broadcast/{waits.pk}/break-glass/", {"reason": ""}).status_code == 422
    sent = client.post(f"/broadcast/{waits.pk}/break-glass/", {"reason": "불이 내려옵니다."}, follow=True)
    assert "당직자에게 알렸고" in sent.content.decode()
    make.signed_in(client, make.city_operator())
    assert "검토해 주세요" in said(client, "/broadcast/approvals/")
    address = f"/broadcast/{waits.pk}/decide/"
    assert "불이 내려옵니다." in said(client, address)
    assert client.post(address, {"was_right": "yes"}).status_code == 422
    client.post(address, {"was_right": "yes", "reason": "옳았습니다."})
    assert waits.decisions.get(kind="reviewed").was_right is True
    assert "검토해 주세요" not in said(client, "/broadcast/approvals/")


def test_a_chief_finds_what_they_asked_for_again(client: Client) -> None:
    waits = make.waiting(chief := make.chief(village := here()), [village])
    make.signed_in(client, chief)
    page = said(client, "/broadcast/new/")
    assert f"/broadcast/{waits.pk}/waiting/" in page
    assert f'throw-away-{waits.pk}" type="submit' not in page
    assert "승인을 기다립니다" in said(client, f"/broadcast/{waits.pk}/waiting/")


def test_what_is_no_disaster_offers_no_glass(client: Client) -> None:
    waits = make.waiting(author := make.clerk(), [here()])
    make.signed_in(client, author)
    assert "승인 없이 바로" not in said(client, f"/broadcast/{waits.pk}/waiting/")
    assert client.post(f"/broadcast/{waits.pk}/break-glass/", {"reason": "x"}).status_code == 403


def test_a_refused_broadcast_stays_a_draft_with_the_reason(client: Client) -> None:
    make.sending_rule(outcome="refuse", reason="오늘은 방송하지 않습니다.")
    draft = make.draft(author := make.clerk(), [here()])
    make.signed_in(client, author)
    address = f"/broadcast/{draft.pk}/review/"
    assert "오늘은 방송하지 않습니다." in said(client, address)
    answer = client.post(address, {"send": 1, "category": "life", "text": draft.text})
    assert answer.status_code == 422
    assert "오늘은 방송하지 않습니다." in answer.content.decode()
    assert Broadcast.objects.get(pk=draft.pk).submitted_at is None


def test_the_review_says_that_it_is_quiet(client: Client) -> None:
    make.sound_rule(is_quiet=True, hour_from="00:00", hour_until="12:00")
    make.sound_rule(is_quiet=True, hour_from="12:00", hour_until="23:59:59")
    draft = make.draft(author := make.clerk(), [here()])
    make.signed_in(client, author)
    assert "조용한 시간이라" in said(client, f"/broadcast/{draft.pk}/review/")


def test_the_police_choose_from_their_own(client: Client) -> None:
    make.gateway(make.village(make.district("금산면")))
    village, police = here(), make.police()
    make.signed_in(client, police)
    page = said(client, "/broadcast/new/")
    assert "보이스피싱" in page
    assert "생활정보" not in page
    form = {"where": "some", "districts": [village.district_id], "text": "전화 사기를 조심하세요."}
    assert client.post("/broadcast/new/", {**form, "category": "life"}).status_code == 422
    assert client.post("/broadcast/new/", {**form, "category": "phishing"}).status_code == 302
    assert list(Broadcast.objects.get().villages.all()) == [village]
    stop_police(make.city_operator(), stop=True)
    answer = client.get("/broadcast/new/")
    assert answer.status_code == 403
    assert "멈춰" in answer.content.decode()
    make.signed_in(client, make.clerk())
    assert "연결 점검" not in said(client, "/broadcast/new/")


RULE = {"name": "밤", "sender": "chief", "villages_from": 1, "outcome": "refuse", "reason": "밤입니다."}
SOUND = {"name": "낮잠", "what": "quiet", "hour_from": "13:00", "hour_until": "14:00", "is_active": "on"}


def test_the_city_edits_its_rules(client: Client) -> None:
    make.signed_in(client, city := make.city_operator())
    client.post("/broadcast/rules/sending/new/", {**RULE, "is_active": "on", "with_template": "no"})
    rule = SendingRule.objects.get()
    assert (rule.sender, rule.with_template, rule.is_active, rule.changed_by) == ("chief", False, True, city)
    edited = {**RULE, "hour_from": "22:00", "hour_until": "06:00"}
    client.post(f"/broadcast/rules/sending/{rule.pk}/", edited)
    rule.refresh_from_db()
    assert (rule.is_active, rule.with_template, rule.hour_from.hour) == (False, None, 22)
    second = make.sending_rule(order=99)
    client.post(f"/broadcast/rules/sending/{second.pk}/move/", {"up": 1})
    client.post(f"/broadcast/rules/sending/{second.pk}/move/", {"up": 1})
    assert list(SendingRule.objects.values_list("pk", flat=True)) == [second.pk, rule.pk]
    client.post(f"/broadcast/rules/sending/{second.pk}/move/", {"down": 1})
    assert list(SendingRule.objects.values_list("pk", flat=True)) == [rule.pk, second.pk]
    client.post("/broadcast/rules/sound/new/", {**SOUND, "volume": "40"})
    sound = SoundRule.objects.get()
    assert (sound.is_quiet, sound.volume) == (True, None)
    client.post(f"/broadcast/rules/sound/{sound.pk}/", {**SOUND, "what": "volume", "volume": "40"})
    sound.refresh_from_db()
    assert (sound.is_quiet, sound.volume, sound.changed_by) == (False, 40, city)
    page = said(client, "/broadcast/rules/")
    assert "22:00부터 06:00까지" in page
    assert "소리 40%" in page
    assert (
        AccessRecord.objects.filter(detail__startswith="보내기 규칙", identifier=city.username).count() == 4
    )


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("sending", {}),
        ("sending", {**RULE, "hour_from": "22:00"}),
        ("sending", {**RULE, "hour_from": "스물두 시", "hour_until": "06:00"}),
        ("sending", {**RULE, "villages_from": "0"}),
        ("sending", {**RULE, "sender": "mayor"}),
        ("sending", {**RULE, "name": "경찰 방송 멈춤"}),
        ("sound", {}),
        ("sound", {**SOUND, "hour_until": "13:00"}),
        ("sound", {**SOUND, "what": "volume"}),
        ("sound", {**SOUND, "what": "volume", "volume": "101"}),
        ("sound", {**SOUND, "village": "0"}),
    ],
)
def test_a_bad_rule_is_not_taken(client: Client, address: str, form: dict) -> None:
    make.signed_in(client, make.city_operator())
    answer = client.post(f"/broadcast/rules/{address}/new/", form)
    assert answer.status_code == 422
    assert not SendingRule.objects.exists()
    assert not SoundRule.objects.exists()


def test_a_rule_is_for_one_place(client: Client) -> None:
    village = here()
    make.signed_in(client, make.city_operator())
    both = {**SOUND, "village": village.pk, "district": village.district_id}
    assert client.post("/broadcast/rules/sound/new/", both).status_code == 422
    assert client.post("/broadcast/rules/sound/new/", {**SOUND, "village": village.pk}).status_code == 302
    assert str(village) in said(client, "/broadcast/rules/")


def test_only_the_city_sees_and_changes_rules(client: Client) -> None:
    rule, sound = make.sending_rule(), make.sound_rule()
    pages = ["", "sending/new/", f"sending/{rule.pk}/", "sound/new/", f"sound/{sound.pk}/"]
    deeds = [f"sending/{rule.pk}/move/", "police/", f"sending/{rule.pk}/"]
    for who in (make.clerk(), make.police(), make.chief(here()), make.user()):
        make.signed_in(client, who)
        assert {client.get(f"/broadcast/rules/{page}").status_code for page in pages} == {403}
        assert {client.post(f"/broadcast/rules/{deed}", {"stop": 1}).status_code for deed in deeds} == {403}
    assert not police_are_stopped()
    make.signed_in(client, make.chief(here()))
    assert client.get("/broadcast/approvals/").status_code == 403


def test_the_city_stops_the_police_with_one_button(client: Client) -> None:
    make.first_rules()
    make.signed_in(client, make.city_operator())
    assert "경찰 방송 멈추기" in said(client, "/broadcast/rules/")
    client.post("/broadcast/rules/police/", {"stop": 1})
    assert police_are_stopped()
    assert "경찰 방송 다시 켜기" in said(client, "/broadcast/rules/")
    stop = SendingRule.objects.get(order=0)
    assert client.get(f"/broadcast/rules/sending/{stop.pk}/").status_code == 404
    client.post("/broadcast/rules/police/", {"start": 1})
    assert not police_are_stopped()


def many_waiting(n: int) -> None:
    for _ in range(n):
        waits = make.waiting(make.clerk(), [here()], "wildfire")
        make.waiting(make.clerk(), [here()])
        approval.break_glass(waits.pk, waits.author, "급합니다.")


def many_rules(n: int) -> None:
    for _ in range(n):
        make.sending_rule()
        make.sound_rule(village=here())
        make.sound_rule(district=make.district())


@pytest.mark.parametrize(
    ("address", "more"), [("/broadcast/approvals/", many_waiting), ("/broadcast/rules/", many_rules)]
)
def test_lists_ask_the_same_number_of_questions(
    client: Client, address: str, more: Callable[[int], None]
) -> None:
    make.signed_in(client, make.city_operator())
    counts = []
    for n in (1, 2, 27):
        more(n)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


@pytest.mark.parametrize("page", ["decide", "waiting"])
def test_a_page_asks_the_same_number_of_questions_however_far_it_goes(client: Client, page: str) -> None:
    make.sending_rule()
    counts = []
    for n in (1, 3, 30):
        waits = make.waiting(author := make.clerk(), [here() for _ in range(n)])
        make.signed_in(client, make.city_operator() if page == "decide" else author)
        client.get(f"/broadcast/{waits.pk}/{page}/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/broadcast/{waits.pk}/{page}/").status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts
