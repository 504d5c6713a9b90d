"""The client of driver `http` against servers that are slow, broken or hostile, byte by byte."""

import asyncio
import time

import pytest

from broadcast.gateways.http_answer import MAX_BODY, Reply
from broadcast.gateways.http_post import place, post

from .byte_server import CHUNKED, CUT, GOOD, HANG, TO_THE_END, Server


async def outcome(*parts: bytes | float | str, timeout: float = 5.0) -> Reply | type[BaseException]:
    async with Server(*parts) as server:
        try:
            return await server.post(timeout)
        except (OSError, ValueError) as error:
            return type(error)


def answered(*parts: bytes | float | str, timeout: float = 5.0) -> Reply | type[BaseException]:
    return asyncio.run(outcome(*parts, timeout=timeout))


def test_the_request_is_whole_and_says_that_the_connection_ends() -> None:
    async def sent() -> bytes:
        async with Server(GOOD) as server:
            await server.post(body=b"x" * 3_000_000)
            return server.requests[0].replace(str(server.port).encode(), b"PORT")

    assert asyncio.run(sent()) == (
        b"POST /box/v1/commands HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n"
        b"Content-Length: 3000000\r\nX-Test: 1\r\n\r\n" + b"x" * 3_000_000
    )


@pytest.mark.parametrize("answer", [GOOD, CHUNKED, TO_THE_END])
def test_an_answer_is_the_same_however_it_is_cut_into_pieces(answer: bytes) -> None:
    async def cut() -> list[Reply | type[BaseException]]:
        halves = (outcome(answer[:n], 0.01, answer[n:]) for n in range(len(answer)))
        single = outcome(*(answer[n : n + 1] for n in range(len(answer))))
        return await asyncio.gather(*halves, single)

    replies = asyncio.run(cut())
    assert {(r.status, r.body) for r in replies if isinstance(r, Reply)} == {(202, b'{"a"')}
    assert all(isinstance(r, Reply) for r in replies)


@pytest.mark.parametrize("answer", [GOOD, CHUNKED, TO_THE_END])
@pytest.mark.parametrize(("end", "error"), [(HANG, TimeoutError), (b"", ValueError), (CUT, ConnectionError)])
def test_a_box_that_stops_after_any_byte_costs_its_time_and_no_more(
    answer: bytes, end: bytes | str, error: type[Exception]
) -> None:
    """Where nothing says how long a body is, its end is where the connection ends."""
    head = answer.index(b"\r\n\r\n") + 4
    if answer is TO_THE_END and end == b"":
        answer = answer[:head]
    elif answer is CHUNKED:
        answer = answer.removesuffix(b"\r\n\r\n")  # what comes after the last chunk is not waited for

    async def cut() -> list[Reply | type[BaseException]]:
        return await asyncio.gather(*(outcome(answer[:n], end, timeout=0.4) for n in range(len(answer))))

    start = time.monotonic()
    ends = asyncio.run(cut())
    assert {e for e in ends if isinstance(e, Reply)} == set()
    assert all(issubclass(e, error) for e in ends if not isinstance(e, Reply)), set(ends)
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + GOOD, 202, b'{"a"'),
        (b"HTTP/1.0 200\r\n\r\n{}", 200, b"{}"),
        (GOOD + b"and more that nobody asked for", 202, b'{"a"'),
        (b"HTTP/1.1 202 A\r\nContent-Length: 0\r\n\r\n", 202, b""),
        (b"HTTP/1.1 307 T\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 900\r\n\r\n", 307, b""),
        (b"HTTP/1.1 500 E\r\nContent-Length: 99999999999\r\n\r\n", 500, b""),
        (b"HTTP/1.1 202 A\r\nContent-Length: 99999999\r\n\r\n" + b" " * 99999, 202, b" " * MAX_BODY),
        (b"HTTP/1.1 202 A\r\n\r\n" + b" " * 999999, 202, b" " * MAX_BODY),
        (
            b"HTTP/1.1 202 A\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1;ext\r\nx\r\n" * 99999,
            202,
            b"x" * MAX_BODY,
        ),
    ],
)
def test_what_is_unusual_and_what_is_too_much(answer: bytes, status: int, body: bytes) -> None:
    """Not waited for the end: the connection stays open."""
    open_end = () if answer.startswith(b"HTTP/1.0") else (HANG,)
    reply = answered(answer, *open_end)
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body) == (status, body)


