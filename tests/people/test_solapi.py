"""SOLAPI's documented HTTP, spoken to a stub that checks it: signature, body, answers; and the channels' order."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.utils import timezone

from people import calls
from people.channels import ChannelTrouble, channel
from people.channels.solapi import Channel
from people.models import Call, Message
from people.outbox import tell
from people.tasks import ASKED_AFTER, BACK_OFF, ask_what_arrived, send_messages
from privacy.models import AccessRecord
from tests import make

KEY, SECRET = "NCSSTUBKEY", "stub-secret"
MOBILE, LANDLINE = "+821099990001", "+82557492114"


def group(total: int, failed: int) -> dict[str, Any]:
    """groupInfo, as the provider's documentation shows it."""
    count = dict.fromkeys(("sentTotal", "sentSuccess", "sentPending", "sentReplacement", "refund"), 0)
    cash = {"requested": 0, "replacement": 0, "refund": 0, "sum": 0}
    return {
        "count": {**count, "total": total, "registeredFailed": failed, "registeredSuccess": total - failed},
        "countForCharge": {"sms": {"82": 1}},
        "balance": cash,
        "point": cash,
        "app": {"profit": {"sms": 0}, "appId": None},
        "log": [],
        "status": "SENDING",
        "allowDuplicates": False,
        "isRefunded": False,
        "accountId": "1",
        "masterAccountId": None,
        "apiVersion": "4",
        "groupId": "G4V20261126000000STUB",
        "price": {},
        "dateCreated": "2026-11-26T00:00:00.000Z",
        "dateUpdated": "2026-11-26T00:00:00.000Z",
    }


