"""Feeds of others, from a real server: what they list is taken once, and what is wrong with them is said."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from django.utils import timezone

from broadcast.cap import pull
from broadcast.cap.entries import entries_of
from broadcast.cap.refused import Refused
from broadcast.models import Alert, AlertSource, Broadcast
from broadcast.tasks import pull_alerts
from tests import make

from . import alerts

pytestmark = pytest.mark.django_db


class Server(ThreadingHTTPServer):
    """`pages`: path → (status, headers, body). `asked`: every path that was asked for, with its If-None-Match."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.silent = threading.Event()

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        self.pages[path] = (status, headers, body.encode() if isinstance(body, str) else body)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("If-None-Match")))
        if self.path == "/silent":
            self.server.silent.wait(20)
            return
        status, headers, body = self.server.pages.get(self.path, (404, {}, b""))
        if headers.get("ETag") and headers["ETag"] == self.headers.get("If-None-Match"):
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.silent.set()
    made.shutdown()
    thread.join()
    made.server_close()


def atom(*entries: str) -> str:
    inner = "".join(
        f"<entry><id>{n}</id><updated>2026</updated>{each}</entry>" for n, each in enumerate(entries)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id>{inner}</feed>'


def link(href: str, kind: str = "application/cap+xml") -> str:
    return f'<link href="{href}" type="{kind}"/>'


def test_an_alert_behind_a_link_is_taken_once(server: Server) -> None:
    make.gateway()
    server.put("/feed", atom(link("/page.html", "text/html") + link("/one.xml")), ETag='"1"')
    server.put("/one.xml", alerts.alert())
    source = make.alert_source(feed=server.address("/feed"))
    for _ in range(3):
        pull_alerts()
    assert Broadcast.objects.count() == 1
    assert server.asked == [("/feed", None), ("/one.xml", None), ("/feed", '"1"'), ("/feed", '"1"')]
    source.refresh_from_db()
    assert source.trouble == ""
    assert source.pulled_at


def test_alerts_that_stand_in_the_feed_are_taken_oldest_first(server: Server) -> None:
    make.gateway()
    moment = alerts.at()
    one, cancelled = alerts.alert(identifier="one", sent=moment), alerts.cancel_of("one", moment)
    server.put("/feed", atom(f"<content>{cancelled}</content>", f"<content>{one}</content>"))
    make.alert_source(feed=server.address("/feed"))
    pull_alerts()
    outcomes = list(Alert.objects.order_by("pk").values_list("identifier", "outcome"))
    assert outcomes[0] == ("one", "sent")
    assert outcomes[1][1] == "cancelled"


def test_rss(server: Server) -> None:
    make.gateway()
    items = "<item><guid>1</guid><link>/one.xml</link></item>"
    items += '<item><guid>2</guid><link>/p.html</link><enclosure url="/two.xml" type="application/cap+xml"/></item>'
    server.put("/feed", f"<rss version='2.0'><channel>{items}</channel></rss>")
    server.put("/one.xml", alerts.alert())
    server.put("/two.xml", alerts.alert())
    make.alert_source(feed=server.address("/feed"))
    pull_alerts()
    assert Broadcast.objects.count() == 2


def test_a_feed_may_be_a_single_alert(server: Server) -> None:
    make.gateway()
    server.put("/feed", alerts.alert())
    make.alert_source(feed=server.address("/feed"))
    pull_alerts()
    pull_alerts()
    assert Broadcast.objects.count() == 1


def test_a_changed_entry_is_looked_at_again_and_a_bad_one_until_it_is_good(server: Server) -> None:
    make.gateway()
    server.put("/feed", atom(link("/bad.xml"), link("/good.xml")), ETag='"1"')
    server.put("/bad.xml", "<alert")
    server.put("/good.xml", alerts.alert())
    source = make.alert_source(feed=server.address("/feed"))
    pull_alerts()
    source.refresh_from_db()
    assert source.trouble == "경보 하나를 받지 못했습니다. XML로 읽을 수 없습니다. 형식을 확인해 주세요."
    assert Broadcast.objects.count() == 1
    server.put("/bad.xml", alerts.alert())
    pull_alerts()
    source.refresh_from_db()
    assert source.trouble == ""
    assert Broadcast.objects.count() == 2
    assert [path for path, _ in server.asked].count("/good.xml") == 1


@pytest.mark.parametrize(
    ("path", "page", "trouble"),
    [
        ("/gone", (404, {}, b""), "404로 답했습니다"),
        ("/moved", (302, {"Location": "/feed"}, b""), "302로 답했습니다"),
        ("/html", (200, {}, b"<html></html>"), "Atom이나 RSS가 아닙니다"),
        ("/nothing", (200, {}, b""), "비어 있습니다"),
        ("/large", (200, {}, b"x" * 1_000_001), "너무 큽니다"),
        ("/bomb", (200, {}, b'<!DOCTYPE x [<!ENTITY a "b">]><feed/>'), "DTD나 엔티티"),
    ],
)
def test_what_is_wrong_with_a_feed_is_said(server: Server, path: str, page: tuple, trouble: str) -> None:
    server.pages[path] = page
    server.put("/feed", atom())
    source = make.alert_source(feed=server.address(path))
    pull_alerts()
    source.refresh_from_db()
    assert trouble in source.trouble
    assert server.asked == [(path, None)]


def test_a_feed_that_is_silent_or_away_does_not_hold_the_others(server: Server, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    make.gateway()
    monkeypatch.setattr(pull, "ONE", pull.aiohttp.ClientTimeout(total=0.5))
    server.put("/feed", alerts.alert())
    silent = make.alert_source(feed=server.address("/silent"))
    away = make.alert_source(feed="http://127.0.0.1:9/feed")
    make.alert_source(feed=server.address("/feed"))
    pull_alerts()
    for source in (silent, away):
        source.refresh_from_db()
        assert source.trouble.startswith("답을 받지 못했습니다.")
    assert Broadcast.objects.count() == 1


def test_a_fault_of_our_own_does_not_hold_the_others(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    make.gateway()
    server.put("/feed", alerts.alert())
    server.put("/other", alerts.alert())
    broken, good = (make.alert_source(feed=server.address(path)) for path in ("/feed", "/other"))
    whole = pull.take

    def faulty(source: AlertSource, data: bytes) -> object:
        if source == broken:
            raise RuntimeError
        return whole(source, data)

    monkeypatch.setattr(pull, "take", faulty)
    pull_alerts()
    broken.refresh_from_db()
    assert broken.trouble.startswith("포털이 이 경보를 처리하지 못했습니다.")
    assert Alert.objects.get().source == good


def test_a_source_that_is_not_in_use_is_not_asked(server: Server) -> None:
    make.alert_source(feed=server.address("/feed"), is_active=False)
    make.alert_source()
    pull_alerts()
    assert server.asked == []


@pytest.mark.django_db(transaction=True)
def test_one_pull_at_a_time(server: Server) -> None:
    make.alert_source(feed=server.address("/silent"))

    def first() -> None:
        try:
            pull_alerts()
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    until = time.monotonic() + 20
    while not server.asked:
        assert time.monotonic() < until
        time.sleep(0.02)
    pull_alerts()
    assert len(server.asked) == 1
    server.silent.set()
    thread.join()
    AlertSource.objects.get(pulled_at__lte=timezone.now())


@pytest.mark.parametrize(
    "href",
    [
        "http://169.254.169.254/latest",
        "http://127.0.0.1:9/x",
        "https://example.org/x",
        "file:///etc/passwd",
        "//10.0.0.1/x",
    ],
)
def test_a_feed_leads_to_its_own_host_only(href: str) -> None:
    assert entries_of(atom(link(href)).encode(), "https://feeds.example.net/a") == []


def test_relative_links_are_the_feeds() -> None:
    found = entries_of(atom(link("one.xml"), link("/two.xml")).encode(), "https://feeds.example.net/a/feed")
    assert [each.link for each in found] == [
        "https://feeds.example.net/two.xml",
        "https://feeds.example.net/a/one.xml",
    ]


def test_a_feed_is_bounded() -> None:
    feed = atom(*(link(f"/{n}.xml") for n in range(60)))
    assert len(entries_of(feed.encode(), "https://feeds.example.net/")) == 50
    with pytest.raises(Refused):
        entries_of(b"<rdf/>", "https://feeds.example.net/")
