"""Text messages of a village: to whom, when, how often, and how they stop."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcast import subscriptions, text_news
from broadcast.cancel import cancel
from broadcast.compose import NO_TEXT, add_text
from broadcast.models import Broadcast, Subscription, Village
from broadcast.publish import publish
from broadcast.subscriptions import confirm, forget_stopped, stop, tell_all
from broadcast.tasks import tell_listeners
from jinju_portal.schedule import SCHEDULE
from people.channels import channel
from people.models import Message, PhoneCode
from people.outbox import tell
from people.phone_codes import TooMany, WrongCode, send_code
from people.tasks import claim, send_messages
from tests import make

pytestmark = pytest.mark.django_db

PHONE = "+821099990001"


def digits() -> str:
    """As they came to the phone."""
    return Message.objects.filter(template="sign_in_code").latest("created_at").text.split()[2]


def subscribed(village: Village, phone: str = PHONE, urgent_only: bool = False) -> Subscription:
    code = send_code(phone, None)
    return confirm(str(code.pk), digits(), village, urgent_only=urgent_only)


def sent(*villages: Village, category: str = "rain", **fields: object) -> Broadcast:
    by = make.city_operator()
    return publish(make.draft(by, villages, category, **fields).pk, by)


def news(**fields: object) -> list[Message]:
    return list(Message.objects.filter(template="news", **fields).order_by("created_at"))


@pytest.fixture(autouse=True)
def recorded() -> None:
    channel("recorded").asked.clear()


@pytest.fixture
def village() -> Village:
    return make.gateway().village


def test_who_showed_their_phone_gets_what_is_said(village: Village) -> None:
    mine = subscribed(village)
    about = sent(village, text="비가 많이 옵니다. <냇가> & 다리")
    assert tell_all() == 1
    [message] = news()
    assert message.to == PHONE
    assert "긴급 · 호우·홍수" in message.text
    assert "비가 많이 옵니다. <냇가> & 다리" in message.text
    assert f"/broadcast/listen/{village.pk}/" in message.text
    assert f"/s/{mine.token}/" in message.text
    assert message.expires_at == about.expires_at
    assert tell_all() == 0
    assert len(news()) == 1


def test_a_run_that_died_is_done_again_and_nobody_gets_two(village: Village) -> None:
    subscribed(village)
    sent(village)
    tell_all()
    Broadcast.objects.update(told_at=None)
    assert tell_all() == 1
    assert len(news()) == 1


def test_nobody_is_told_who_did_not_ask(village: Village) -> None:
    elsewhere = make.gateway().village
    subscribed(elsewhere)
    sent(village)
    tell_all()
    assert news() == []


def test_one_message_for_one_phone_however_many_villages(village: Village) -> None:
    other = make.gateway().village
    subscribed(village)
    subscribed(other)
    sent(village, other)
    tell_all()
    assert len(news()) == 1


def test_urgent_only_is_urgent_only(village: Village) -> None:
    subscribed(village, urgent_only=True)
    sent(village, category="life")
    tell_all()
    assert news() == []
    sent(village, category="wildfire")
    tell_all()
    assert len(news()) == 1


@pytest.mark.parametrize("category", ["missing", "test"])
def test_what_names_somebody_and_link_tests_are_never_texted(village: Village, category: str) -> None:
    subscribed(village)
    sent(village, category=category)
    tell_all()
    assert news() == []
    assert Broadcast.objects.get().told_at is not None


def test_what_is_of_no_use_any_more_is_not_texted(village: Village) -> None:
    subscribed(village)
    sent(village)
    past = timezone.now() - timedelta(days=1)
    Broadcast.objects.update(published_at=past, expires_at=past + timedelta(hours=1))
    tell_all()
    assert news() == []


def test_a_voice_says_where_to_hear_it_and_its_words_follow_once_written(village: Village) -> None:
    subscribed(village)
    about = sent(village, text=NO_TEXT)
    tell_all()
    assert "아래 주소에서 들으실 수 있습니다" in news()[0].text
    add_text(about.pk, about.author, "냇가에 가지 마세요.")
    tell_all()
    tell_all()
    assert [("냇가에 가지 마세요." in message.text) for message in news()] == [False, True]


def test_a_long_text_fits_into_a_text_message(village: Village) -> None:
    subscribed(village)
    sent(village, text="가" * 1000)
    tell_all()
    text = news()[0].text
    assert text_news.size(text) <= 2000
    assert "…" in text
    assert "/s/" in text


def test_codes_first_then_urgent_ones_then_the_rest(village: Village, monkeypatch) -> None:
    monkeypatch.setattr(text_news, "due_at", lambda urgent, now: now)
    monkeypatch.setattr(subscriptions, "due_at", text_news.due_at)
    subscribed(village)
    Message.objects.all().delete()
    sent(village, category="life")
    tell_all()
    sent(village, category="wildfire")
    tell_all()
    tell(PHONE, "sign_in_code", {"code": "1"}, key="late")
    taken = []
    while (one := claim()) is not None:
        taken.append(one.turn)
    assert taken == [0, 1, 2]


def test_taken_back_before_it_went_out_it_does_not_go_out(village: Village) -> None:
    subscribed(village)
    Message.objects.all().delete()
    about = sent(village)
    tell_all()
    cancel(about.pk, about.author, "잘못 보냄")
    assert tell_all() == 1
    send_messages()
    assert news()[0].state == Message.State.FAILED
    assert not Message.objects.filter(template="news_taken_back").exists()
    assert tell_all() == 0


def test_taken_back_afterwards_who_has_it_is_told(village: Village) -> None:
    subscribed(village)
    about = sent(village)
    tell_all()
    send_messages()
    cancel(about.pk, about.author, "잘못 보냄")
    tell_all()
    told = Message.objects.get(template="news_taken_back")
    assert told.to == PHONE
    assert "따르지 마세요" in told.text


def test_a_correction_says_that_it_is_one(village: Village) -> None:
    subscribed(village)
    first = sent(village)
    sent(village, corrects=first)
    tell_all()
    assert sorted("바로잡습니다" in message.text for message in news()) == [False, True]


def test_once_more_is_the_same_subscription_with_the_new_wish(village: Village) -> None:
    first = subscribed(village)
    again = subscribed(village, urgent_only=True)
    assert again.pk == first.pk
    assert Subscription.objects.get().urgent_only
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(village=village, phone=PHONE, phone_index=first.phone_index)


def test_a_wrong_code_and_an_old_one_subscribe_nobody(village: Village) -> None:
    code = send_code(PHONE, None)
    right = digits()
    wrong = "000000" if right != "000000" else "111111"
    with pytest.raises(WrongCode):
        confirm(str(code.pk), wrong, village, urgent_only=False)
    PhoneCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(WrongCode):
        confirm(str(code.pk), right, village, urgent_only=False)
    assert not Subscription.objects.exists()


def test_a_code_subscribes_once(village: Village) -> None:
    code = send_code(PHONE, None)
    right = digits()
    confirm(str(code.pk), right, village, urgent_only=False)
    with pytest.raises(WrongCode):
        confirm(str(code.pk), right, make.village(), urgent_only=False)


def test_codes_are_limited_as_for_signing_in(village: Village, settings) -> None:
    settings.PHONE_CODE_LIMITS = [(1, 3600)]
    send_code(PHONE, "127.0.0.1")
    with pytest.raises(TooMany):
        send_code(PHONE, "127.0.0.1")


def test_stopped_means_no_more_not_even_what_waits(village: Village) -> None:
    mine = subscribed(village)
    Message.objects.all().delete()
    sent(village)
    tell_all()
    stop(mine, everywhere=False)
    send_messages()
    assert news()[0].state == Message.State.FAILED
    sent(village)
    tell_all()
    assert len(news()) == 1


def test_stopped_and_wished_again(village: Village) -> None:
    mine = subscribed(village)
    stop(mine, everywhere=False)
    again = subscribed(village)
    assert again.pk != mine.pk
    assert again.token != mine.token
    sent(village)
    tell_all()
    assert len(news()) == 1


def test_one_village_or_all(village: Village) -> None:
    other = make.gateway().village
    here, there = subscribed(village), subscribed(other)
    stranger = subscribed(village, "+821099990002")
    stop(here, everywhere=False)
    assert list(Subscription.objects.filter(stopped_at=None).order_by("asked_at")) == [there, stranger]
    stop(here, everywhere=True)
    assert list(Subscription.objects.filter(stopped_at=None)) == [stranger]


def test_who_stopped_is_forgotten(village: Village) -> None:
    mine = subscribed(village)
    stop(mine, everywhere=False)
    assert forget_stopped() == 0
    Subscription.objects.update(stopped_at=timezone.now() - timedelta(days=31))
    assert forget_stopped() == 1
    assert make.destroyed() == [("방송 문자를 받는 전화번호", 1)]


def test_thousands_are_told_in_few_statements(village: Village) -> None:
    """Two statements a batch, not one a person."""

    def questions(people: int) -> int:
        Subscription.objects.all().delete()
        Subscription.objects.bulk_create(
            Subscription(village=village, phone=PHONE, phone_index=f"{n:064}", confirmed_at=timezone.now())
            for n in range(people)
        )
        sent(village)
        with CaptureQueriesContext(connection) as asked:
            tell_all()
        return len(asked)

    few, many = questions(3), questions(1200)
    assert len(news()) == 1203
    assert many - few <= 2 * (1200 // 500)


def test_the_worker_is_asked_to_tell_them(village: Village) -> None:
    assert tell_listeners.name in {entry["task"] for entry in SCHEDULE.values()}
    subscribed(village)
    sent(village)
    tell_listeners()
    assert len(news()) == 1
