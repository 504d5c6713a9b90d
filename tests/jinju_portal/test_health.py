"""/healthz/ and /readyz/: true, bounded, and open without telling where anything is."""

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.utils import timezone
from redis import Redis

from broadcast.models import Gateway, Heartbeat
from jinju_portal import health
from tests import make

CALLERS = ["worker-calls-urgent", "worker-calls-routine"]
WORKERS = ["worker-urgent", "worker-routine", *CALLERS, "beat", "standby"]


@pytest.fixture
def lines():
    """The lines that the three programs keep to Redis (watchdog.py)."""
    held = {}
    for name in WORKERS:
        held[name] = Redis.from_url(configured.CELERY_BROKER_URL, client_name=name)
        held[name].ping()
    yield held
    for line in held.values():
        line.close()


def beat(seconds_ago: float = 0) -> None:
    for name in WORKERS:
        seen = timezone.now() - timedelta(seconds=seconds_ago)
        Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": seen})


def ask(client: Client) -> tuple[int, dict]:
    answer = client.get("/readyz/")
    return answer.status_code, answer.json()["parts"]


def test_alive_asks_nobody(client: Client, settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    answer = client.get("/healthz/")  # no database mark: a query would fail here
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_all_well(client: Client, lines) -> None:
    beat()
    make.gateway(seen_at=timezone.now())
    status, parts = ask(client)
    assert (status, [name for name, part in parts.items() if not part["ok"]]) == (200, [])
    assert (parts["gateways"]["total"], parts["gateways"]["online"]) == (1, 1)
    assert list(parts) == ["database", "queue", *WORKERS, "gateways", "ledger", "scanner"]
    assert parts["scanner"]["answers"] is True


@pytest.mark.django_db
def test_a_scanner_that_is_away_is_said_and_fails_nothing(client: Client, lines, settings, tmp_path) -> None:
    beat()
    settings.PAPER_SCANNER, settings.CLAMD_ADDRESS = "clamd", f"unix:{tmp_path}/nobody"
    status, parts = ask(client)
    assert (status, parts["scanner"]["ok"], parts["scanner"]["answers"]) == (200, True, False)
    assert "nobody" not in str(parts)


@pytest.mark.django_db
def test_a_killed_worker_shows_at_once(client: Client, lines) -> None:
    beat()
    lines["worker-urgent"].close()
    status, parts = ask(client)
    assert (status, [name for name, part in parts.items() if not part["ok"]]) == (503, ["worker-urgent"])


@pytest.mark.django_db
def test_a_worker_that_does_nothing_shows_after_ten_seconds(client: Client, lines) -> None:
    beat(seconds_ago=10.5)
    status, parts = ask(client)
    assert (status, [name for name, part in parts.items() if not part["ok"]]) == (503, WORKERS)
    assert parts["beat"]["age_s"] >= 10


@pytest.mark.django_db
def test_without_redis(client: Client, settings) -> None:
    settings.CELERY_BROKER_URL = "redis://:secret@127.0.0.1:9/0"
    beat()
    status, parts = ask(client)
    assert (status, parts["database"]["ok"], parts["queue"]["ok"]) == (503, True, False)
    assert "secret" not in str(parts)
    assert "127.0.0.1" not in str(parts)


@pytest.mark.django_db
def test_a_database_that_hangs_is_given_up(client: Client) -> None:
    def hang() -> dict:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")
        return {}

    found = health._from_database(hang, ["gateways"])
    assert found["gateways"]["ok"] is False


@pytest.mark.django_db
def test_half_of_the_gateways_silent_is_the_portals_trouble(client: Client, lines) -> None:
    beat()
    make.gateway(seen_at=timezone.now())
    make.gateway(seen_at=None)
    assert ask(client)[0] == 200
    Gateway.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    status, parts = ask(client)
    assert (status, parts["gateways"]["ok"]) == (503, False)


@pytest.mark.django_db
@pytest.mark.parametrize("gateways", [1, 3])
def test_queries_do_not_grow_with_the_gateways(
    client: Client, gateways: int, django_assert_max_num_queries
) -> None:
    for _ in range(gateways):
        make.gateway()
    with django_assert_max_num_queries(14):
        ask(client)
