"""신청이 열리는 순간: 64 people press at the same time at 20 seats, over HTTP, round after round.

    python -m jinju_portal.launcher run -- python -m tests.load.rush      (--rounds 100)

The portal as it is served (gunicorn, its processes and threads), PostgreSQL, and people with a phone code, each over a
connection of their own. Every fourth presses twice at once; some press a moment later, so that who came first is known.
After each round it must be so: 20 have a seat and the rest wait, each exactly once; and of two of whom one had the
answer before the other pressed, the first comes first: in the line, and nobody has a seat who came after somebody who
waits. Ends with 1 otherwise.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import re
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import django

PEOPLE, SEATS = 64, 20
_days = itertools.count()
#: Seconds over which they press.
SPREAD = 0.3


@dataclass
class Visitor:
    """Somebody with a phone that is theirs, and a browser that is open on the page."""

    phone: str
    cookie: str
    name: str = "예시 주민"
    token: str = ""
    answers: list[tuple[float, float, int, str]] = field(default_factory=list)
    """(sent, answered, status, where to) of each press; seconds."""


def visitors(count: int) -> list[Visitor]:
    """As after the code to their phone. Rows only: the door itself has its own tests."""
    from importlib import import_module

    from django.conf import settings
    from django.utils import timezone

    from people.models import PhoneCode
    from people.phones import phone_index

    store = import_module(settings.SESSION_ENGINE).SessionStore
    made = []
    for n in range(count):
        phone = f"+82109997{n:04}"
        now = timezone.now()
        code = PhoneCode.objects.create(
            phone=phone, phone_index=phone_index(phone), code_hash="", expires_at=now, used_at=now
        )
        session = store()
        session["citizen"] = str(code.pk)
        session.save()
        made.append(Visitor(phone, f"sessionid={session.session_key}", f"예시 주민 {n}"))
    return made


def _ask(line: http.client.HTTPConnection, visitor: Visitor, path: str, typed: dict[str, str] | None = None):
    headers = {"Cookie": visitor.cookie}
    body = None
    if typed is not None:
        body = urlencode(typed)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    line.request("POST" if typed is not None else "GET", path, body, headers)
    answer = line.getresponse()
    return answer, answer.read().decode()


def _opens(base: str, visitor: Visitor, path: str) -> None:
    """The page before booking, with the token that a press needs."""
    line = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    answer, page = _ask(line, visitor, path)
    line.close()
    assert answer.status == 200, f"{path}: {answer.status}"
    cookies = "; ".join(value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or [])
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token, page[:300]
    visitor.token = token[1]
    if "csrftoken" in cookies:
        known = [part for part in visitor.cookie.split("; ") if not part.startswith("csrftoken")]
        visitor.cookie = "; ".join([*known, *(c for c in cookies.split("; ") if c.startswith("csrftoken"))])


def opened(base: str, people: Sequence[Visitor]) -> str:
    """A new class with SEATS seats, whose page all of them have before their eyes: the address that they press at."""
    from tests import make_learning

    days = 7 + next(_days)  # another day each time: nobody has two classes at the same time
    path = f"/learning/classes/{make_learning.session(days=days, capacity=SEATS).pk}/book/"
    for visitor in people:
        visitor.answers.clear()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda visitor: _opens(base, visitor, path), people))
    return path


def press_all(base: str, path: str, people: Sequence[Visitor], seed: int) -> None:
    """All at once, each over a connection of their own; every fourth twice."""
    chance = random.Random(seed)
    fingers = [visitor for n, visitor in enumerate(people) for _ in range(2 if n % 4 == 0 else 1)]
    waits = {id(visitor): chance.choice((0.0, 0.0, SPREAD * chance.random())) for visitor in people}
    start = Barrier(len(fingers))

    def press(visitor: Visitor) -> None:
        line = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
        line.connect()
        typed = {
            "csrfmiddlewaretoken": visitor.token,
            "whose": "self",
            "name": visitor.name,
            "personal": "on",
        }
        start.wait(60)
        time.sleep(waits[id(visitor)])
        sent = time.monotonic()
        answer, _ = _ask(line, visitor, path, typed)
        visitor.answers.append((sent, time.monotonic(), answer.status, answer.headers.get("Location", "")))
        line.close()

    with ThreadPoolExecutor(len(fingers)) as pool:
        for done in [pool.submit(press, visitor) for visitor in fingers]:
            done.result()


def one_round(base: str, people: Sequence[Visitor], seed: int) -> list[str]:
    """Presses, and what was not as it must be."""
    from learning.booking_states import State
    from learning.models import Booking

    path = opened(base, people)
    press_all(base, path, people, seed)
    rows = list(Booking.objects.filter(session=path.split("/")[3]).order_by("turn"))
    wrong = [f"{v.name}: {a}" for v in people for a in v.answers if a[2] != 302]
    by_phone: dict[str, list[Booking]] = {}
    for row in rows:
        by_phone.setdefault(row.phone_index, []).append(row)
    if len(rows) != len(people) or len(by_phone) != len(people):
        wrong.append(f"{len(rows)} bookings of {len(by_phone)} people, not of {len(people)}")
    states = sorted(row.state for row in rows)
    if states != [State.CONFIRMED] * SEATS + [State.WAITING] * (len(people) - SEATS):
        wrong.append(f"{states}")
    return wrong + _out_of_order(people, by_phone)


def _out_of_order(people: Sequence[Visitor], by_phone: dict[str, list]) -> list[str]:
    from people.phones import phone_index

    known = []
    for visitor in people:
        rows = by_phone.get(phone_index(visitor.phone), [])
        if len(rows) == 1 and len(visitor.answers) == 1:
            sent, answered, _, where = visitor.answers[0]
            if str(rows[0].pk) not in where:
                return [f"{visitor.name} was led to {where}"]
            known.append((sent, answered, rows[0], visitor.name))
    return [
        f"{later} stands before {first}"
        for _, answered, one, first in known
        for sent, _, other, later in known
        if answered < sent and (other.turn < one.turn or (other.seat_id and not one.seat_id))
    ]


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=100)
    asked.add_argument("--people", type=int, default=PEOPLE)
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")
    django.setup()
    from django.core.management import call_command

    from .serving import Portal

    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    bad, taken = 0, []
    with Portal() as portal:
        people = visitors(options.people)
        for n in range(options.rounds):
            wrong = one_round(portal.url, people, seed=n)
            presses = [answered - sent for v in people for sent, answered, *_ in v.answers]
            taken += presses
            bad += bool(wrong)
            for line in wrong:
                print(f"round {n}: {line}", flush=True)
    taken.sort()
    line = {
        "rounds": options.rounds,
        "people": options.people,
        "seats": SEATS,
        "rounds_wrong": bad,
        "press_p50_ms": round(1000 * taken[len(taken) // 2]),
        "press_p99_ms": round(1000 * taken[int(len(taken) * 0.99)]),
    }
    print(json.dumps(line), flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
