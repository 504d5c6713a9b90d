"""Scanners: the contract, a real clamd, peers that hang or talk nonsense, and what a real city refuses."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from repair import checks
from repair.scanners import ScannerAway, Verdict, clamd, example, scanner

from . import clamd as real

PDF = b"%PDF-1.7\n" + real.EICAR + b"\n%%EOF\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[real.Clamd]:
    with real.running(tmp_path_factory.mktemp("c")) as daemon:
        yield daemon


@pytest.mark.clamd
class TestARealOne:
    def test_it_finds_and_lets_pass(self, running: real.Clamd, settings) -> None:
        settings.CLAMD_ADDRESS = running.address
        assert clamd.Scanner().scan(real.EICAR) == Verdict(False, real.FOUND)
        assert clamd.Scanner().scan(PDF) == Verdict(False, real.FOUND)
        assert clamd.Scanner().scan(b"a harmless text") == Verdict(True)
        assert clamd.Scanner().scan(b"") == Verdict(True)
        several_chunks = bytes(clamd.CHUNK * 3 + 7)
        assert clamd.Scanner().scan(several_chunks) == Verdict(True)
        assert clamd.Scanner().scan(several_chunks + real.EICAR) == Verdict(False, real.FOUND)
        assert clamd.Scanner().answers()

    def test_many_at_once(self, running: real.Clamd, settings) -> None:
        settings.CLAMD_ADDRESS = running.address
        said: list[Verdict] = []
        asking = [threading.Thread(target=lambda: said.append(clamd.Scanner().scan(PDF))) for _ in range(8)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join(30)
        assert said == [Verdict(False, real.FOUND)] * 8

    def test_what_is_too_long_for_it_is_not_called_clean(self, running: real.Clamd, settings) -> None:
        settings.CLAMD_ADDRESS = running.address
        for size in (real.LONGEST + 1, real.LONGEST * 4):
            with pytest.raises(ScannerAway):
                clamd.Scanner().scan(bytes(size))

    def test_killed_it_is_away_and_back_it_answers(self, tmp_path: Path, settings) -> None:
        with real.running(tmp_path) as daemon:
            settings.CLAMD_ADDRESS = daemon.address
            daemon.stop()
            assert not clamd.Scanner().answers()
            with pytest.raises(ScannerAway):
                clamd.Scanner().scan(PDF)
            daemon.start()
            assert clamd.Scanner().scan(PDF) == Verdict(False, real.FOUND)

    def test_killed_in_the_middle_of_a_file(self, tmp_path: Path, settings, monkeypatch) -> None:
        with real.running(tmp_path) as daemon:
            settings.CLAMD_ADDRESS = daemon.address
            sent = clamd._send

            def and_then_it_dies(*arguments: object) -> None:
                sent(*arguments)
                daemon.stop()

            monkeypatch.setattr(clamd, "_send", and_then_it_dies)
            with pytest.raises(ScannerAway):
                clamd.Scanner().scan(bytes(100_000))


@contextmanager
def peer(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Somebody who listens where clamd should, and does as told with the first who calls."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def wait() -> None:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            with caller:
                try:
                    answer(caller)
                except OSError:
                    return

        thread = threading.Thread(target=wait)
        thread.start()
        try:
            yield f"tcp:127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def after_all_of_it(words: bytes) -> Callable[[socket.socket], None]:
    def answer(caller: socket.socket) -> None:
        heard = b""
        while not heard.endswith(bytes(4)):
            heard += caller.recv(65536)
        caller.sendall(words)

    return answer


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (b"stream: OK\0", Verdict(True)),
        (b"stream: OK", Verdict(True)),
        (b"stream: OK\n", Verdict(True)),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Verdict(False, "Win.Test.EICAR_HDB-1")),
        (b"stream: " + b"x" * 300 + b" FOUND\0", Verdict(False, "x" * 100)),
        (b"stream: OK FOUND\0", Verdict(False, "OK")),
    ],
)
def test_answers_that_are_understood(words: bytes, verdict: Verdict, settings) -> None:
    with peer(after_all_of_it(words)) as settings.CLAMD_ADDRESS:
        assert clamd.Scanner().scan(b"x") == verdict


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"\0",
        b"OK\0",
        b"stream: OK\0stream: Virus FOUND\0",
        b"stream: NOT OK\0",
        b"xstream: OK\0",
        b"stream:  FOUND\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"HTTP/1.1 200 OK\r\n\r\nstream: OK",
        b"\xff\xfe\0",
        b"stream: a\nb FOUND\0",
        b"x" * 100_000,
    ],
    ids=repr,
)
def test_nonsense_is_no_verdict(words: bytes, settings) -> None:
    with peer(after_all_of_it(words)) as settings.CLAMD_ADDRESS, pytest.raises(ScannerAway):
        clamd.Scanner().scan(b"x")


def test_who_hangs_or_says_a_letter_now_and_then_is_left(settings, monkeypatch) -> None:
    monkeypatch.setattr(clamd, "PATIENCE", 0.6)
    go_on = threading.Event()

    def drips(caller: socket.socket) -> None:
        while not go_on.wait(0.1):
            caller.sendall(b"s")

    for way in (lambda caller: go_on.wait(20), drips):
        go_on.clear()
        with peer(way) as settings.CLAMD_ADDRESS:
            began = time.monotonic()
            with pytest.raises(ScannerAway):
                clamd.Scanner().scan(b"x")
            assert time.monotonic() - began < 3
            go_on.set()


def test_who_reads_nothing_is_left(settings, monkeypatch) -> None:
    monkeypatch.setattr(clamd, "PATIENCE", 0.6)
    go_on = threading.Event()
    with peer(lambda caller: go_on.wait(20)) as settings.CLAMD_ADDRESS:
        with pytest.raises(ScannerAway):
            clamd.Scanner().scan(bytes(30_000_000))
        go_on.set()


@pytest.mark.parametrize(
    "address", ["", "unix:/nowhere/at/all", "tcp:127.0.0.1:9", "http://x", "unix:relative"]
)
def test_nobody_there(address: str, settings) -> None:
    settings.CLAMD_ADDRESS = address
    with pytest.raises(ScannerAway):
        clamd.Scanner().scan(b"x")


def test_addresses() -> None:
    assert clamd.address_of("unix:/run/clamav/clamd.ctl") == "/run/clamav/clamd.ctl"
    assert clamd.address_of("tcp:clamav:3310") == ("clamav", 3310)
    assert clamd.address_of("tcp:[::1]:3310") == ("::1", 3310)
    for wrong in ("", "clamav:3310", "tcp:clamav", "tcp:clamav:0", "tcp:clamav:65536", "tcp::3310", "unix:x"):
        with pytest.raises(ValueError, match="CLAMD_ADDRESS"):
            clamd.address_of(wrong)


def test_the_example_knows_one_signature() -> None:
    assert not example.Scanner().scan(PDF).clean
    assert example.Scanner().scan(b"%PDF-1.7 harmless").clean


def test_the_settings_name_one(settings) -> None:
    assert isinstance(scanner(), example.Scanner)
    settings.PAPER_SCANNER = "clamd"
    assert isinstance(scanner(), clamd.Scanner)
    settings.PAPER_SCANNER = "nobody"
    with pytest.raises(ModuleNotFoundError):
        scanner()


def test_a_real_city_refuses_to_look_away(settings) -> None:
    def wrong() -> list[str]:
        return [str(message.id) for message in checks.files_are_scanned(None)]

    assert wrong() == []  # the example city may
    settings.PRODUCTION = True
    assert wrong() == ["repair.E001"]
    with pytest.raises(ImproperlyConfigured):
        scanner()
    settings.PAPER_SCANNER = "clamd"
    assert wrong() == ["repair.E002"]
    settings.CLAMD_ADDRESS = "tcp:clamav:3310"
    assert wrong() == []
