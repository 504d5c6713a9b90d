"""The signed API of the gateways, called as a box would call it."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from broadcast.models import Delivery, Gateway, GatewayKey, GatewayNonce, Receipt
from broadcast.publish import publish, resend
from broadcast.signing import KEY, NONCE, SIGNATURE, signature, signed_headers
from broadcast.sound_address import sound_address
from broadcast.states import State
from broadcast.tasks import tidy
from tests import make

pytestmark = pytest.mark.django_db


class Box:
    """A gateway's side of the API."""

    def __init__(self, client, gateway: Gateway, off: float = 0.0) -> None:
        self.client, self.gateway, self.off = client, gateway, off
        self.key = gateway.keys.order_by("number").first()

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.off, UTC)

    def headers(self, path: str, body: bytes) -> dict[str, str]:
        return signed_headers(
            f"{self.gateway.code}.{self.key.number}",
            bytes.fromhex(self.key.secret),
            "POST",
            path,
            body,
            self.now().timestamp(),
        )

    def post(self, what: str, data: Any, headers: dict[str, str] | None = None):
        path = f"/api/gateway/{what}/"
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        return self.client.post(
            path, body, content_type="application/json", headers=headers or self.headers(path, body)
        )

    def says(self, delivery: Delivery, state: str, **more: Any) -> str:
        receipt = {"delivery": str(delivery.pk), "state": state, "at": self.now().isoformat(), **more}
        response = self.post("receipts", {"receipts": [receipt]})
        assert response.status_code == 200, response.content
        return response.json()["results"][0]["result"]


@pytest.fixture
def delivery() -> Delivery:
    return make.published(["http://127.0.0.1:9"]).deliveries.get()


@pytest.fixture
def box(client, delivery: Delivery) -> Box:
    return Box(client, delivery.gateway)


def test_a_broadcast_is_followed_to_its_end(box: Box, delivery: Delivery) -> None:
    assert box.says(delivery, "playing") == "counted"
    assert box.says(delivery, "played", heard_seconds=1.02, heard_dbfs=-16.4) == "counted"
    delivery.refresh_from_db()
    assert delivery.state == State.PLAYED
    assert delivery.accepted_at
    assert delivery.playing_at
    assert delivery.ended_at
    assert (delivery.heard_seconds, delivery.heard_dbfs) == (1.02, -16.4)


def test_a_receipt_that_comes_twice_counts_once(box: Box, delivery: Delivery) -> None:
    assert [box.says(delivery, "played") for _ in range(3)] == ["counted", "repeated", "repeated"]
    assert Receipt.objects.count() == 1


def test_a_late_receipt_is_kept_and_changes_nothing(box: Box, delivery: Delivery) -> None:
    box.says(delivery, "played")
    before = Delivery.objects.values().get()
    assert box.says(delivery, "playing") == "late"
    assert box.says(delivery, "failed", reason="speaker") == "late"
    assert Delivery.objects.values().get() == before
    assert list(Receipt.objects.order_by("pk").values_list("state", "counted")) == [
        ("played", True),
        ("playing", False),
        ("failed", False),
    ]


def test_many_at_once_in_any_order(box: Box, delivery: Delivery) -> None:
    now = box.now().isoformat()
    body = {
        "receipts": [{"delivery": str(delivery.pk), "state": s, "at": now} for s in ("played", "playing")]
    }
    assert [r["result"] for r in box.post("receipts", body).json()["results"]] == ["counted", "late"]


def test_an_old_failure_does_not_undo_a_resend(box: Box, delivery: Delivery) -> None:
    box.says(delivery, "failed", reason="speaker")
    assert resend(delivery.broadcast_id, delivery.broadcast.author) == 1
    assert box.says(delivery, "failed", reason="speaker", round=1) == "late"
    assert box.says(delivery, "playing", round=1) == "late"
    assert box.says(delivery, "playing", round=2) == "counted"
    assert box.says(delivery, "failed", reason="speaker", round=2) == "counted"
    assert resend(delivery.broadcast_id, delivery.broadcast.author) == 1
    assert box.says(delivery, "played", round=1) == "counted", "that it was heard is true of any round"


def test_a_failure_is_kept_with_its_reason(box: Box, delivery: Delivery) -> None:
    assert box.says(delivery, "failed", reason="speaker") == "counted"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == (State.FAILED, "speaker")


def test_a_clock_that_is_a_little_off_does_not_shift_the_times(client, delivery: Delivery) -> None:
    box = Box(client, delivery.gateway, off=200)
    box.says(delivery, "playing")
    delivery.refresh_from_db()
    assert abs(delivery.playing_at - timezone.now()) < timedelta(seconds=5)


def test_another_gateways_delivery_is_unknown(client, delivery: Delivery) -> None:
    other = Box(client, make.gateway())
    assert other.says(delivery, "played") == "unknown"
    delivery.refresh_from_db()
    assert delivery.state == State.WAITING
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("off", [-600, 600])
def test_a_clock_ten_minutes_off_is_refused_and_told_the_time(client, delivery: Delivery, off: int) -> None:
    box = Box(client, delivery.gateway, off=off)
    response = box.post("status", {})
    assert response.status_code == 401
    assert response.json()["error"] == "clock"
    assert abs(response.json()["now"] - time.time()) < 5


