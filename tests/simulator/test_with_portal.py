"""Both halves of the protocol, each written from its page: the portal's dispatch and API, the simulator's program."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broadcast import claims, dispatch
from broadcast.models import Broadcast, Delivery, Gateway, Receipt
from broadcast.publish import publish
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def simulator(gateways: list[Gateway], portal: str, folder: Path, *flags: str) -> Iterator[None]:
    """Boxes for these gateways, which get their addresses."""
    keys = [
        {"code": g.code, "key": str(k.number), "secret": k.secret} for g in gateways for k in g.keys.all()
    ]
    (folder / "gateways.json").write_text(json.dumps(keys))
    command = [sys.executable, "-m", "broadcast.simulator", f"--gateways={folder / 'gateways.json'}"]
    with subprocess.Popen(
        [*command, f"--portal={portal}", "--listen=127.0.0.1:0", *flags], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        address = process.stdout.readline().split()[-1]
        for gateway in gateways:
            gateway.address = f"{address}/{gateway.code}"
            gateway.save(update_fields=["address"])
        try:
            yield
        finally:
            process.terminate()


def sent(gateways: list[Gateway]) -> Broadcast:
    author = make.city_operator()
    draft = make.draft(author, [gateway.village for gateway in gateways], "wildfire")
    broadcast = publish(draft.pk, author)
    dispatch.push(claims.claim_shard(broadcast.pk, 0), dispatch.FIRST_TRY)
    return broadcast


def all_are(state: str, broadcast: Broadcast) -> list[Delivery]:
    until = time.monotonic() + 20
    rows = Delivery.objects.filter(broadcast=broadcast)
    while rows.exclude(state=state).exists():
        assert time.monotonic() < until, list(rows.values_list("state", "reason"))
        time.sleep(0.05)
    return list(rows)


@pytest.mark.parametrize("flags", [(), ("--duplicate=1",), ("--clock-offset=600",)])
def test_a_broadcast_is_played_and_heard(flags, live_server, settings, tmp_path: Path) -> None:
    settings.PORTAL_URL = live_server.url
    gateways = [make.gateway() for _ in range(3)]
    with simulator(gateways, live_server.url, tmp_path, "--play-speed=0", *flags):
        if "--clock-offset=600" in flags:  # by its first report a box sets its clock; before, it refuses
            until = time.monotonic() + 20
            while Gateway.objects.filter(seen_at=None, pk__in=[g.pk for g in gateways]).exists():
                assert time.monotonic() < until, "not all boxes reported"
                time.sleep(0.05)
        rows = all_are("played", sent(gateways))
    for row in rows:
        assert row.heard_seconds == pytest.approx(1.0, rel=0.05)
        assert row.heard_dbfs == pytest.approx(-16.6, abs=0.5)
        assert row.accepted_at <= row.ended_at
        # "playing" that comes after "played" is late, and nothing goes back for it.
        assert (row.playing_at is None) == ("--duplicate=1" in flags)


def test_a_broken_speaker_says_so(live_server, settings, tmp_path: Path) -> None:
    settings.PORTAL_URL = live_server.url
    with simulator([gateway := make.gateway()], live_server.url, tmp_path, "--speaker=1"):
        (row,) = all_are("failed", sent([gateway]))
    assert row.reason == "speaker"
    assert Receipt.objects.get(delivery=row).counted
