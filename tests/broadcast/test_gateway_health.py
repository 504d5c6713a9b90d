"""Gateways that fall silent: noticed and told once, to the right person; how well each was there; the test at night."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcast import claims, dispatch, gateway_health
from broadcast.availability import SEOUL, availability, in_words, month_of, months_back
from broadcast.gateway_alarms import MASS
from broadcast.gateway_health import AWAY, LISTENING, LOOKED, Found, ask, look
from broadcast.link_test import is_due, last, run, run_if_due
from broadcast.models import Broadcast, Gateway, Heartbeat, Outage, Recording
from broadcast.states import State
from people.models import Message, RoleGrant, User
from tests import make
from tests.simulator.test_with_portal import all_are, simulator

MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=SEOUL)
PHONE = "+8210123400{:02}"


def at(hour: float) -> datetime:
    return datetime(2026, 11, 1, tzinfo=SEOUL) + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("silences", "percent"),
    [
        ([], 100.0),
        ([(0, 10)], 0.0),
        ([(2, 3)], 90.0),
        ([(2, 3), (5, 6)], 80.0),
        ([(5, 6), (2, 3)], 80.0),
        ([(2, 5), (3, 4)], 70.0),
        ([(2, 4), (3, 5)], 70.0),
        ([(-5, 1)], 90.0),
        ([(9, 20)], 90.0),
        ([(9, None)], 90.0),
        ([(-9, None)], 0.0),
        ([(-9, -1), (11, 12)], 100.0),
        ([(10, None)], 100.0),
    ],
)
def test_availability(silences: list, percent: float) -> None:
    spans = [(at(since), None if until is None else at(until)) for since, until in silences]
    assert availability(spans, at(0), at(10)) == pytest.approx(percent)


def test_no_time_has_no_availability() -> None:
    assert availability([], at(1), at(1)) is None
    assert availability([], at(2), at(1)) is None


@pytest.mark.parametrize(
    ("percent", "words"),
    [(None, "모름"), (100.0, "100%"), (99.999, "99.99%"), (0.0, "0.00%"), (87.5, "87.50%")],
)
def test_availability_in_words_is_never_rounded_up(percent: float | None, words: str) -> None:
    assert in_words(percent) == words


def test_months() -> None:
    start, end = month_of(date(2026, 12, 31))
    assert (start.isoformat(), end.isoformat()) == ("2026-12-01T00:00:00+09:00", "2027-01-01T00:00:00+09:00")
    assert months_back(date(2026, 2, 28), 3) == [date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1)]


@pytest.mark.parametrize(
    ("now", "before", "due"),
    [
        (datetime(2026, 11, 25, 3, 29), None, False),
        (datetime(2026, 11, 25, 3, 30), None, True),
        (datetime(2026, 11, 25, 4, 29), None, True),
        (datetime(2026, 11, 25, 4, 30), None, False),
        (datetime(2026, 11, 24, 3, 30), None, False),
        (datetime(2026, 11, 25, 3, 31), datetime(2026, 11, 25, 3, 30), False),
        (datetime(2026, 11, 25, 3, 31), datetime(2026, 11, 18, 3, 30), True),
    ],
)
def test_when_the_line_is_tested(now: datetime, before: datetime | None, due: bool) -> None:
    before = before and before.replace(tzinfo=SEOUL)
    assert is_due(now.replace(tzinfo=SEOUL), before, time(3, 30), [2]) is due


def listening(since: datetime = NOW - 60 * MINUTE, looked: datetime = NOW - MINUTE) -> None:
    for name, seen in ((LOOKED, looked), (LISTENING, since)):
        Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": seen})


def box(minutes_ago: float | None, district: str = "문산읍", **fields: object) -> Gateway:
    seen = None if minutes_ago is None else NOW - minutes_ago * MINUTE
    return make.gateway(make.village(make.district(district)), seen_at=seen, **fields)


def person(role: str, n: int, district: str | None = None) -> User:
    user = make.user(phone=PHONE.format(n) if n else "")
    where = make.district(district) if district else None
    RoleGrant.objects.create(user=user, role=role, district=where, reason="시험")
    return user


def told() -> list[tuple[str, str]]:
    return sorted((message.to[-2:], message.template) for message in Message.objects.all())


@pytest.mark.django_db
def test_noticed_once_and_told_once_and_again_when_it_is_back() -> None:
    listening()
    person("office_clerk", 1, "문산읍")
    person("office_clerk", 2, "금산면")
    person("city_operator", 3)
    silent, fresh, _ = box(7), box(5), box(None)
    assert look(NOW) == Found(silent=1, back=0)
    outage = Outage.objects.get()
    assert (outage.gateway, outage.since, outage.until) == (silent, silent.seen_at, None)
    assert told() == [("01", "gateways_silent")]
    text = Message.objects.get().text
    assert f"{silent.village} ({silent.code})" in text
    assert fresh.code not in text
    assert look(NOW) == Found(0, 0)
    Gateway.objects.filter(pk=silent.pk).update(seen_at=NOW + MINUTE)
    Gateway.objects.filter(pk=fresh.pk).update(seen_at=NOW + MINUTE)
    assert look(NOW + MINUTE) == Found(0, 1)
    assert look(NOW + 2 * MINUTE) == Found(0, 0)
    outage.refresh_from_db()
    assert outage.until == NOW + MINUTE
    assert told() == [("01", "gateways_back"), ("01", "gateways_silent")]
    listening(looked=NOW + 19 * MINUTE)
    assert look(NOW + 20 * MINUTE) == Found(2, 0), "another time is another outage"


@pytest.mark.django_db
def test_an_office_without_a_phone_leaves_it_to_the_city_and_who_is_on_duty() -> None:
    listening()
    person("office_clerk", 0, "문산읍")
    person("city_operator", 3)
    person("duty_officer", 4)
    person("city_operator", 0)
    box(10), box(10, "금산면")
    look(NOW)
    assert told() == [("03", "gateways_silent"), ("04", "gateways_silent")]
    assert "스피커 2대" in Message.objects.first().text


@pytest.mark.django_db
def test_nobody_with_a_phone_is_no_error() -> None:
    listening()
    box(10)
    assert look(NOW).silent == 1
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_mass_outage_is_one_message_to_the_city_and_so_is_its_end() -> None:
    listening()
    for n, name in enumerate(["문산읍", "금산면", "명석면"]):
        person("office_clerk", n + 1, name)
        for _ in range(MASS // 2):
            box(10, name)
    person("city_operator", 9)
    assert look(NOW).silent == 30
    assert told() == [("09", "gateways_silent")]
    assert "외 27대" in Message.objects.get().text
    few = Gateway.objects.values("pk")[:3]
    Gateway.objects.filter(pk__in=few).update(seen_at=NOW + MINUTE)
    assert look(NOW + MINUTE).back == 3
    assert told() == [("09", "gateways_back"), ("09", "gateways_silent")]


@pytest.mark.django_db
def test_when_the_portal_itself_was_away_nobody_is_blamed() -> None:
    person("city_operator", 3)
    box(60)
    listening(looked=NOW - AWAY - MINUTE)
    assert look(NOW) == Found(0, 0)
    for minute in range(1, 6):
        assert look(NOW + minute * MINUTE) == Found(0, 0)
    assert look(NOW + 6 * MINUTE) == Found(1, 0), "by now it should have reported"


@pytest.mark.django_db
def test_a_box_that_is_no_longer_used_is_no_outage() -> None:
    listening()
    gone = box(10)
    look(NOW)
    Gateway.objects.filter(pk=gone.pk).update(is_active=False)
    assert look(NOW + MINUTE) == Found(0, 0)
    assert Outage.objects.get().until == NOW + MINUTE


@pytest.mark.django_db
def test_the_same_number_of_questions_for_one_box_and_for_thirty() -> None:
    person("city_operator", 3)
    counts = []
    for boxes in (1, 3, 30):
        listening()
        for _ in range(boxes):
            box(10)
        with CaptureQueriesContext(connection) as asked:
            assert look(NOW).silent == boxes
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


@contextmanager
def speaker() -> Iterator[str]:
    """A SIP device that answers whatever it is asked with 200. Yields its address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        device.bind(("127.0.0.1", 0))
        device.settimeout(0.1)
        over = threading.Event()

        def answer() -> None:
            while not over.is_set():
                try:
                    data, caller = device.recvfrom(4096)
                except TimeoutError:
                    continue
                lines = data.decode().split("\r\n")
                kept = [line for line in lines[1:] if line.split(":")[0].lower() in KEPT]
                device.sendto(
                    "\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]).encode(), caller
                )

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"sip:speaker@127.0.0.1:{device.getsockname()[1]}"
        over.set()
        thread.join()


