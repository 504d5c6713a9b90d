"""/readyz/ tells the truth, and a killed worker comes back."""

import os
import signal
import time

from tests.city import City


def test_everything_is_well_and_said_so(city: City) -> None:
    status, body = city.ready()
    assert status == 200
    assert body["ok"] is True
    parts = body["parts"]
    assert parts["gateways"]["total"] == parts["gateways"]["online"] == 358
    assert {"database", "queue", "worker-urgent", "worker-routine", "beat", "gateways"} == set(parts)
    assert all(part["ok"] for part in parts.values())


def test_a_killed_worker_shows_within_15_seconds_and_heals(city: City) -> None:
    city.wait_until_well()
    pid = int(city.note()["children"]["worker-urgent"]["pid"])
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 15
    while (parts := city.ready()[1]["parts"])["worker-urgent"]["ok"]:
        assert time.monotonic() < until, "the death of the worker did not show within 15 s"
        time.sleep(0.1)
    assert parts["worker-urgent"]["words"]
    city.wait_until_well()
    assert int(city.note()["children"]["worker-urgent"]["pid"]) != pid
