"""Sending: rows first, the queue after; by those who may, where they may, and only once."""

import os
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from broadcast.categories import CATEGORIES, Lane
from broadcast.models import Broadcast, ChiefPost, Delivery, Village
from broadcast.publish import SHARD_MIN, publish, resend, shards_for
from broadcast.states import State
from tests import make


@pytest.mark.django_db
def test_publishing_writes_one_row_for_each_active_gateway() -> None:
    author = make.city_operator()
    here, there, elsewhere = make.village(), make.village(), make.village()
    inside = [make.gateway(here), make.gateway(here), make.gateway(there)]
    make.gateway(there, is_active=False)
    make.gateway(elsewhere)
    sent = publish(make.draft(author, [here, there], "wildfire").pk, author)
    assert {d.gateway for d in sent.deliveries.all()} == set(inside)
    assert {d.state for d in sent.deliveries.all()} == {State.WAITING}
    assert sent.lane == Lane.URGENT
    assert sent.expires_at - sent.published_at == CATEGORIES["wildfire"].lasts


@pytest.mark.django_db
@pytest.mark.parametrize("category", CATEGORIES)
def test_urgency_follows_from_the_category(category: str) -> None:
    assert make.published(["http://127.0.0.1:9"], category).lane == CATEGORIES[category].lane


@pytest.mark.django_db
def test_a_second_tap_sends_nothing_more() -> None:
    first = make.published(["http://127.0.0.1:9"])
    again = publish(first.pk, first.author)
    assert again.published_at == first.published_at
    assert first.deliveries.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_the_same_moment_send_once() -> None:
    author = make.city_operator()
    draft = make.draft(author, [make.gateway().village])
    start = threading.Barrier(4)

    def tap() -> None:
        start.wait(10)
        publish(draft.pk, author)
        connection.close()

    taps = [threading.Thread(target=tap) for _ in range(4)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert draft.deliveries.count() == 1


@pytest.mark.django_db
def test_nobody_sends_anothers_draft() -> None:
    author = make.city_operator()
    draft = make.draft(author, [make.village()])
    with pytest.raises(Broadcast.DoesNotExist):
        publish(draft.pk, make.city_operator())


@pytest.mark.django_db
def test_a_chief_reaches_their_own_village_only_and_no_longer_than_their_post() -> None:
    own, other = make.gateway().village, make.gateway().village
    chief = make.chief(own)
    assert set(Village.objects.for_user(chief)) == {own}
    with pytest.raises(PermissionDenied, match="마을"):
        publish(make.draft(chief, [own, other]).pk, chief)
    draft = make.draft(chief, [own])
    ChiefPost.objects.filter(user=chief).update(
        revoked_at=timezone.now(), revoked_by=make.city_operator(), revoked_reason="임기 끝"
    )
    with pytest.raises(PermissionDenied):
        publish(draft.pk, chief)
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_a_clerk_reaches_the_office_s_villages_and_the_city_all() -> None:
    munsan, geumsan = make.district("문산읍"), make.district("금산면")
    here, there = make.village(munsan), make.village(geumsan)
    assert set(Village.objects.for_user(make.clerk(munsan))) == {here}
    assert set(Village.objects.for_user(make.city_operator())) == {here, there}
    assert not Village.objects.for_user(make.user()).exists()


@pytest.mark.django_db
def test_who_sees_a_broadcast() -> None:
    munsan, geumsan = make.district("문산읍"), make.district("금산면")
    here, there = make.gateway(make.village(munsan)).village, make.gateway(make.village(geumsan)).village
    chief = make.chief(here)
    draft = make.draft(chief, [here])

    def sees(who: object) -> bool:
        return Broadcast.objects.for_user(who).filter(pk=draft.pk).exists()  # type: ignore[arg-type]

    assert sees(chief)
    assert not sees(make.clerk(munsan)), "a draft is its author's alone"
    publish(draft.pk, chief)
    assert sees(make.clerk(munsan))
    assert sees(make.city_operator())
    assert not sees(make.clerk(geumsan))
    assert not sees(make.chief(there))


@pytest.mark.django_db
def test_a_resend_goes_where_it_was_not_heard_and_only_to_ones_own() -> None:
    here, there = make.gateway().village, make.gateway(make.village(make.district("금산면"))).village
    author = make.city_operator()
    sent = publish(make.draft(author, [here, there]).pk, author)
    sent.deliveries.update(state=State.UNREACHED, attempts=8, ended_at=timezone.now())
    assert resend(sent.pk, make.clerk()) == 1
    assert sent.deliveries.get(state=State.WAITING).gateway.village == here
    sent.deliveries.update(state=State.PLAYED)
    assert resend(sent.pk, author) == 0
    with pytest.raises(Broadcast.DoesNotExist):
        resend(sent.pk, make.user())
    with pytest.raises(Broadcast.DoesNotExist):
        resend(uuid.uuid4(), author)


@pytest.mark.django_db
def test_a_resend_lasts_anew() -> None:
    sent = make.published(["http://127.0.0.1:9"])
    Broadcast.objects.update(
        published_at=timezone.now() - timedelta(hours=3), expires_at=timezone.now() - timedelta(hours=1)
    )
    sent.deliveries.update(state=State.EXPIRED)
    assert resend(sent.pk, sent.author) == 1
    sent.refresh_from_db()
    assert sent.expires_at > timezone.now()


def test_a_few_wide_shards(settings) -> None:
    settings.DISPATCH_SHARDS = 2
    assert [shards_for(n) for n in (0, 1, 358, SHARD_MIN, SHARD_MIN + 1, 37_000)] == [1, 1, 1, 1, 2, 2]


@pytest.mark.django_db
def test_publishing_costs_the_same_number_of_queries_for_one_village_and_for_thirty(
    django_assert_num_queries,
) -> None:
    author = make.city_operator()
    for villages in (1, 3, 30):
        draft = make.draft(author, [make.gateway().village for _ in range(villages)])
        author.__dict__.pop("_roles", None)
        with django_assert_num_queries(11):
            publish(draft.pk, author)


@pytest.fixture(params=["away", "silent"])
def no_redis(request) -> Iterator[str]:
    """Nothing answers there, or something that takes every connection and never says a word."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        if request.param == "silent":
            nobody.listen(64)
        yield f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"


@pytest.mark.django_db(transaction=True)
def test_redis_being_away_is_no_error_to_the_person_who_sends(no_redis: str) -> None:
    author = make.city_operator()
    draft = make.draft(author, [make.gateway().village])
    name = connection.settings_dict["NAME"]
    script = (
        "import django; django.setup()\n"
        "from broadcast.publish import publish\n"
        "from people.models import User\n"
        f"print(publish({str(draft.pk)!r}, User.objects.get(pk={str(author.pk)!r})).published_at)\n"
    )
    base = os.environ["DATABASE_URL"]
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={
            **os.environ,
            "DATABASE_URL": base.replace(name.removeprefix("test_").split("_gw")[0], name),
            "REDIS_URL": no_redis,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "is found by a sweep" in done.stderr
    assert draft.deliveries.get().state == State.WAITING