KEPT = ("via", "v", "from", "f", "to", "t", "call-id", "i", "cseq")


@pytest.mark.django_db
def test_devices_that_do_not_report_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_health, "PATIENCE", 1.0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody, speaker() as address:
        nobody.bind(("127.0.0.1", 0))
        there = make.gateway(driver="sip", address=address)
        silent = make.gateway(driver="sip", address=f"sip:speaker@127.0.0.1:{nobody.getsockname()[1]}")
        reporting = make.gateway()
        assert ask() == 1
    seen = Gateway.objects.filter(seen_at__isnull=False)
    assert list(seen) == [there], (silent, reporting)


@pytest.mark.django_db
def test_the_test_of_the_line_goes_to_every_box_without_a_sound(client: Client) -> None:
    boxes = [
        make.gateway(),
        make.gateway(make.village(make.district("금산면"))),
        make.gateway(is_active=False),
    ]
    sent = run()
    assert set(sent.deliveries.values_list("gateway", flat=True)) == {boxes[0].pk, boxes[1].pk}
    assert sent.deliveries.filter(state=State.WAITING, due_at__lte=timezone.now()).count() == 2
    assert sent.lane == "routine"
    assert sent.recording.source == Recording.Source.SILENCE
    assert sent.recording.duration == 1.0
    assert not sent.author.is_active
    assert run().recording == sent.recording, "one silence is enough"
    assert last() != sent
    make.signed_in(client, make.city_operator())
    assert "연결 점검" not in client.get("/broadcast/").content.decode()
    assert f"/broadcast/{last().pk}/" in client.get("/broadcast/gateways/").content.decode()  # type: ignore[union-attr]
    assert f"/broadcast/{sent.pk}/" not in client.get("/broadcast/history/").content.decode()
    assert (
        f"/broadcast/{sent.pk}/" in client.get("/broadcast/history/", {"category": "test"}).content.decode()
    )


