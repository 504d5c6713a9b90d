"""After a restore nothing old is heard, and what was heard stays as it was."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from broadcast import claims, delivery
from broadcast.models import Delivery, Gateway
from broadcast.states import State
from tests import make

pytestmark = pytest.mark.django_db


def test_what_was_under_way_ends_and_does_not_come_back() -> None:
    states = [State.WAITING, State.SENDING, State.UNREACHED, State.UNKNOWN, State.ACCEPTED, State.PLAYED]
    sent = make.published(["http://127.0.0.1:9"] * len(states), "missing")
    for row, state in zip(sent.deliveries.order_by("pk"), states, strict=True):
        ended = timezone.now() if state in (State.UNREACHED, State.UNKNOWN, State.PLAYED) else None
        Delivery.objects.filter(pk=row.pk).update(state=state, ended_at=ended)
    said = io.StringIO()
    call_command("end_waiting", stdout=said)
    assert "3건" in said.getvalue()
    Gateway.objects.update(seen_at=timezone.now())
    assert delivery.try_again_where_they_are_back() == 0
    assert list(sent.deliveries.order_by("pk").values_list("state", "reason")) == [
        *[(State.EXPIRED, "expired")] * 3,
        (State.UNKNOWN, ""),
        (State.ACCEPTED, ""),
        (State.PLAYED, ""),
    ]
    assert claims.claim_due(sent.lane).targets == {}