class Stub(ThreadingHTTPServer):
    """Says `status` and what belongs to it, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[dict[str, Any]] = []
        self.status, self.refuses = 200, ""
        self.group: dict[str, Any] = group(1, 0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: Stub

    def _is_signed(self) -> bool:
        said = self.headers["Authorization"]
        signed = re.fullmatch(r"HMAC-SHA256 ApiKey=(\w+), Date=(\S+), salt=(\w+), signature=(\w+)", said)
        right = (
            signed and hmac.new(SECRET.encode(), (signed[2] + signed[3]).encode(), hashlib.sha256).hexdigest()
        )
        return signed is not None and (signed[1], signed[4]) == (KEY, right)

    def do_GET(self) -> None:
        if not self._is_signed() or self.path != f"/messages/v4/groups/{self.server.group['groupId']}":
            return self._say(404, {"errorCode": "NotFound", "errorMessage": self.path})
        return self._say(self.server.status, self.server.group)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/messages/v4/send-many/detail":
            return self._say(404, {"errorCode": "NotFound", "errorMessage": self.path})
        if not self._is_signed():
            return self._say(401, {"errorCode": "SignatureDoesNotMatch", "errorMessage": "signature"})
        self.server.asked.append(body)
        if self.server.status >= 400:
            return self._say(self.server.status, {"errorCode": "Stub", "errorMessage": "as told"})
        failed = []
        if self.server.refuses:
            message = body["messages"][0]
            failed = [
                {
                    "to": message["to"],
                    "from": message["from"],
                    "type": "SMS",
                    "country": "82",
                    "messageId": "M1",
                    "accountId": "1",
                    "statusCode": "1062",
                    "statusMessage": self.server.refuses,
                }
            ]
        return self._say(200, {"groupInfo": group(1, len(failed)), "failedMessageList": failed})

    def _say(self, status: int, what: dict[str, Any]) -> None:
        data = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *said: object) -> None:
        pass


@pytest.fixture
def stub(settings) -> Iterator[Stub]:
    channel.cache_clear()
    with Stub() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        settings.SOLAPI_URL, settings.SOLAPI_KEY, settings.SOLAPI_SECRET = server.url, KEY, SECRET
        settings.SOLAPI_SENDER = "055-749-2114"
        yield server
        server.shutdown()
        thread.join()
    channel.cache_clear()


def test_a_text_message_is_asked_for_as_documented(stub):
    assert Channel().send(MOBILE, "안내입니다.", "k", "any") == "G4V20261126000000STUB"
    [asked] = stub.asked
    [message] = asked["messages"]
    assert (message["to"], message["from"], message["text"]) == ("01099990001", "0557492114", "안내입니다.")
    assert "kakaoOptions" not in message


def test_alimtalk_carries_the_approved_template_and_the_whole_text(stub, settings):
    settings.ALIMTALK_CHANNEL, settings.ALIMTALK_TEMPLATES = "KA01PF1", {"learning_offer": "KA01TP1"}
    way = channel("alimtalk")
    assert way.accepts(MOBILE, "learning_offer")
    assert not way.accepts(MOBILE, "sign_in_code")
    assert not way.accepts(LANDLINE, "learning_offer")
    way.send(MOBILE, "자리가 났습니다.", "k", "learning_offer")
    [message] = stub.asked[0]["messages"]
    assert message["text"] == "자리가 났습니다."
    kakao = message["kakaoOptions"]
    assert (kakao["pfId"], kakao["templateId"], kakao["disableSms"]) == ("KA01PF1", "KA01TP1", False)


@pytest.mark.parametrize(
    ("status", "refuses", "permanent"), [(500, "", False), (429, "", False), (200, "발신번호 미등록", True)]
)
def test_what_the_provider_refuses_is_trouble(stub, status, refuses, permanent):
    stub.status, stub.refuses = status, refuses
    with pytest.raises(ChannelTrouble) as trouble:
        Channel().send(MOBILE, "안내", "k", "any")
    assert trouble.value.permanent is permanent
    assert refuses in str(trouble.value)


def test_a_wrong_secret_is_told(stub, settings):
    settings.SOLAPI_SECRET = "another"
    with pytest.raises(ChannelTrouble, match="SignatureDoesNotMatch"):
        Channel().send(MOBILE, "안내", "k", "any")


@pytest.mark.django_db
def test_the_setting_alone_changes_the_provider(stub, settings):
    for names, channel_name in ((["alimtalk", "solapi"], "solapi"), (["recorded"], "recorded")):
        settings.MESSAGE_CHANNELS = names
        tell(MOBILE, "sign_in_code", {"code": "1"}, key=channel_name)
        send_messages()
        assert Message.objects.get(key=channel_name).channel == channel_name
    assert len(stub.asked) == 1


@pytest.mark.django_db
def test_alimtalk_first_then_text_then_a_call(stub, settings):
    settings.MESSAGE_CHANNELS = ["alimtalk", "solapi"]
    settings.ALIMTALK_CHANNEL, settings.ALIMTALK_TEMPLATES = "KA01PF1", {"learning_offer": "KA01TP1"}
    stub.refuses = "받을 수 없는 번호"
    words = {"course": "스마트폰"}
    tell(MOBILE, "learning_offer", words, key="refused", calls=True)
    tell(LANDLINE, "learning_offer", words, key="landline", calls=True)
    tell(LANDLINE, "learning_offer", words, key="nobody calls")
    send_messages()
    kinds = ["kakaoOptions" in asked["messages"][0] for asked in stub.asked]
    assert kinds == [True, False]
    assert sorted(call.message.key for call in calls.open_calls()) == ["landline", "refused"]
    assert calls.open_calls("repair_").count() == 0
    assert calls.open_calls("repair_", "learning_").count() == 2


@pytest.mark.django_db
def test_only_what_has_failed_for_good_is_called_about(stub, settings):
    settings.MESSAGE_CHANNELS = ["solapi"]
    stub.status = 500
    made = tell(MOBILE, "learning_offer", {}, key="k", calls=True)
    for _ in BACK_OFF:
        send_messages()
        assert not Call.objects.exists()
        Message.objects.update(due_at=made.due_at)
    send_messages()
    assert Call.objects.count() == 1


@pytest.mark.django_db
def test_a_call_is_noted_and_after_three_without_an_answer_given_up(settings):
    settings.MESSAGE_CHANNELS = ["email"]
    made = [tell(LANDLINE, "learning_offer", {}, key=key, calls=True) for key in ("one", "two")]
    send_messages()
    user = make.user()
    assert calls.note(made[0].pk, reached=True, by=user).state == "reached"
    assert calls.note(made[0].pk, reached=False, by=user).tries == 1
    states = [calls.note(made[1].pk, reached=False, by=user).state for _ in range(3)]
    assert states == ["open", "open", "given_up"]
    assert not calls.open_calls().exists()
    assert AccessRecord.objects.filter(identifier=user.username, action="change").count() == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "counts", "arrived"),
    [
        ("SENDING", {"sentPending": 1}, None),
        ("COMPLETE", {"sentTotal": 1, "sentSuccess": 1}, True),
        ("COMPLETE", {"sentTotal": 1, "sentReplacement": 1}, True),
        ("COMPLETE", {"sentTotal": 1}, False),
    ],
)
def test_what_did_not_arrive_is_called_about(stub, settings, status, counts, arrived):
    settings.MESSAGE_CHANNELS = ["solapi"]
    tell(MOBILE, "learning_offer", {}, key="k", calls=True)
    tell(MOBILE, "learning_offer", {}, key="nobody would call")
    send_messages()
    stub.group["status"] = status
    stub.group["count"].update(counts)
    assert ask_what_arrived() == 0
    Message.objects.update(ended_at=timezone.now() - ASKED_AFTER)
    assert ask_what_arrived() == 1
    assert Message.objects.get(key="k").arrived is arrived
    assert Call.objects.count() == (arrived is False)
    assert ask_what_arrived() == (arrived is None)


@pytest.mark.django_db
def test_a_provider_that_is_away_is_asked_again(stub, settings):
    settings.MESSAGE_CHANNELS = ["solapi"]
    tell(MOBILE, "learning_offer", {}, key="k", calls=True)
    send_messages()
    Message.objects.update(ended_at=timezone.now() - ASKED_AFTER)
    stub.status = 500
    assert ask_what_arrived() == 1
    assert Message.objects.get().arrived is None