def test_a_wrong_signature_a_foreign_key_and_an_unknown_one(client, box: Box) -> None:
    headers = box.headers("/api/gateway/status/", b"{}")
    assert box.post("status", b'{"volume": 1}', headers).json()["error"] == "signature"
    stranger = make.gateway()
    foreign = {**headers, KEY: f"{stranger.code}.1"}
    assert box.post("status", b"{}", foreign).json()["error"] == "signature"
    for name in ("", "nobody.1", f"{box.gateway.code}.2", f"{box.gateway.code}.x", "." * 300):
        assert box.post("status", b"{}", {**headers, KEY: name}).json()["error"] == "unknown_key"
    assert box.post("status", b"{}", {**headers, SIGNATURE: "é"}).status_code == 401
    assert client.post("/api/gateway/status/", "{}", content_type="application/json").status_code == 401


def test_the_same_request_does_nothing_twice(box: Box) -> None:
    headers = box.headers("/api/gateway/status/", b"{}")
    assert box.post("status", b"{}", headers).status_code == 200
    again = box.post("status", b"{}", headers)
    assert (again.status_code, again.json()["error"]) == (401, "replay")
    weak = {**headers, NONCE: "short"}
    weak[SIGNATURE] = signature(
        bytes.fromhex(box.key.secret), "POST", "/api/gateway/status/", headers["Jinju-Date"], "short", b"{}"
    )
    assert box.post("status", b"{}", weak).json()["error"] == "replay"


def test_nonces_are_forgotten_when_their_date_is_refused_anyway(box: Box, settings) -> None:
    box.post("status", {})
    tidy()
    assert GatewayNonce.objects.count() == 1
    GatewayNonce.objects.update(
        used_at=timezone.now() - timedelta(seconds=2 * settings.GATEWAY_CLOCK_SKEW + 5)
    )
    tidy()
    assert not GatewayNonce.objects.exists()


def test_a_status_report_puts_the_gateway_on_line(box: Box) -> None:
    assert not Gateway.objects.online().exists()
    response = box.post("status", {"firmware": "1.4", "volume": 70, "battery": 98, "new": "field"})
    assert response.status_code == 200
    gateway = Gateway.objects.online().get()
    assert gateway.status == {"firmware": "1.4", "volume": 70.0, "battery": 98.0}
    assert gateway.keys.get().used_at


def test_a_retired_key_is_unknown_and_two_live_ones_both_work(client, box: Box) -> None:
    second = make.gateway_key(box.gateway, number=2)
    assert box.post("status", {}).status_code == 200
    box.key = second
    assert box.post("status", {}).status_code == 200
    GatewayKey.objects.filter(number=2).update(retired_at=timezone.now())
    assert box.post("status", {}).json()["error"] == "unknown_key"


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        b'{"receipts": []}',
        b'{"receipts": [{"delivery": "x", "state": "played", "at": "2026-01-01T00:00:00Z"}]}',
        b'{"receipts": [{"delivery": "3f0e9c1e-0000-4000-8000-000000000000", "state": "waiting", "at": "x"}]}',
        b'{"receipts": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b"\xff\xfe",
    ],
)
def test_bodies_that_make_no_sense_get_400(box: Box, body: bytes) -> None:
    assert box.post("receipts", body).status_code == 400


def test_more_than_a_hundred_receipts_are_refused(box: Box, delivery: Delivery) -> None:
    receipt = {"delivery": str(delivery.pk), "state": "played", "at": box.now().isoformat()}
    assert box.post("receipts", {"receipts": [receipt] * 101}).status_code == 400


def test_the_sound_is_served_until_the_broadcast_ends(client, delivery: Delivery) -> None:
    address = sound_address(delivery.broadcast)
    path = address[address.index("/api") :]
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "audio/mpeg"
    assert b"".join(response.streaming_content) == make.mp3()
    assert client.get(path.replace(str(delivery.broadcast_id)[:8], "00000000")).status_code == 404
    type(delivery.broadcast).objects.update(
        published_at=timezone.now() - timedelta(hours=2), expires_at=timezone.now()
    )
    assert client.get(path).status_code == 404


def test_receipts_cannot_be_changed_afterwards(box: Box, delivery: Delivery) -> None:
    box.says(delivery, "played")
    for change in (
        lambda: Receipt.objects.update(state="failed"),
        lambda: Receipt.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_one_receipt_costs_a_fixed_number_of_queries(box: Box, django_assert_num_queries) -> None:
    box.post("status", {})
    author = make.city_operator()
    village = box.gateway.village
    for receipts in (1, 3, 30):
        sent = [publish(make.draft(author, [village]).pk, author) for _ in range(receipts)]
        now = box.now().isoformat()
        body = [{"delivery": str(b.deliveries.get().pk), "state": "played", "at": now} for b in sent]
        # Key, nonce, lock, update, receipts; and two marks of the transaction.
        with django_assert_num_queries(7):
            box.post("receipts", {"receipts": body})
