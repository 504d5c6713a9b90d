"""SIP and SDP as text, and digest: pure, and whatever a stranger sends does no harm."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from broadcast.gateways.sip import refused
from broadcast.gateways.sip.digest import Challenge
from broadcast.gateways.sip.message import LARGEST, MOST_HEADERS, media, offer, parse, reply
from broadcast.states import REASONS, State

ANSWER = (
    "SIP/2.0 200 OK\r\n"
    "v: SIP/2.0/UDP 10.0.0.1:5070;rport=5070;branch=z9hG4bKours, SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKother\r\n"
    "f: <sip:portal@10.0.0.1>;tag=us\r\n"
    't: "마을;tag=not>this" <sip:100@10.0.0.2;x=y>\r\n\t;tag=them\r\n'
    "i: abc\r\n"
    "CSeq: 2 INVITE\r\n"
    "Record-Route: <sip:first@10.0.0.3;lr>, <sip:second@10.0.0.4;lr>\r\n"
    "m: Speaker <sip:100@10.0.0.2:5062;transport=udp>;expires=60\r\n"
    "l: 4\r\n"
    "\r\n"
    "v=0\n"
)


def test_an_answer_is_read_with_short_names_and_folded_lines() -> None:
    message = parse(ANSWER.encode())
    assert message
    assert (message.status, message.method, message.cseq, message.call_id) == (200, "INVITE", 2, "abc")
    assert (message.branch, message.tag("from"), message.tag("to")) == ("z9hG4bKours", "us", "them")
    assert message.contact == "sip:100@10.0.0.2:5062;transport=udp"
    assert message.routes == ["<sip:second@10.0.0.4;lr>", "<sip:first@10.0.0.3;lr>"]
    assert message.body == b"v=0\n"


def test_a_request_is_answered_with_what_it_brought() -> None:
    request = parse(
        ANSWER.replace("SIP/2.0 200 OK", "BYE sip:portal@10.0.0.1 SIP/2.0", 1)
        .replace("INVITE", "BYE")
        .encode()
    )
    assert request
    assert (request.method, request.status) == ("BYE", 0)
    answer = parse(reply(request, 200, "OK"))
    assert answer
    assert (answer.status, answer.method, answer.branch) == (200, "BYE", "z9hG4bKours")
    assert (answer.tag("to"), answer.call_id) == ("them", "abc")


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\r\n\r\n",
        b"SIP/2.0 200 OK\r\n\r\n",
        ANSWER.replace("CSeq: 2 INVITE\r\n", "").encode(),
        ANSWER.replace("CSeq: 2", "CSeq: ²").encode(),
        ANSWER.replace("CSeq: 2", "CSeq: 99999999999").encode(),
        ANSWER.replace("SIP/2.0 200", "SIP/2.0 700").encode(),
        ANSWER.replace("SIP/2.0 200 OK", "BYE x SIP/2.0").encode(),  # CSeq says INVITE
        ANSWER.replace("i: abc", "no colon").encode(),
        ANSWER.replace("abc", "a\0c").encode(),
        (ANSWER + "x" * LARGEST).encode(),
        ANSWER.replace("l: 4\r\n", "X: y\r\n" * (MOST_HEADERS + 1)).encode(),
    ],
)
def test_what_is_no_message_is_nothing(datagram: bytes) -> None:
    assert parse(datagram) is None


@pytest.mark.parametrize(
    "contact",
    ["", "*", "tel:119", "sip:", "<sip:a b@c>", "<http://x>", "sip:" + "a" * 600, "<sip:a@b\rX: y>"],
)
def test_a_contact_that_cannot_be_called_is_none(contact: str) -> None:
    message = parse(
        ANSWER.replace("Speaker <sip:100@10.0.0.2:5062;transport=udp>;expires=60", contact).encode()
    )
    assert message is None or message.contact == ""


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_no_word_of_a_message_ever_carries_a_line_end(rubbish: bytes) -> None:
    message = parse(
        ANSWER.encode().replace(b"abc", b"abc\r\nX: " + rubbish + b"\r\nContact: <sip:" + rubbish + b">")
    )
    if message:
        words = [message.contact, message.call_id, message.tag("to"), *message.routes]
        words += [value for values in message.headers.values() for value in values]
        assert not any("\r" in word or "\n" in word for word in words)


def sdp(*lines: str) -> bytes:
    return "\r\n".join(["v=0", "o=- 1 1 IN IP4 9.9.9.9", "s=-", *lines, ""]).encode()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (sdp("c=IN IP4 10.0.0.5", "t=0 0", "m=audio 4000 RTP/AVP 0"), ("10.0.0.5", 4000)),
        (sdp("c=IN IP4 10.0.0.5", "m=audio 4000 RTP/AVP 8 0", "c=IN IP4 10.0.0.6"), ("10.0.0.6", 4000)),
        (
            sdp("m=video 1 RTP/AVP 0", "c=IN IP4 1.1.1.1", "m=audio 6 RTP/AVP 0", "c=IN IP4 10.0.0.7"),
            ("10.0.0.7", 6),
        ),
        (offer("10.0.0.8", 4002, 7).encode(), ("10.0.0.8", 4002)),
    ],
)
def test_where_the_sound_goes(body: bytes, where: tuple[str, int]) -> None:
    assert media(body) == where


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"m=",
        sdp("m=audio 4000 RTP/AVP 0"),
        sdp("c=IN IP4 10.0.0.5", "m=audio 0 RTP/AVP 0"),
        sdp("c=IN IP4 10.0.0.5", "m=audio 65536 RTP/AVP 0"),
        sdp("c=IN IP4 10.0.0.5", "m=audio 4000 RTP/AVP 8"),
        sdp("c=IN IP4 10.0.0.5", "m=audio 4000 RTP/SAVP 0"),
        sdp("c=IN IP4 0.0.0.0", "m=audio 4000 RTP/AVP 0"),
        sdp("c=IN IP4 255.255.255.255", "m=audio 4000 RTP/AVP 0"),
        sdp("c=IN IP4 224.0.0.1/127", "m=audio 4000 RTP/AVP 0"),
        sdp("c=IN IP4 speaker.example.kr", "m=audio 4000 RTP/AVP 0"),
        sdp("c=IN IP6 ::1", "m=audio 4000 RTP/AVP 0"),
    ],
)
def test_an_answer_that_takes_no_sound(body: bytes) -> None:
    with pytest.raises(ValueError):
        media(body)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_answer_does_more_harm_than_a_value_error(rubbish: str) -> None:
    for body in (rubbish, f"c=IN IP4 {rubbish}\r\nm=audio 4 RTP/AVP 0", f"c=IN IP4 1.2.3.4\r\nm={rubbish}"):
        try:
            media(body.encode())
        except ValueError:
            continue


def test_digest_of_rfc_2617() -> None:
    """Section 3.5."""
    said = (
        'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
        'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    challenge = Challenge.of(401, [said])
    assert challenge
    answer = challenge.answer("Mufasa", "Circle Of Life", "GET", "/dir/index.html", 1, "0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in answer
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in answer
    assert "qop=auth, nc=00000001" in answer
    assert "algorithm" not in answer


def test_digest_of_rfc_7616_and_the_stronger_is_taken() -> None:
    """Section 3.9.1."""
    said = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    own = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    md5, sha, unknown = said.format("MD5"), said.format("SHA-256"), said.format("SHA-512-256")
    for offered, right in [
        ([md5], "8ca523f5e9506fed4657c9700eebdbec"),
        ([unknown, md5, sha], "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ]:
        challenge = Challenge.of(407, offered)
        assert challenge
        assert challenge.header == "Proxy-Authorization"
        answer = challenge.answer("Mufasa", "Circle of Life", "GET", "/dir/index.html", 1, own)
        assert f'response="{right}"' in answer


def test_without_qop_as_old_devices_ask() -> None:
    challenge = Challenge.of(401, ['Digest realm="r", nonce="n", stale=TRUE'])
    assert challenge
    assert challenge.stale
    assert "cnonce" not in challenge.answer("u", "p", "INVITE", "sip:1@d", 1, "x")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Basic realm=x",
        "Digest",
        'Digest realm="r"',
        'Digest nonce="n"',
        'Digest realm="r", nonce="n", qop="auth-int"',
    ],
)
def test_a_question_that_cannot_be_answered(said: str) -> None:
    assert Challenge.of(401, [said]) is None


def test_a_name_with_quotes_stays_one_word() -> None:
    challenge = Challenge.of(401, [r'Digest realm="a \"b\"", nonce="n"'])
    assert challenge
    answer = challenge.answer('u"x', "p", "INVITE", "sip:1@d", 1, "x")
    assert answer.startswith(r'Digest username="u\"x", realm="a \"b\"", nonce="n"')


def test_every_refusal_has_a_reason_that_is_told() -> None:
    for status in range(300, 700):
        answer = refused(status)
        assert answer.state == State.WAITING
        assert answer.reason in REASONS
