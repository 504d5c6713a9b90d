"""Bookings a second on one session through the deed, against a bare UPDATE of one row on the same PostgreSQL.

    make bench-seats               (or: python -m jinju_portal.launcher run -- python -m tests.load.bench_seats)

As many processes, each with a connection of its own, do one thing as often as they can for some seconds; the ways take
turns, and numbers are medians of the rounds. One JSON line a measurement:

    rush      64 connections, 2,000 tries at 30 seats: `oversold` by a naive way (count, then insert), which shows that
              this can fail, and by the deed
    update    UPDATE … SET taken = taken + 1 of one row, and nothing else
    book      learning.booking.book, as the citizens' pages call it: the learner, what they agreed to, a seat of their
              own, the history, from which the message is made; seats do not end. `ratio` = book / update with as many
              connections

    elsewhere how long a page of another service takes while 64 people press, over HTTP, portal as it is served
              (`p99_ms`), and when nobody does (`idle_p99_ms`)

The last line is the deed's, at its worst: ratio at least 0.5, oversold 0, or this ends with 1.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import statistics
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import django

LIMIT = 0.5
SEATS, TRIES, RUSHING = 30, 2000, 64
ENDLESS = 50_000
OTHER_PAGE, ROUNDS_ELSEWHERE = "/repair/", 10


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=float, default=4)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--connections", type=int, nargs="*", default=[16, 64])
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    _tables()
    oversold = {way: rush(way) for way in ("naive", "book")}
    for way, many in oversold.items():
        print(json.dumps({"method": f"rush {way}", "oversold": many}), flush=True)
    print(json.dumps(elsewhere()), flush=True)
    lines = [line for n in options.connections for line in compare(n, options.seconds, options.rounds)]
    worst = min((line for line in lines if line["method"] == "book"), key=lambda line: line["ratio"])
    for line in [line for line in lines if line is not worst] + [worst | {"oversold": oversold["book"]}]:
        print(json.dumps(line), flush=True)
    return int(worst["ratio"] < LIMIT or oversold["book"] != 0 or oversold["naive"] == 0)


def _tables() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (id int PRIMARY KEY, taken bigint NOT NULL)")
        cursor.execute("INSERT INTO bench_bare VALUES (1, 0)")
        cursor.execute("CREATE TABLE bench_naive (id uuid PRIMARY KEY)")


def new_session(seats: int) -> int:
    from django.db import connection

    from tests import make_learning

    made = make_learning.session(capacity=seats)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself on a city that lives
    return made.pk


def update(session: int) -> Callable[[], None]:
    from django.db import connection

    def once() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE bench_bare SET taken = taken + 1 WHERE id = %s", [1])

    return once


def naive(session: int) -> Callable[[], None]:
    from django.db import connection

    def once() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM bench_naive")
            if cursor.fetchone()[0] < SEATS:
                cursor.execute("INSERT INTO bench_naive VALUES (%s)", [uuid.uuid4()])

    return once


def book(session: int) -> Callable[[], None]:
    from learning.booking import Asked
    from learning.booking import book as deed
    from learning.models import Session
    from tests.make_learning import CITIZEN

    loaded, said = Session.objects.for_booking().get(pk=session), {"learning.personal": True}
    who, numbers = os.getpid() % 10**4 * 10**4, itertools.count()

    def once() -> None:
        n = who + next(numbers)
        asked = Asked(name=f"예시 주민 {n}", phone=f"+8210{n:08}", birth_year=1950)
        deed(loaded, asked, CITIZEN, most=4, said=said)

    return once


WAYS = {"update": update, "naive": naive, "book": book}


def together(way: str, session: int, processes: int, *, seconds: float = 60, most: int = 10**9) -> float:
    """How often a second all of them did it, from when all were ready. `most` times each, at most."""
    from django.db import connections

    connections.close_all()  # none is shared with a child
    context = multiprocessing.get_context("fork")
    ready, done = context.Barrier(processes), context.Queue()

    def one() -> None:
        once = WAYS[way](session)
        connections["default"].ensure_connection()
        ready.wait(60)
        start, count = time.perf_counter(), 0
        while count < most and time.perf_counter() - start < seconds:
            once()
            count += 1
        done.put((count, time.perf_counter() - start))

    children = [context.Process(target=one) for _ in range(processes)]
    for child in children:
        child.start()
    told = [done.get(timeout=seconds + 120) for _ in children]
    for child in children:
        child.join(30)
        assert child.exitcode == 0
    return sum(count for count, _ in told) / max(taken for _, taken in told)


def rush(way: str) -> int:
    """Seats given beyond those there are."""
    from django.db import connection

    from learning.models import Booking

    session = new_session(SEATS)
    together(way, session, RUSHING, most=-(-TRIES // RUSHING))
    if way == "naive":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM bench_naive")
            return max(0, cursor.fetchone()[0] - SEATS)
    given = Booking.objects.filter(session=session, state="confirmed").count()
    assert given == SEATS, f"{given} of {SEATS} seats given"
    return max(0, given - SEATS)


def elsewhere() -> dict[str, Any]:
    """Of 컴퓨터 무상수리's first page, asked one after the other by somebody who has nothing to do with the rush."""
    from django.core.management import call_command

    from . import rush as pressing
    from .serving import Portal

    call_command("collectstatic", verbosity=0, interactive=False)
    idle: list[float] = []
    busy: list[float] = []
    with Portal() as portal, ThreadPoolExecutor(1) as somebody:
        people = pressing.visitors(pressing.PEOPLE)
        _looks(portal.url, idle, 200, Event())
        for n in range(ROUNDS_ELSEWHERE):
            over = Event()
            looking = somebody.submit(_looks, portal.url, busy, 10**6, over)
            path = pressing.opened(portal.url, people)
            pressing.press_all(portal.url, path, people, seed=n)
            over.set()
            looking.result()
    p99 = {
        name: round(1000 * sorted(seen)[int(len(seen) * 0.99)]) for name, seen in (("i", idle), ("b", busy))
    }
    return {
        "method": "elsewhere",
        "page": OTHER_PAGE,
        "p99_ms": p99["b"],
        "idle_p99_ms": p99["i"],
        "times": len(busy),
    }


def _looks(base: str, seen: list[float], times: int, over: Event) -> None:
    for _ in range(times):
        if over.is_set():
            return
        start = time.perf_counter()
        with urllib.request.urlopen(base + OTHER_PAGE, timeout=60) as answer:
            answer.read()
        seen.append(time.perf_counter() - start)


def compare(processes: int, seconds: float, rounds: int) -> list[dict[str, Any]]:
    rates: dict[str, list[float]] = {"update": [], "book": []}
    for _ in range(rounds):
        for way, seen in rates.items():
            session = new_session(ENDLESS) if way == "book" else 0
            seen.append(together(way, session, processes, seconds=seconds))
    bare, ours = (statistics.median(seen) for seen in rates.values())
    line = {"connections": processes}
    return [
        {"method": "update", "per_s": round(bare), "ratio": 1.0, "oversold": None, **line},
        {"method": "book", "per_s": round(ours), "ratio": round(ours / bare, 2), "oversold": 0, **line},
    ]


if __name__ == "__main__":
    sys.exit(main())