@pytest.mark.django_db
def test_the_test_of_the_line_runs_once_a_night(settings) -> None:
    make.gateway()
    settings.LINK_TEST_AT = f"{timezone.localtime():%H:%M}"
    settings.LINK_TEST_DAYS = list(range(7))
    assert run_if_due()
    assert run_if_due() is None
    settings.LINK_TEST_AT = ""
    Broadcast.objects.filter(category="test").update(published_at=NOW - timedelta(days=9))
    assert run_if_due() is None


@pytest.mark.django_db
def test_the_test_of_the_line_asks_the_same_number_of_questions_for_one_box_and_for_thirty() -> None:
    make.gateway()
    run()
    counts = []
    for boxes in (1, 3, 30):
        for _ in range(boxes):
            make.gateway()
        with CaptureQueriesContext(connection) as asked:
            run()
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


@pytest.mark.django_db
def test_who_sees_which_gateways(client: Client) -> None:
    here, there = box(1), box(1, "금산면")
    for stranger in (make.user(), make.chief(here.village)):
        make.signed_in(client, stranger)
        assert client.get("/broadcast/gateways/").status_code == 403
        assert client.get(f"/broadcast/gateways/{here.pk}/").status_code == 403
    make.signed_in(client, make.clerk())
    page = client.get("/broadcast/gateways/").content.decode()
    assert f"/broadcast/gateways/{here.pk}/" in page
    assert f"/broadcast/gateways/{there.pk}/" not in page
    assert client.get(f"/broadcast/gateways/{there.pk}/").status_code == 404
    assert client.get("/broadcast/gateways/", {"district": there.village.district_id}).status_code == 422
    make.signed_in(client, make.city_operator())
    assert f"/broadcast/gateways/{there.pk}/" in client.get("/broadcast/gateways/").content.decode()


