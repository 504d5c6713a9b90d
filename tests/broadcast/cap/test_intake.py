"""What becomes of an alert: sent, kept as a draft, taken back, or nothing."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from broadcast.approval import approve, break_glass
from broadcast.cap import intake
from broadcast.cap.intake import Taken, take
from broadcast.cap.refused import Refused
from broadcast.cap.sending import take_over
from broadcast.clearance import Refused as NotSent
from broadcast.compose import change_draft, forget_old
from broadcast.models import Alert, AlertSource, Broadcast, Recording, Village
from broadcast.publish import publish, resend
from people.models import Message
from tests import make

from . import alerts
from .alerts import area, info

pytestmark = pytest.mark.django_db
Outcome = Alert.Outcome


@pytest.fixture
def source() -> AlertSource:
    return make.alert_source()


@pytest.fixture
def here() -> Village:
    return make.gateway().village


def sent(taken: Taken) -> Broadcast:
    assert taken.alert.outcome == Outcome.SENT, taken.alert.why
    assert taken.alert.broadcast is not None
    assert taken.alert.broadcast.published_at
    return taken.alert.broadcast


def give(source: AlertSource, xml: str) -> Taken:
    return take(source, xml.encode())


def test_a_grave_alert_is_sent_to_the_villages_inside_and_to_no_other(
    source: AlertSource, here: Village
) -> None:
    away = make.gateway(make.village(make.district("금산면"), lat=35.25, lon=128.3)).village
    make.village(lat=35.157, lon=128.182, is_active=False)
    broadcast = sent(give(source, alerts.alert()))
    assert [*broadcast.villages.all()] == [here]
    assert away not in broadcast.villages.all()
    assert broadcast.deliveries.get().gateway.village == here
    assert (broadcast.category, broadcast.severity, broadcast.lane) == ("wildfire", "Severe", "urgent")
    assert broadcast.text == "문산읍 산불. 대피하십시오."
    assert broadcast.author == source.account
    assert broadcast.recording.duration > 1
    assert Alert.objects.get().xml.startswith("<alert")


def test_the_same_alert_twice_is_one_broadcast(source: AlertSource, here: Village) -> None:
    xml = alerts.alert()
    first = give(source, xml)
    again = give(source, xml)
    elsewhere_too = give(make.alert_source(), xml)
    assert (first.again, again.again, elsewhere_too.again) == (False, True, True)
    assert again.alert == elsewhere_too.alert == first.alert
    assert Broadcast.objects.count() == Recording.objects.count() == 1
    assert first.alert.broadcast.deliveries.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sources", [1, 2])
def test_the_same_alert_at_the_same_moment_is_one_broadcast(sources: int) -> None:
    make.gateway()
    xml = alerts.alert().encode()
    givers = [make.alert_source() for _ in range(sources)] * (4 // sources)
    start, taken = Barrier(len(givers)), []

    def push(source: AlertSource) -> None:
        try:
            start.wait()
            taken.append(take(source, xml))
        finally:
            connection.close()

    threads = [Thread(target=push, args=[source]) for source in givers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 4
    assert sorted(one.again for one in taken) == [False, True, True, True]
    assert Alert.objects.count() == Broadcast.objects.count() == Recording.objects.count() == 1
    assert {one.alert.broadcast_id for one in taken} == {Broadcast.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_an_alert_and_its_cancellation_at_the_same_moment_never_leave_it_on_air() -> None:
    make.gateway()
    source, moment = make.alert_source(), alerts.at()
    one = alerts.alert(identifier="raced", sent=moment).encode()
    other = alerts.cancel_of("raced", moment).encode()
    start = Barrier(2)

    def push(data: bytes) -> None:
        try:
            start.wait()
            take(source, data)
        finally:
            connection.close()

    threads = [Thread(target=push, args=[data]) for data in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Alert.objects.count() == 2
    assert not Broadcast.objects.filter(cancelled_at=None).exists()


def test_after_a_crash_between_speaking_and_sending_it_is_sent_once(
    source: AlertSource, here: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    xml = alerts.alert()

    def dies(*args: object, **kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(intake, "_settle", dies)
        with pytest.raises(SystemExit):
            give(source, xml)
    assert not Broadcast.objects.exists()
    assert not Alert.objects.exists()
    broadcast = sent(give(source, xml))
    assert broadcast == Broadcast.objects.get()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "Test"}, "실제 상황이 아닙니다(시험)."),
        ({"status": "Exercise"}, "실제 상황이 아닙니다(훈련)."),
        ({"status": "System"}, "실제 상황이 아닙니다(시스템 알림)."),
        ({"status": "Draft"}, "실제 상황이 아닙니다(초안)."),
        ({"scope": "Private"}, "모두에게 알리는 경보가 아닙니다."),
        ({"scope": "Restricted"}, "모두에게 알리는 경보가 아닙니다."),
        ({"msgType": "Ack"}, "경보가 아니라 답장입니다."),
        ({"msgType": "Error"}, "경보가 아니라 답장입니다."),
        ({"sent": alerts.at(-24 * 60 - 1), "infos": "expires tomorrow"}, "보낸 지 하루가 넘은 경보입니다."),
        ({"sent": alerts.at(-90), "infos": "expired"}, "끝나는 때가 지난 경보입니다."),
        ({"sent": alerts.at(-61), "infos": "no end"}, "끝나는 때가 지난 경보입니다."),
    ],
)
def test_what_moves_nobody(source: AlertSource, here: Village, fields: dict, why: str) -> None:
    infos = {
        "expires tomorrow": info(expires=alerts.at(24 * 60)),
        "expired": info(expires=alerts.at(-1)),
        "no end": info(expires=None),
    }
    given = {**fields, **({"infos": infos[fields["infos"]]} if "infos" in fields else {})}
    taken = give(source, alerts.alert(**given))
    assert (taken.alert.outcome, taken.alert.why) == (Outcome.IGNORED, why)
    assert not Broadcast.objects.exists()


def test_tomorrows_alert_is_refused(source: AlertSource, here: Village) -> None:
    with pytest.raises(Refused) as refused:
        give(source, alerts.alert(sent=alerts.at(30)))
    assert refused.value.code == "wrong_date"
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("areas", "code"),
    [
        (area(alerts.SEOUL), "elsewhere"),
        (area("", circle="37.5,127 3"), "elsewhere"),
        (area("", codes=(("행정구역코드", "1100000000"),)), "elsewhere"),
        (area("", codes=(("FIPS6", "48170"),)), "unknown_code"),
        (area(""), "elsewhere"),
        ("", "no_area"),
    ],
)
def test_what_reaches_no_village_of_ours(source: AlertSource, here: Village, areas: str, code: str) -> None:
    taken = give(source, alerts.alert(info(areas)))
    assert taken.elsewhere
    assert taken.elsewhere.code == code
    assert taken.alert.outcome == Outcome.IGNORED
    assert taken.alert.why == str(taken.elsewhere)
    assert not Broadcast.objects.exists()


DOUBTS: list[tuple[Callable[[], str], dict, str]] = [
    (lambda: alerts.alert(), {"may_send_from": ""}, "정한 심각도가 아니"),
    (lambda: alerts.alert(), {"may_send_from": "Extreme"}, "정한 심각도가 아니"),
    (lambda: alerts.alert(info(severity="Unknown")), {}, "정한 심각도가 아니"),
    (
        lambda: alerts.alert(info(event="fire", headline="Fire at Munsan", instruction="Leave now")),
        {},
        "우리말로 된 글이 없습니다",
    ),
    (lambda: alerts.alert(info(area("", circle="35.17,128.182 0.2"))), {}, "2km 안의 마을"),
    (lambda: alerts.alert(info(urgency="Past")), {}, "지난 일"),
    (lambda: alerts.alert(info(certainty="Unlikely")), {}, "지난 일"),
    (lambda: alerts.alert(info(effective=alerts.at(30))), {}, "아직 효력"),
    (lambda: alerts.alert(info(expires=alerts.at(60)), sent=alerts.at(-65)), {}, "늦게 도착"),
    (lambda: alerts.alert(info(area(codes=(("SAME", "1"),)))), {}, "알 수 없는 지역 코드"),
    (
        lambda: alerts.alert(info() + info(severity="Extreme", headline="더 큰 일")),
        {},
        "지역마다 내용이 다른",
    ),
]


@pytest.mark.parametrize(("xml", "rule", "why"), DOUBTS)
def test_what_a_person_should_see_first_is_kept_as_a_draft(
    here: Village, xml: Callable[[], str], rule: dict, why: str
) -> None:
    taken = give(make.alert_source(**rule), xml())
    assert taken.alert.outcome == Outcome.DRAFT
    assert why in taken.alert.why
    draft = taken.alert.broadcast
    assert draft is not None
    assert draft.published_at is None
    assert [*draft.villages.all()] == [here]
    assert not draft.deliveries.exists()


@pytest.mark.parametrize(
    ("least", "severity", "outcome"),
    [
        ("Extreme", "Extreme", Outcome.SENT),
        ("Severe", "Extreme", Outcome.SENT),
        ("Severe", "Moderate", Outcome.DRAFT),
        ("Minor", "Moderate", Outcome.SENT),
        ("Minor", "Unknown", Outcome.DRAFT),
        ("Unknown", "Unknown", Outcome.SENT),
        ("", "Extreme", Outcome.DRAFT),
    ],
)
def test_the_sources_rule(here: Village, least: str, severity: str, outcome: str) -> None:
    taken = give(make.alert_source(may_send_from=least), alerts.alert(info(severity=severity)))
    assert taken.alert.outcome == outcome


def test_the_citys_rules_hold_for_alerts_too(source: AlertSource, here: Village) -> None:
    make.sending_rule(sender="alert", category="wildfire", reason="둘이 봅니다.")
    make.sending_rule(sender="alert", category="rain", outcome="refuse", reason="비는 보내지 않습니다.")
    waits = give(source, alerts.alert()).alert
    assert waits.outcome == Outcome.DRAFT
    assert "다른 사람의 승인" in waits.why
    assert waits.broadcast
    assert waits.broadcast.needs_second_person
    refused = give(source, alerts.alert(info(event="호우 경보"))).alert
    assert refused.outcome == Outcome.DRAFT
    assert "비는 보내지 않습니다." in refused.why


def test_blocks_in_other_languages_say_the_same_again(source: AlertSource, here: Village) -> None:
    english = info(language="en-US", event="wildfire", headline="Wildfire", severity="Extreme")
    broadcast = sent(give(source, alerts.alert(english + info())))
    assert broadcast.text.startswith("문산읍 산불")
    assert broadcast.severity == "Severe"


def test_one_blocks_words_never_go_to_anothers_villages(source: AlertSource, here: Village) -> None:
    other = make.village(lat=35.30, lon=128.30)
    there = area("35.29,128.29 35.29,128.31 35.31,128.31 35.31,128.29 35.29,128.29", about="그곳")
    xml = alerts.alert(
        info(severity="Severe", headline="이곳은 대피")
        + info(there, severity="Minor", headline="그곳은 주의")
    )
    draft = give(source, xml).alert.broadcast
    assert draft is not None
    assert draft.text.startswith("이곳은 대피")
    assert [*draft.villages.all()] == [here]
    assert other not in draft.villages.all()


def test_nothing_is_pushed_after_the_alert_has_ended(source: AlertSource, here: Village) -> None:
    broadcast = sent(give(source, alerts.alert(info(expires=alerts.at(10)))))
    assert broadcast.expires_at < timezone.now() + timedelta(minutes=11)


def test_a_cancellation_stops_the_broadcast(source: AlertSource, here: Village) -> None:
    moment = alerts.at()
    broadcast = sent(give(source, alerts.alert(identifier="one", sent=moment)))
    taken = give(source, alerts.cancel_of("one", moment))
    assert (taken.alert.outcome, taken.alert.broadcast) == (Outcome.CANCELLED, broadcast)
    assert (taken.alert.event, taken.alert.severity) == ("산불", "Severe")
    broadcast.refresh_from_db()
    assert broadcast.cancelled_at
    assert broadcast.cancelled_reason == "경보를 보낸 곳에서 취소했습니다."
    assert broadcast.deliveries.get().state == "cancelled"
    assert give(source, alerts.cancel_of("one", moment)).alert.outcome == Outcome.CANCELLED


def test_a_cancellation_throws_a_draft_away(here: Village) -> None:
    source, moment = make.alert_source(may_send_from=""), alerts.at()
    alert = give(source, alerts.alert(identifier="one", sent=moment)).alert
    give(source, alerts.cancel_of("one", moment))
    assert not Broadcast.objects.exists()
    alert.refresh_from_db()
    assert alert.broadcast is None


def test_a_cancellation_takes_back_what_waits_for_a_second_person(source: AlertSource, here: Village) -> None:
    make.sending_rule(sender="alert")
    moment = alerts.at()
    give(source, alerts.alert(identifier="one", sent=moment))
    assert Broadcast.objects.get().submitted_at
    operator = make.city_operator()
    assert Broadcast.objects.decidable_by(operator).exists()
    give(source, alerts.cancel_of("one", moment))
    assert not Broadcast.objects.decidable_by(operator).exists()
    with pytest.raises(Broadcast.DoesNotExist):
        approve(Broadcast.objects.get().pk, operator)
    assert Broadcast.objects.get().published_at is None


def test_what_was_taken_back_is_not_sent_by_breaking_the_glass(here: Village) -> None:
    """It would be on air and could not be stopped: it counts as stopped already."""
    make.sending_rule(sender="city")
    source, moment, operator = make.alert_source(may_send_from=""), alerts.at(), make.city_operator()
    alert = give(source, alerts.alert(identifier="one", sent=moment)).alert
    draft = take_over(alert.pk, operator)
    assert publish(draft.pk, operator).submitted_at
    give(source, alerts.cancel_of("one", moment))
    with pytest.raises(NotSent):
        break_glass(draft.pk, operator, "급합니다.")
    assert Broadcast.objects.get().published_at is None


def test_nobody_lets_go_of_an_alert_that_has_ended(source: AlertSource, here: Village) -> None:
    make.sending_rule(sender="alert")
    alert = give(source, alerts.alert()).alert
    Alert.objects.update(expires=timezone.now() - timedelta(minutes=1))
    with pytest.raises(NotSent):
        approve(alert.broadcast_id, make.city_operator())
    assert Broadcast.objects.get().published_at is None


def test_an_alert_that_has_ended_is_not_sent_again(source: AlertSource, here: Village) -> None:
    broadcast, chief = sent(give(source, alerts.alert())), make.chief(here)
    broadcast.deliveries.update(state="unreached")
    assert resend(broadcast.pk, chief) == 1
    broadcast.deliveries.update(state="unreached")
    Alert.objects.update(expires=timezone.now() - timedelta(minutes=1))
    with pytest.raises(NotSent):
        resend(broadcast.pk, chief)


def test_what_was_taken_over_goes_only_where_its_new_author_may_speak(here: Village) -> None:
    make.sending_rule(sender="city")
    operator = make.city_operator()
    draft = take_over(give(make.alert_source(may_send_from=""), alerts.alert()).alert.pk, operator)
    publish(draft.pk, operator)
    operator.role_grants.update(revoked_at=timezone.now())
    with pytest.raises(PermissionDenied):
        break_glass(draft.pk, operator, "급합니다.")


def test_the_severity_of_an_alert_makes_nothing_else_urgent(here: Village) -> None:
    operator = make.city_operator()
    alert = give(make.alert_source(may_send_from=""), alerts.alert(info(event="폭염"))).alert
    draft = take_over(alert.pk, operator)
    as_it_was = change_draft(draft.pk, operator, "heat", "물을 자주 드십시오.")
    assert (as_it_was.severity, as_it_was.lane) == ("Severe", "urgent")
    changed = change_draft(draft.pk, operator, "life", "내일 장이 섭니다.")
    assert (changed.severity, changed.lane) == ("", "routine")
    assert publish(draft.pk, operator).lane == "routine"


def test_an_update_corrects(source: AlertSource, here: Village) -> None:
    moment = alerts.at()
    first = sent(give(source, alerts.alert(identifier="one", sent=moment)))
    taken = give(source, alerts.cancel_of("one", moment, "Update", identifier="two"))
    second = sent(taken)
    first.refresh_from_db()
    assert first.cancelled_at
    assert second.corrects == first
    assert second.cancelled_at is None


def test_an_update_that_no_longer_reaches_us_ends_it(source: AlertSource, here: Village) -> None:
    moment = alerts.at()
    first = sent(give(source, alerts.alert(identifier="one", sent=moment)))
    reference = f"{alerts.SENDER},one,{moment}"
    taken = give(source, alerts.alert(info(area(alerts.SEOUL)), msgType="Update", references=reference))
    first.refresh_from_db()
    assert taken.alert.outcome == Outcome.CANCELLED
    assert first.cancelled_at


@pytest.mark.parametrize("msg_type", ["Cancel", "Update"])
def test_what_overtakes_its_alert_is_remembered(source: AlertSource, here: Village, msg_type: str) -> None:
    moment = alerts.at()
    later = give(source, alerts.cancel_of("late", moment, msg_type)).alert
    assert later.outcome == (Outcome.CANCELLED if msg_type == "Cancel" else Outcome.SENT)
    before = Broadcast.objects.count()
    late = give(source, alerts.alert(identifier="late", sent=moment)).alert
    assert late.outcome == Outcome.IGNORED
    assert "나중 경보가 먼저" in late.why
    assert Broadcast.objects.count() == before


def test_a_mere_exercise_takes_nothing_back(source: AlertSource, here: Village) -> None:
    moment = alerts.at()
    broadcast = sent(give(source, alerts.alert(identifier="one", sent=moment)))
    assert give(source, alerts.cancel_of("one", moment, status="Exercise")).alert.outcome == Outcome.IGNORED
    give(source, alerts.cancel_of("two", moment, status="Test"))
    sent(give(source, alerts.alert(identifier="two", sent=moment)))
    broadcast.refresh_from_db()
    assert broadcast.cancelled_at is None


@pytest.mark.parametrize("msg_type", ["Cancel", "Update"])
def test_nobody_takes_back_what_another_said(source: AlertSource, here: Village, msg_type: str) -> None:
    moment = alerts.at()
    broadcast = sent(give(source, alerts.alert(identifier="one", sent=moment)))
    before = Broadcast.objects.count()
    reference = f"{alerts.SENDER},one,{moment}"
    forged = alerts.alert(msgType=msg_type, references=reference, sender="mallory@example.org")
    with pytest.raises(Refused) as by_sender:
        give(source, forged)
    with pytest.raises(Refused) as by_source:
        give(make.alert_source(), alerts.cancel_of("one", moment, msg_type))
    assert by_sender.value.status == by_source.value.status == 403
    broadcast.refresh_from_db()
    assert broadcast.cancelled_at is None
    assert Alert.objects.count() == 1
    assert Broadcast.objects.count() == before


def test_another_sources_cancellation_in_advance_is_of_no_effect(source: AlertSource, here: Village) -> None:
    moment = alerts.at()
    give(make.alert_source(), alerts.cancel_of("one", moment))
    sent(give(source, alerts.alert(identifier="one", sent=moment)))


def test_a_person_takes_the_draft_over_and_sends_it(here: Village) -> None:
    alert = give(make.alert_source(may_send_from=""), alerts.alert()).alert
    operator, other = make.city_operator(), make.city_operator()
    for stranger in (make.clerk(), make.chief(here), make.user()):
        with pytest.raises(PermissionDenied):
            take_over(alert.pk, stranger)
    draft = take_over(alert.pk, operator)
    assert draft.author == operator
    assert take_over(alert.pk, operator) == draft
    with pytest.raises(Alert.DoesNotExist):
        take_over(alert.pk, other)
    assert publish(draft.pk, operator).lane == "urgent"
    with pytest.raises(Alert.DoesNotExist):
        take_over(alert.pk, other)


def test_whoever_is_on_duty_hears_of_an_urgent_draft(here: Village) -> None:
    make.duty_officer()
    source = make.alert_source(may_send_from="")
    give(source, alerts.alert(info(event="건조 주의", category="Met", severity="Minor")))
    assert not Message.objects.exists()
    give(source, alerts.alert())
    assert Message.objects.get().template == "alert_waits"


def test_drafts_that_nobody_wants_are_forgotten_and_the_alert_stays(here: Village) -> None:
    alert = give(make.alert_source(may_send_from=""), alerts.alert()).alert
    Broadcast.objects.update(created_at=timezone.now() - timedelta(hours=25))
    Recording.objects.update(made_at=timezone.now() - timedelta(hours=25))
    forget_old()
    assert not Broadcast.objects.exists()
    assert Alert.objects.get() == alert


def test_an_alert_that_cannot_be_said_is_refused(source: AlertSource, here: Village) -> None:
    xml = alerts.alert(info(area(about="-"), event="-", headline=None, instruction=None))  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        give(source, xml)
    assert refused.value.code == "unspeakable"
    assert not Alert.objects.exists()