@pytest.mark.parametrize(
    "answer",
    [
        b"\x00\xff<html>\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 2O2 A\r\n\r\n",
        b"HTTP/1.1 000 A\r\n\r\n",
        b"HTTP/1.1 +20 A\r\n\r\n",
        b"HTTP/1.1 202 A\r\nno colon\r\n\r\n",
        b"HTTP/1.1 202 A\r\nA: b\r\n folded\r\n\r\n",
        b"HTTP/1.1 202 A\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 202 A\r\nContent-Length: 1_0\r\n\r\n0123456789",
        b"HTTP/1.1 202 A\r\nContent-Length: 99999999999999\r\n\r\n",
        b"HTTP/1.1 202 A\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 202 A\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 202 A\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"HTTP/1.1 202 A\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxxx\r\n",
        b"HTTP/1.1 202 A\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1;" + b"x" * 5000,
        b"HTTP/1.1 202 A\r\n" + b"A: b\r\n" * 5000,
        b"HTTP/1.1 202 A" + b"a" * 50000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 5000,
    ],
)
def test_nonsense_is_no_answer_and_not_waited_for(answer: bytes) -> None:
    assert answered(answer, HANG) is ValueError


def test_bytes_that_trickle_in_forever_end_with_the_time() -> None:
    async def all_ways() -> list[Reply | type[BaseException]]:
        begun = (b"", GOOD[:-4], GOOD[:30], b"HTTP/1.1 202 A\r\nTransfer-Encoding: chunked\r\n\r\n")
        drops: list[bytes | float] = [0.02, b"1"] * 500
        return await asyncio.gather(*(outcome(b, *drops, timeout=0.3) for b in begun))

    start = time.monotonic()
    ends = asyncio.run(all_ways())
    assert all(e in (TimeoutError, ValueError) or isinstance(e, Reply) for e in ends)
    assert ends[0] is TimeoutError
    assert time.monotonic() - start < 5


def test_a_port_where_nobody_listens_and_a_name_that_nobody_has() -> None:
    with pytest.raises(ConnectionRefusedError):
        asyncio.run(post(place("http://127.0.0.1:9/x"), "", b"", 2))
    with pytest.raises(OSError, match=r"."):
        asyncio.run(post(place("http://no-such-box.invalid/x"), "", b"", 2))


def test_a_name_with_several_addresses_goes_to_one_that_answers() -> None:
    """localhost may be ::1 first, where nobody listens here."""

    async def by_name() -> Reply:
        async with Server(GOOD) as server:
            return await post(place(f"http://localhost:{server.port}/x"), "", b"", 5)

    assert asyncio.run(by_name()).status == 202


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "http://box-1.example:40000/a.b~c/v1",
            (False, "box-1.example", 40000, "box-1.example:40000", "/a.b~c/v1"),
        ),
        ("http://Box:65535", (False, "box", 65535, "box:65535", "/")),
        ("http://10.0.0.1/a", (False, "10.0.0.1", 80, "10.0.0.1", "/a")),
        ("https://box.example:8443/a/b", (True, "box.example", 8443, "box.example:8443", "/a/b")),
        ("http://[::1]:81/a", (False, "::1", 81, "[::1]:81", "/a")),
        (
            "http://마을.example/산 1",
            (False, "xn--hz2bq0w.example", 80, "xn--hz2bq0w.example", "/%EC%82%B0%201"),
        ),
        ("http://u:p@box/a%20b", (False, "box", 80, "box", "/a%20b")),
    ],
)
def test_an_address_becomes_a_place(url: str, expected: tuple[object, ...]) -> None:
    assert place(url) == expected


@pytest.mark.parametrize(
    "url", ["ftp://a/b", "http:///b", "http://a:99999/", "http://a b/", "http://\x01/", ""]
)
def test_an_address_to_which_nothing_can_go(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        place(url)
