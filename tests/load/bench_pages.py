"""How long each page of 컴퓨터 무상수리 takes at 10,000 cases, against an empty page of the same portal.

    make bench-pages               (or: python -m jinju_portal.launcher run -- python -m tests.load.bench_pages)

Real PostgreSQL and gunicorn as the portal runs it (one process, so that nothing is in its way), asked over HTTP with
the connection kept. Page and empty page are asked in turn by the same person; times are medians. One JSON line a page:
`ms`, `empty_ms` (an empty Django view in the portal's frame: every middleware, who is signed in, the base template),
`bare_ms` (every middleware, then a word: what is left when even the frame is gone), `queries`, `ratio` = ms / empty_ms
and `limit`: 2, for lists 3.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import django

EMPTY, BARE = "/bench/empty/", "/bench/bare/"
LIMIT, LIST_LIMIT = 2.0, 3.0


@dataclass(frozen=True)
class Page:
    path: str
    who: str
    is_list: bool = False


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--cases", type=int, default=10_000)
    asked.add_argument("--times", type=int, default=60, help="each page is asked so often")
    options = asked.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.load.bench_settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    pages, cookies = _city(options.cases)
    bad = 0
    with Portal() as portal:
        for page in pages:
            line = measure(portal, page, cookies[page.who], options.times)
            print(json.dumps(line), flush=True)
            bad += line["ratio"] > line["limit"]
    return 1 if bad else 0


def _city(count: int) -> tuple[list[Page], dict[str, str]]:
    """The pages that are measured, and the cookies of whoever asks for them."""
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from people.models import PhoneCode
    from repair.models import Case, Contractor
    from tests import make, make_repair

    from .many_cases import make_them

    clerk = make.clerk(make.district("문산읍"))
    officer = make_repair.repair_officer()
    year = make_them(count, [clerk, officer])
    assert isinstance(year.contractor, Contractor)
    technician = make_repair.technician(year.contractor)
    case = Case.objects.filter(district__name="문산읍", state="received").latest("filed_at")
    selected = Case.objects.filter(state="selected")[:5]
    visits = [make_repair.visit(one, technician, arrived=n == 0) for n, one in enumerate(selected)]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself on a city that lives
    clients = {
        name: make.signed_in(Client(), user) for name, user in (("clerk", clerk), ("officer", officer))
    }
    make.seeing(clients["clerk"], case)  # all of it is what takes longest; a run is shorter than that lasts
    clients["technician"] = make.signed_in(Client(), technician)
    clients["citizen"] = citizen = Client()
    code = PhoneCode.objects.create(
        phone=case.resident.phone,
        phone_index=case.phone_index,
        code_hash="",
        expires_at=timezone.now(),
        used_at=timezone.now(),
    )
    session = citizen.session
    session["citizen"] = str(code.pk)
    session.save()
    citizen.cookies["sessionid"] = session.session_key
    cookies = {name: "; ".join(f"{k}={m.value}" for k, m in c.cookies.items()) for name, c in clients.items()}
    pages = [
        Page("/repair/", "citizen"),
        Page("/repair/check/", "citizen"),
        Page("/repair/apply/", "citizen"),
        Page("/repair/status/", "citizen"),
        Page("/repair/mine/", "citizen", True),
        Page(f"/repair/mine/{case.pk}/", "citizen"),
        Page("/repair/desk/", "clerk", True),
        Page("/repair/desk/", "officer", True),
        Page("/repair/desk/new/", "clerk"),
        Page(f"/repair/desk/{case.pk}/", "clerk"),
        Page("/repair/visits/", "technician", True),
        Page(f"/repair/visits/{visits[0].pk}/", "technician"),
        Page("/repair/city/", "officer", True),
        Page("/repair/city/settlements/", "officer", True),
        Page("/repair/city/figures/", "officer", True),
        Page("/repair/open-data/", "citizen"),
    ]
    return pages, {**cookies, "nobody": ""}


class Portal:
    """Gunicorn, one process, on a port of its own; a connection that is kept."""

    def __enter__(self) -> "Portal":
        from jinju_portal.launcher.servers import free_port

        port = free_port(28000, 1000)
        env = {**os.environ, "PORT": str(port), "WEB_WORKERS": "1"}
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "python:jinju_portal.gunicorn",
            "jinju_portal.wsgi",
        ]
        self.process = subprocess.Popen(command, env=env)
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        until = time.monotonic() + 60
        while True:
            try:
                self.ask(BARE, "")
                return self
            except OSError:
                assert time.monotonic() < until, "the portal does not start"
                self.line.close()
                time.sleep(0.2)

    def __exit__(self, *error: object) -> None:
        self.line.close()
        self.process.terminate()
        self.process.wait(30)

    def ask(self, path: str, cookie: str) -> float:
        """Seconds. AssertionError if it is not the page itself."""
        start = time.perf_counter()
        self.line.request("GET", path, headers={"Cookie": cookie})
        answer = self.line.getresponse()
        answer.read()
        taken = time.perf_counter() - start
        assert answer.status == 200, f"{path}: {answer.status} {answer.headers.get('Location', '')}"
        return taken


def measure(portal: Portal, page: Page, cookie: str, times: int) -> dict[str, Any]:
    taken: dict[str, list[float]] = {page.path: [], EMPTY: [], BARE: []}
    for n in range(times + 5):
        for path in taken:
            seconds = portal.ask(path, cookie)
            if n >= 5:  # the first ones warm all up
                taken[path].append(seconds)
    ms, empty, bare = (round(1000 * statistics.median(each), 2) for each in taken.values())
    return {
        "page": f"{page.path} ({page.who})",
        "ms": ms,
        "empty_ms": empty,
        "bare_ms": bare,
        "queries": queries(page, cookie),
        "ratio": round(ms / empty, 2),
        "limit": LIST_LIMIT if page.is_list else LIMIT,
    }


def queries(page: Page, cookie: str) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"cookie": cookie})
    client.get(page.path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page.path).status_code == 200
    return len(asked)


if __name__ == "__main__":
    sys.exit(main())
