"""Pushing to real HTTP servers that behave well, badly, or not at all."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from broadcast import claims, delivery, dispatch
from broadcast.categories import Lane
from broadcast.models import Claim, Delivery
from broadcast.publish import resend
from broadcast.states import State
from tests import make

from . import boxes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server() -> Iterator[boxes.Boxes]:
    with boxes.running() as running:
        yield running


QUICK = dispatch.Pass(timeout=0.5)


def outcome(server: boxes.Boxes, *behaviours: str, how: dispatch.Pass = QUICK) -> dict[str, Delivery]:
    """Publish to one gateway per behaviour, push, and return the deliveries by behaviour."""
    broadcast = make.published([server.address(b) for b in behaviours])
    dispatch.push(claims.claim_shard(broadcast.pk, 0), how)
    rows = Delivery.objects.filter(broadcast=broadcast).select_related("gateway")
    return {row.gateway.address.rpartition("/")[2]: row for row in rows}


def test_a_good_gateway_gets_a_signed_command_and_counts_as_accepted(server: boxes.Boxes) -> None:
    row = outcome(server, "good-1")["good-1"]
    assert (row.state, row.reason, row.attempts) == (State.ACCEPTED, "", 1)
    assert row.accepted_at
    assert row.claim is None
    how, headers, body = next(p for p in reversed(server.pushes) if p[0] == "good-1")
    command = json.loads(body)
    assert command["delivery"] == str(row.pk)
    assert command["audio"]["sha256"] == row.broadcast.recording.sha256
    assert boxes.verified(row.gateway.keys.get().secret, f"/{how}/v1/commands", headers, body)


@pytest.mark.parametrize(
    ("how", "state", "reason"),
    [
        ("again", State.ACCEPTED, ""),
        ("hang", State.WAITING, "hung"),
        ("nonsense", State.WAITING, "bad_answer"),
        ("wrongid", State.WAITING, "bad_answer"),
        ("list", State.WAITING, "bad_answer"),
        ("deep", State.WAITING, "bad_answer"),
        ("endless", State.WAITING, "bad_answer"),
        ("redirect", State.WAITING, "redirected"),
        ("error", State.WAITING, "device_error"),
        ("busy", State.WAITING, "device_error"),
        ("refuse", State.WAITING, "refused"),
        ("reset", State.WAITING, "no_answer"),
        ("unknown", State.UNREACHED, "refused"),
    ],
)
def test_what_a_gateway_answers_becomes_a_state(
    server: boxes.Boxes, how: str, state: State, reason: str
) -> None:
    row = outcome(server, how)[how]
    assert (row.state, row.reason) == (state, reason)
    if state == State.WAITING:
        pause = 40 if how == "busy" else delivery.PAUSES[0]
        assert timedelta(0) < row.due_at - timezone.now() <= timedelta(seconds=pause)
    assert not server.pushed_to("good-redirected"), "no redirect is followed"


def test_a_refused_connection_is_tried_again() -> None:
    broadcast = make.published(["http://127.0.0.1:9"])
    dispatch.push(claims.claim_shard(broadcast.pk, 0), QUICK)
    row = Delivery.objects.get()
    assert (row.state, row.reason) == (State.WAITING, "no_answer")


def test_the_portal_gives_up_after_the_last_pause_and_a_resend_starts_anew(server: boxes.Boxes) -> None:
    broadcast = make.published([server.address("error")])
    for _ in range(len(delivery.PAUSES) + 1):
        Delivery.objects.update(due_at=timezone.now())
        dispatch.push(claims.claim_due(Lane.ROUTINE), QUICK)
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.attempts) == (
        State.UNREACHED,
        "device_error",
        len(delivery.PAUSES) + 1,
    )
    assert row.ended_at
    assert not claims.claim_due(Lane.ROUTINE).targets
    assert resend(broadcast.pk, broadcast.author) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.ended_at) == (State.WAITING, 0, None)


def test_live_gateways_do_not_wait_for_hanging_ones(server: boxes.Boxes, settings) -> None:
    """With a window of two, both places taken by hanging ones, the live ones still go out before those end."""
    settings.ROUTINE_WINDOW = 2
    behaviours = ["hang-1", "hang-2", *(f"good-{n}" for n in range(20, 26))]
    rows = outcome(server, *behaviours, how=dispatch.Pass(timeout=4.0))
    assert {rows[b].state for b in behaviours[2:]} == {State.ACCEPTED}
    arrived = [how for how, _, _ in server.pushes if how in behaviours]
    assert sorted(arrived[-8:]) == sorted(behaviours), "each was pushed to once"
    live_by = max(rows[b].accepted_at for b in behaviours[2:])
    assert live_by < min(rows[b].due_at for b in behaviours[:2])


def test_rows_are_claimed_once_held_for_a_lease_and_taken_back_after_it(server: boxes.Boxes) -> None:
    broadcast = make.published([server.address("good-held")])
    first = claims.claim_shard(broadcast.pk, 0)
    assert len(first.targets) == 1
    assert not claims.claim_shard(broadcast.pk, 0).targets
    assert claims.take_back() == 0
    Claim.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert claims.take_back() == 1
    assert delivery.lanes_with_work() == [Lane.ROUTINE]
    second = claims.claim_due(Lane.ROUTINE)
    assert len(second.targets) == 1
    # What the first worker writes after it was given up for dead changes nothing.
    from broadcast.gateways import Answer

    delivery.write(first.id, [(d, Answer(State.UNREACHED, "refused")) for d in first.targets])
    assert Delivery.objects.get().state == State.SENDING


def test_nothing_is_pushed_after_the_broadcast_ends(server: boxes.Boxes) -> None:
    broadcast = make.published([server.address("good-late")])
    type(broadcast).objects.update(
        published_at=timezone.now() - timedelta(hours=3), expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert not claims.claim_shard(broadcast.pk, 0).targets
    assert not claims.claim_due(Lane.ROUTINE).targets
    assert delivery.expire() == 1
    row = Delivery.objects.get()
    assert (row.state, row.reason) == (State.EXPIRED, "expired")
    assert not server.pushed_to("good-late")


def test_a_fresh_first_try_is_left_to_its_task_and_a_lost_one_is_found() -> None:
    make.published(["http://127.0.0.1:9"])
    assert delivery.lanes_with_work() == []
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=delivery.LOST_AFTER + 1))
    assert delivery.lanes_with_work() == [Lane.ROUTINE]


def test_a_key_is_used_from_when_the_box_has_it(server: boxes.Boxes) -> None:
    broadcast = make.published([server.address("good-key")])
    gateway = broadcast.deliveries.get().gateway
    second = make.gateway_key(gateway, number=2)
    assert next(iter(claims.claim_shard(broadcast.pk, 0).targets.values())).key.number == 1
    second.used_at = timezone.now()
    second.save(update_fields=["used_at"])
    Delivery.objects.update(state=State.WAITING)
    assert next(iter(claims.claim_shard(broadcast.pk, 0).targets.values())).key.number == 2


def test_a_box_that_takes_a_command_and_falls_silent_is_doubted_and_may_be_sent_again() -> None:
    broadcast = make.published(["http://127.0.0.1:9"] * 3)
    accepted, playing, fresh = broadcast.deliveries.all()
    long_ago = timezone.now() - timedelta(hours=1)
    Delivery.objects.filter(pk=accepted.pk).update(state=State.ACCEPTED, accepted_at=long_ago)
    Delivery.objects.filter(pk=playing.pk).update(
        state=State.PLAYING, accepted_at=long_ago, playing_at=timezone.now()
    )
    Delivery.objects.filter(pk=fresh.pk).update(state=State.ACCEPTED, accepted_at=timezone.now())
    assert delivery.doubt() == 1
    accepted.refresh_from_db()
    assert (accepted.state, accepted.reason) == (State.UNKNOWN, "no_receipt")
    Delivery.objects.filter(pk=playing.pk).update(playing_at=long_ago)
    assert delivery.doubt() == 1
    assert resend(broadcast.pk, broadcast.author) == 2


def test_a_box_that_was_given_up_and_is_back_gets_what_is_still_true(server: boxes.Boxes) -> None:
    broadcast = make.published([server.address("good-back"), server.address("good-away")])
    rows = {row.gateway.address.rpartition("/")[2]: row for row in broadcast.deliveries.all()}
    Delivery.objects.update(state=State.UNREACHED, reason="hung", attempts=8, ended_at=timezone.now())
    assert delivery.try_again_where_they_are_back() == 0
    gateway = rows["good-back"].gateway
    gateway.seen_at = timezone.now()
    gateway.save()
    assert delivery.try_again_where_they_are_back() == 1
    assert delivery.lanes_with_work() == [Lane.ROUTINE]
    dispatch.push(claims.claim_due(Lane.ROUTINE), QUICK)
    rows["good-back"].refresh_from_db()
    assert rows["good-back"].state == State.ACCEPTED
    assert not server.pushed_to("good-away")


def test_a_gateway_that_is_taken_out_of_use_gets_nothing_more(server: boxes.Boxes) -> None:
    broadcast = make.published([server.address("good-retired")])
    gateway = broadcast.deliveries.get().gateway
    gateway.is_active = False
    gateway.save()
    assert not claims.claim_shard(broadcast.pk, 0).targets
    assert delivery.expire() == 1
    row = broadcast.deliveries.get()
    assert (row.state, row.reason) == (State.UNREACHED, "inactive")
    assert resend(broadcast.pk, broadcast.author) == 0
    assert not server.pushed_to("good-retired")