@pytest.mark.django_db
def test_gateways_are_found_by_how_they_are(client: Client) -> None:
    now = timezone.now()
    status = {"battery": 12.0, "signal": -71.0, "volume": 70.0, "firmware": "1.4.2"}
    well, low = make.gateway(seen_at=now, status={"battery": 98.0}), make.gateway(seen_at=now, status=status)
    silent, never = make.gateway(seen_at=now - 10 * MINUTE), make.gateway()
    make.signed_in(client, make.city_operator())

    def found(**asked: str) -> set[Gateway]:
        return set(client.get("/broadcast/gateways/", asked).context["page"])

    assert found() == {well, low, silent, never}
    assert found(state="online") == {well, low}
    assert found(state="silent") == {silent}
    assert found(state="never") == {never}
    assert found(state="battery") == {low}
    page = client.get(f"/broadcast/gateways/{low.pk}/").content.decode()
    for words in ("12%", "부족합니다", "-71dBm", "70%", "1.4.2", "100%"):
        assert words in page
    for wrong in (
        {"state": "odd"},
        {"district": "x"},
        {"month": "2026-13"},
        {"month": "어제"},
        {"month": "9999-12"},
        {"month": "2" * 99},
    ):
        assert client.get("/broadcast/gateways/", wrong).status_code == 422


@pytest.mark.django_db
def test_a_gateway_tells_of_its_outages(client: Client) -> None:
    one = make.gateway(seen_at=timezone.now())
    start, end = month_of(timezone.localdate().replace(day=1) - timedelta(days=1))
    one.keys.update(created_at=start)
    Outage.objects.create(gateway=one, since=start, noticed_at=start, until=start + (end - start) / 4)
    make.signed_in(client, make.city_operator())
    page = client.get(f"/broadcast/gateways/{one.pk}/").content.decode()
    assert "75.00%" in page
    month = f"{timezone.localtime(start):%Y-%m}"
    assert "75.00%" in client.get("/broadcast/gateways/", {"month": month}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["", "{pk}/"])
def test_pages_ask_the_same_number_of_questions(client: Client, page: str) -> None:
    operator = make.city_operator()
    make.signed_in(client, operator)
    counts = []
    one = make.gateway(seen_at=timezone.now())
    run()
    for rows in (1, 3, 30):
        for _ in range(rows):
            other = make.gateway(seen_at=timezone.now())
            Outage.objects.create(gateway=other, since=NOW, noticed_at=NOW)
            Outage.objects.create(gateway=one, since=NOW, noticed_at=NOW, until=NOW)
            make.published_to([one.village], operator)
        address = f"/broadcast/gateways/{page.format(pk=one.pk)}"
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


@pytest.mark.django_db(transaction=True)
def test_boxes_take_the_silence_for_a_sound(live_server, settings, tmp_path: Path) -> None:
    settings.PORTAL_URL = live_server.url
    boxes = [make.gateway() for _ in range(2)]
    with simulator(boxes, live_server.url, tmp_path, "--play-speed=0"):
        sent = run()
        dispatch.push(claims.claim_shard(sent.pk, 0), dispatch.FIRST_TRY)
        for row in all_are(State.PLAYED, sent):
            assert row.heard_seconds == pytest.approx(1.0, rel=0.1)
            assert row.heard_dbfs < -60
