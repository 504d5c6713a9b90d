"""The door for systems that push: whose key, how large, and what they are told."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadcast.cap.reading import MOST_BYTES
from broadcast.cap.sources import add_source, hash_of
from broadcast.models import Alert, AlertSource, Broadcast
from tests import make

from . import alerts
from .test_reading import HOSTILE

pytestmark = pytest.mark.django_db
KEY = "k" * 43


@pytest.fixture
def source() -> AlertSource:
    return make.alert_source(key_hash=hash_of(KEY))


def push(client: Client, xml: str | bytes, key: str = KEY, **headers: str):  # type: ignore[no-untyped-def]
    data = xml.encode() if isinstance(xml, str) else xml
    auth = {"Authorization": f"Bearer {key}"} if key else {}
    return client.post("/api/cap/", data, content_type="application/cap+xml", headers={**auth, **headers})


def test_an_alert_is_taken_once(client: Client, source: AlertSource) -> None:
    make.gateway()
    xml = alerts.alert()
    first, again = push(client, xml), push(client, xml)
    assert (first.status_code, again.status_code) == (201, 200)
    broadcast = Broadcast.objects.get()
    assert first.json()["outcome"] == "sent"
    assert first.json()["sentence"] == "방송을 보냈습니다."
    assert first.json()["broadcast"] == again.json()["broadcast"] == str(broadcast.pk)
    assert (first.json()["again"], again.json()["again"]) == (False, True)
    assert "방송을 보냈습니다" in first.content.decode()  # as letters, not as escapes


@pytest.mark.parametrize("key", ["", "x", KEY[:-1], KEY + "k", "열쇠", "k" * 5000])
def test_a_stranger_is_told_nothing(client: Client, source: AlertSource, key: str) -> None:
    auth = {"HTTP_AUTHORIZATION": f"Bearer {key}".encode().decode("latin-1")} if key else {}
    answer = client.post("/api/cap/", alerts.alert().encode(), content_type="application/cap+xml", **auth)
    assert answer.status_code == 401
    assert answer.json()["error"] == "unknown_key"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not Alert.objects.exists()


def test_other_ways_to_sign_in_are_no_keys(client: Client, source: AlertSource) -> None:
    make.signed_in(client, make.city_operator())
    assert push(client, alerts.alert(), key="").status_code == 401
    answer = client.post("/api/cap/", b"", content_type="text/xml", headers={"Authorization": f"Basic {KEY}"})
    assert answer.status_code == 401
    assert client.get("/api/cap/").status_code == 405


def test_a_source_that_is_no_longer_used_is_a_stranger(client: Client, source: AlertSource) -> None:
    AlertSource.objects.update(is_active=False)
    assert push(client, alerts.alert()).status_code == 401


def test_a_source_without_a_key_has_no_empty_one(client: Client) -> None:
    make.alert_source(feed="http://127.0.0.1:9/feed")
    assert push(client, alerts.alert(), key=" ").status_code == 401


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 3_000_000, 50_000_000])
def test_what_is_too_large_is_refused_by_its_length(client: Client, source: AlertSource, size: int) -> None:
    answer = push(client, b" " * size)
    assert answer.status_code == 413
    said = answer.json()
    assert "너무" in said.get("sentence", said["error"])


def test_a_body_in_chunks_is_not_taken_for_an_empty_one(client: Client, source: AlertSource) -> None:
    answer = push(client, b"", **{"Transfer-Encoding": "chunked"})
    assert (answer.status_code, answer.json()["error"]) == (411, "no_length")


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_xml(client: Client, source: AlertSource, what: str) -> None:
    answer = push(client, HOSTILE[what])
    assert (answer.status_code, answer.json()["error"]) == (422, "forbidden_xml")
    assert "DTD" in answer.json()["reason"]


@pytest.mark.parametrize(
    ("xml", "status", "error"),
    [
        ("", 422, "empty"),
        ("<alert", 422, "not_xml"),
        (alerts.alert(namespace="urn:oasis:names:tc:emergency:cap:1.1"), 422, "not_cap_1_2"),
        (alerts.alert(alerts.info(alerts.area(alerts.SEOUL))), 422, "elsewhere"),
        (alerts.alert(alerts.info(alerts.area("35,128 36,129 35,129 36,128 35,128"))), 422, "wrong_area"),
        (alerts.alert(sent="2026-11-22T09:00:00"), 422, "wrong_date"),
        (alerts.alert("", msgType="Cancel", references=f"other,x,{alerts.at()}"), 403, "not_the_sender"),
    ],
    ids=alerts.numbered(),
)
def test_a_refusal_says_why_in_korean_and_english(
    client: Client, source: AlertSource, xml: str, status: int, error: str
) -> None:
    make.gateway()
    answer = push(client, xml)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["reason"]
    assert any("가" <= letter <= "힣" for letter in answer.json()["sentence"])
    assert not Broadcast.objects.exists()


def test_an_exercise_moves_nobody(client: Client, source: AlertSource) -> None:
    make.gateway()
    answer = push(client, alerts.alert(status="Exercise"))
    assert (answer.status_code, answer.json()["outcome"]) == (200, "ignored")
    assert not Broadcast.objects.exists()


TAGS = ["identifier", "sent", "status", "msgType", "scope", "references", "severity", "polygon", "expires"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    junk=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(str.encode),
        st.tuples(
            st.sampled_from(TAGS), st.text(st.characters(codec="utf-8", exclude_characters="<&"), max_size=40)
        ),
    )
)
def test_nothing_brings_it_down(client: Client, source: AlertSource, junk: object) -> None:
    if isinstance(junk, tuple):
        tag, text = junk
        whole = alerts.alert(status="Test")
        start, end = whole.find(f"<{tag}>"), whole.find(f"</{tag}>")
        junk = (whole if start < 0 else f"{whole[:start]}<{tag}>{text}{whole[end:]}").encode()
    answer = push(client, junk)  # type: ignore[arg-type]
    assert answer.status_code in (200, 201, 413, 403, 422)
    assert answer.json()["sentence"]
    assert not Broadcast.objects.exists()


def test_the_command_makes_a_source_whose_key_works(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    make.gateway()
    operator = make.city_operator()
    doing = {"by": operator.username, "reason": "협약"}
    call_command("add_alert_source", "산림청", send_from="Severe", **doing)
    key = capsys.readouterr().out.split("열쇠: ")[1].split()[0]
    made = AlertSource.objects.get(name="산림청")
    assert key not in str(vars(made))
    assert not made.account.has_usable_password()
    assert push(client, alerts.alert(), key=key).status_code == 201
    call_command("add_alert_source", "산림청", new_key=True, **doing)
    other = capsys.readouterr().out.split("열쇠: ")[1].split()[0]
    assert push(client, alerts.alert(), key=key).status_code == 401
    call_command("add_alert_source", "산림청", stop=True, **doing)
    assert push(client, alerts.alert(), key=other).status_code == 401
    call_command("add_alert_source", "산림청", use=True, **doing)
    assert push(client, alerts.alert(status="Test"), key=other).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "산림청", "feed": "file:///etc/passwd"},
        {"name": "산림청", "feed": "ftp://example.org/"},
        {"name": "산림청", "feed": f"https://example.org/{'x' * 200}"},
        {"name": " "},
        {"name": "있음"},
        {"name": "없음", "new_key": True},
        {"name": "없음", "stop": True},
    ],
)
def test_what_the_command_does_not_do(asked: dict) -> None:
    operator = make.city_operator()
    add_source("있음", feed="", may_send_from="", reason="시험", by=operator)
    with pytest.raises(CommandError):
        call_command("add_alert_source", asked.pop("name"), by=operator.username, reason="시험", **asked)
    assert AlertSource.objects.count() == 1
