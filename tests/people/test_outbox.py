"""A message is a row first. It goes out once, waits while the way is shut, and ends."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from people import channels, tasks
from people.accounts import close_account, create_phone_user
from people.channels import ChannelTrouble, channel, solapi
from people.models import Message, User
from people.outbox import tell
from people.phone_codes import send_code
from people.tasks import BACK_OFF, attempt, claim, forget, send_messages
from privacy.models import AccessRecord
from tests import make

State = Message.State
PHONE = "+821099990001"


class Shut:
    """A channel that fails as told."""

    def __init__(self, permanent: bool) -> None:
        self.permanent, self.asked = permanent, 0

    def accepts(self, to: str, template: str) -> bool:
        return True

    def send(self, to: str, text: str, key: str, template: str) -> str:
        self.asked += 1
        raise ChannelTrouble("shut", permanent=self.permanent)


@pytest.fixture(autouse=True)
def recorded() -> Iterator[list]:
    asked = channel("recorded").asked
    asked.clear()
    yield asked
    channel.cache_clear()


@pytest.fixture
def use(settings, monkeypatch):
    def put(**ways: object) -> None:
        known = dict(ways)
        monkeypatch.setattr(channels, "channel", lambda name: known.get(name) or channel(name))
        settings.MESSAGE_CHANNELS = list(ways)

    return put


def message(key: str = "k", to: str = PHONE) -> Message:
    return tell(to, "sign_in_code", {"code": "123456"}, key=key)


@pytest.mark.django_db
def test_twice_told_twice_run_goes_once(recorded) -> None:
    assert message() == message()
    assert send_messages() == 1
    assert send_messages() == 0
    assert [(to, key) for to, _, key in recorded] == [(PHONE, "k")]
    assert "123456" in recorded[0][1]
    sent = Message.objects.get()
    assert (sent.state, sent.channel, sent.claim) == (State.SENT, "recorded", None)
    assert sent.ended_at is not None


@pytest.mark.django_db
def test_one_message_can_be_sent_at_once(recorded) -> None:
    first, second = message("1"), message("2")
    assert send_messages(str(second.pk)) == 1
    assert [key for _, _, key in recorded] == ["2"]
    assert send_messages(str(second.pk)) == 0
    assert send_messages(str(first.pk)) == 1


@pytest.mark.django_db
def test_what_did_not_happen_is_not_told() -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        message()
        raise Undone
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_worker_that_dies_between_claim_and_send_heals(recorded) -> None:
    message()
    dead = claim()
    assert dead is not None
    assert send_messages() == 0
    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert send_messages() == 1
    assert len(recorded) == 1
    # The dead one wakes up late: what it writes counts no more.
    Message.objects.update(reference="ours")
    from people.tasks import finish

    finish(dead, state=State.FAILED)
    assert Message.objects.get().state == State.SENT


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_different_messages() -> None:
    for n in range(6):
        message(str(n))
    start, taken = Barrier(2), []

    def work() -> None:
        start.wait()
        while (one := claim()) is not None:
            taken.append(one.key)
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == [str(n) for n in range(6)]


@pytest.mark.django_db
def test_a_shut_way_is_tried_again_later_and_in_the_end_not(use) -> None:
    shut = Shut(permanent=False)
    use(shut=shut)
    message()
    for wait in BACK_OFF:
        before = timezone.now()
        assert send_messages() == 1
        waiting = Message.objects.get()
        assert waiting.state == State.WAITING
        assert waiting.due_at >= before + wait
        assert send_messages() == 0
        Message.objects.update(due_at=before)
    assert send_messages() == 1
    ended = Message.objects.get()
    assert (ended.state, ended.trouble) == (State.FAILED, "shut: shut")
    assert shut.asked == len(BACK_OFF) + 1


@pytest.mark.django_db
def test_the_next_channel_is_tried_and_a_final_no_is_final(use, recorded) -> None:
    use(shut=Shut(permanent=True), recorded=channel("recorded"))
    message("1")
    send_messages()
    assert Message.objects.get().channel == "recorded"
    use(shut=Shut(permanent=True))
    message("2")
    send_messages()
    assert Message.objects.get(key="2").state == State.FAILED


@pytest.mark.django_db
def test_a_slow_provider_ends_the_run_and_the_rest_waits(use, monkeypatch) -> None:
    class Slow(Shut):
        def send(self, to: str, text: str, key: str, template: str) -> str:
            Event().wait(0.05)
            return super().send(to, text, key, template)

    use(slow=Slow(permanent=True))
    monkeypatch.setattr(tasks, "TOGETHER", 1)
    monkeypatch.setattr(tasks, "BUDGET", timedelta(seconds=0.01))
    for n in range(3):
        message(str(n))
    assert send_messages() == 1
    assert Message.objects.filter(state=State.WAITING).count() == 2
    assert send_messages() == 1


@pytest.mark.django_db
def test_one_run_sends_several_at_the_same_time(use) -> None:
    all_here = Barrier(tasks.TOGETHER)

    class Together(Shut):
        def send(self, to: str, text: str, key: str, template: str) -> str:
            all_here.wait(10)  # breaks, and fails the test, unless all of them are being sent
            return key

    use(together=Together(permanent=False))
    for n in range(tasks.TOGETHER):
        message(str(n))
    assert send_messages() == tasks.TOGETHER
    assert {(row.state, row.reference == row.key) for row in Message.objects.all()} == {(State.SENT, True)}


@pytest.mark.django_db
def test_one_that_breaks_the_run_loses_none_of_the_others(use) -> None:
    class Broken(Shut):
        def send(self, to: str, text: str, key: str, template: str) -> str:
            if key == "1":
                raise RuntimeError("nobody foresaw this")
            return key

    use(broken=Broken(permanent=False))
    for n in range(3):
        message(str(n))
    with pytest.raises(RuntimeError):
        send_messages()
    states = dict(Message.objects.values_list("key", "state"))
    assert states == {"0": State.SENT, "1": State.SENDING, "2": State.SENT}


@pytest.mark.django_db(transaction=True)
def test_one_run_at_a_time(use, monkeypatch) -> None:
    monkeypatch.setattr(tasks, "TOGETHER", 1)
    begun, go_on, tried = Event(), Event(), []

    class Held(Shut):
        def send(self, to: str, text: str, key: str, template: str) -> str:
            begun.set()
            go_on.wait(10)
            return "sent"

    use(held=Held(permanent=False))
    for n in range(2):
        message(str(n))

    def work() -> None:
        tried.append(send_messages())
        connection.close()

    first = Thread(target=work)
    first.start()
    assert begun.wait(10)
    other = Message.objects.get(state=State.WAITING)
    assert (send_messages(), send_messages(str(other.pk))) == (0, 0)
    go_on.set()
    first.join()
    assert tried == [2]
    assert send_messages() == 0


@pytest.mark.django_db
def test_solapi_is_not_waited_for_forever(settings, monkeypatch) -> None:
    never = Event()
    settings.SOLAPI_KEY = settings.SOLAPI_SECRET = "k"
    settings.SOLAPI_SENDER = "0557492114"
    settings.MESSAGE_CHANNELS = ["solapi"]
    monkeypatch.setattr(solapi, "ANSWER", 0.01)
    monkeypatch.setattr(solapi.SolapiMessageService, "send", lambda self, message: never.wait(10))
    message()
    send_messages()
    never.set()
    waiting = Message.objects.get()
    assert (waiting.state, waiting.trouble) == (State.WAITING, "solapi: no answer within 0.01 s")


@pytest.mark.django_db
def test_what_is_too_late_is_not_sent(recorded) -> None:
    code = send_code(PHONE, None)
    Message.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    send_messages()
    assert Message.objects.get().state == State.FAILED
    assert recorded == []
    assert code.used_at is None


@pytest.mark.django_db
def test_codes_and_their_texts_are_forgotten_after_a_day() -> None:
    code = send_code(PHONE, None)
    message("other")
    forget()
    assert type(code).objects.count() == 1
    type(code).objects.update(created_at=timezone.now() - timedelta(hours=25))
    Message.objects.update(created_at=timezone.now() - timedelta(hours=25))
    forget()
    assert not type(code).objects.exists()
    assert not Message.objects.filter(template="sign_in_code").exists()
    assert make.destroyed() == [("휴대전화 확인 번호", 1), ("보낸 인증번호", 2)]


@pytest.mark.django_db
def test_sent_messages_are_forgotten_after_a_year() -> None:
    tell(PHONE, "sign_in_code", {"code": "1"}, key="k")
    Message.objects.update(template="other", ended_at=timezone.now() - timedelta(days=364))
    forget()
    assert Message.objects.exists()
    Message.objects.update(ended_at=timezone.now() - timedelta(days=366))
    forget()
    assert not Message.objects.exists()
    assert make.destroyed() == [("보낸 알림", 1)]


@pytest.mark.django_db
def test_who_left_is_forgotten_after_three_years() -> None:
    boss = make.user()
    users = [create_phone_user(f"010-9999-000{n}", "예시 이장") for n in (1, 2)]
    for user, years in zip(users, (2, 4), strict=True):
        close_account(user, reason="임기 끝", by=boss)
        User.objects.filter(pk=user.pk).update(closed_at=timezone.now() - timedelta(days=365 * years))
    forget()
    forget()
    kept, gone = (User.objects.get(pk=user.pk) for user in users)
    assert (kept.name, kept.phone) == ("예시 이장", "+821099990001")
    assert (gone.name, gone.phone, gone.phone_index) == ("", "", None)
    assert gone.username != users[1].username
    assert AccessRecord.objects.filter(action="delete", subjects=[f"people.user:{gone.pk}"]).count() == 1
    assert make.destroyed() == [("직원과 이장 계정", 1)]


@pytest.mark.django_db
def test_where_somebody_was_signed_in_is_forgotten_with_the_session(client) -> None:
    user = make.user()
    make.signed_in(client, user)
    for key in (client.session.session_key, "ended"):
        UserSession.objects.create(user=user, session_key=key, ip="192.0.2.7", user_agent="x")
    UserSession.objects.update(created_at=timezone.now() - timedelta(hours=2))
    forget()
    assert UserSession.objects.get().session_key == client.session.session_key
    assert make.destroyed() == [("로그인한 기기", 1)]


@pytest.mark.django_db
def test_email_goes_through_djangos_backend(settings) -> None:
    settings.MESSAGE_CHANNELS = ["solapi", "email"]
    message(to="clerk@example.org")
    send_messages()
    (sent,) = mail.outbox
    assert sent.to == ["clerk@example.org"]
    assert "123456" in sent.subject
    assert Message.objects.get().channel == "email"


@pytest.mark.django_db
def test_without_its_keys_solapi_waits_and_says_why(settings) -> None:
    settings.MESSAGE_CHANNELS = ["solapi", "email"]
    message()
    send_messages()
    waiting = Message.objects.get()
    assert waiting.state == State.WAITING
    assert "SOLAPI_KEY" in waiting.trouble


@pytest.mark.django_db
def test_an_address_that_no_channel_reaches_fails_at_once(settings) -> None:
    settings.MESSAGE_CHANNELS = ["email"]
    made = message()
    taken = claim()
    assert taken is not None
    attempt(taken)
    made.refresh_from_db()
    assert (made.state, made.trouble) == (State.FAILED, "no channel reaches this address")
