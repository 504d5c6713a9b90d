"""What comes from outside is hostile: each of these is refused by name, and none brings anything down."""

import time

import pytest

from broadcast.cap.message import read
from broadcast.cap.reading import MOST_BYTES, MOST_ELEMENTS
from broadcast.cap.refused import Refused

from . import alerts

DECLARED = '<?xml version="1.0" encoding="{}"?>\n'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
HOSTILE = {
    "billion laughs": f"<!DOCTYPE alert [{LAUGHS}]>{alerts.alert(alerts.info(headline='&l9;'))}",
    "quadratic": f'<!DOCTYPE a [<!ENTITY x "{"x" * 50000}">]>{alerts.alert(alerts.info(headline="&x;" * 500))}',
    "external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + alerts.alert(event="&x;"),
    "external over http": '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]>'
    + alerts.alert(event="&x;"),
    "parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>' + alerts.alert(),
    "external DTD": '<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/cap.dtd">' + alerts.alert(),
    "public DTD": '<!DOCTYPE alert PUBLIC "-//X//Y" "http://127.0.0.1:9/cap.dtd">' + alerts.alert(),
}


def refusal(data: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        read(data)
    assert str(caught.value).endswith((".", "+09:00"))
    assert any("가" <= letter <= "힣" for letter in str(caught.value))
    assert caught.value.english
    assert 400 <= caught.value.status < 500
    return caught.value


@pytest.mark.parametrize("what", HOSTILE)
def test_a_dtd_is_refused_before_anything_grows_or_is_fetched(what: str) -> None:
    began = time.monotonic()
    assert refusal(HOSTILE[what].encode()).code == "forbidden_xml"
    assert time.monotonic() - began < 20  # a billion laughs would take hours


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{}", "not_xml"),
        (b"\xff\xd8\xff\xe0", "encoding"),
        (b"\0\0\0\0", "not_xml"),
        (b"<alert", "not_xml"),
        (b"<alert></alarm>", "not_xml"),
        (b"<a>&nbsp;</a>", "not_xml"),
        (b"<a>&#0;</a>", "not_xml"),
        (b"<a>\x0b</a>", "not_xml"),
        (b"<a/><b/>", "not_xml"),
        (b"<a " + b"x" * 1000, "not_xml"),
        (b"<html><body/></html>", "not_cap_1_2"),
        (b"<alert/>", "not_cap_1_2"),
        (b" " * (MOST_BYTES + 1) + b"<a/>", "too_large"),
        (b"<a>" * 100_000, "too_complex"),
        (b"<a>" + b"<b/>" * (MOST_ELEMENTS + 1) + b"</a>", "too_complex"),
    ],
)
def test_what_is_no_alert(data: bytes, code: str) -> None:
    assert refusal(data).code == code


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:oasis:names:tc:emergency:cap:1.1",
        "http://www.incident.com/cap/1.0",
        "urn:oasis:names:tc:emergency:cap:1.2 ",
        "",
    ],
)
def test_another_name_space_is_another_language(namespace: str) -> None:
    assert refusal(alerts.alert(namespace=namespace).encode()).code == "not_cap_1_2"


GOOD = alerts.alert()


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        b"\n" + GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        (DECLARED.format("UTF-8") + GOOD).encode(),
        b"\xef\xbb\xbf" + (DECLARED.format("utf-8") + GOOD).encode(),
        (DECLARED.format("EUC-KR") + GOOD).encode("euc-kr"),
        (DECLARED.format("ks_c_5601-1987") + GOOD).encode("cp949"),
        (DECLARED.format("CP949") + GOOD.replace("산불", "똠방")).encode("cp949"),
        (DECLARED.format("UTF-16") + GOOD).encode("utf-16"),
        GOOD.encode("utf-16"),
        b"\xfe\xff" + (DECLARED.format("UTF-16") + GOOD).encode("utf-16-be"),
        (
            DECLARED.format("us-ascii")
            + alerts.alert(
                alerts.info(event="fire", headline="a", instruction="b", areas=alerts.area(about="x"))
            )
        ).encode(),
        (
            DECLARED.format("euc-kr")
            + alerts.alert(
                alerts.info(event="fire", headline="a", instruction="b", areas=alerts.area(about="x"))
            )
        ).encode(),
    ],
    ids=alerts.numbered(),
)
def test_korean_in_each_of_its_encodings(data: bytes) -> None:
    message = read(data)
    assert message.infos[0].event in ("산불", "똠방", "fire")
    assert message.infos[0].headline in ("문산읍 산불", "문산읍 똠방", "a")


@pytest.mark.parametrize(
    "data",
    [
        (DECLARED.format("UTF-8") + GOOD).encode("euc-kr"),
        GOOD.encode("euc-kr"),
        (DECLARED.format("EUC-KR") + GOOD).encode(),
        (DECLARED.format("US-ASCII") + GOOD).encode(),
        (DECLARED.format("UTF-16") + GOOD).encode(),
        b"\xef\xbb\xbf" + (DECLARED.format("EUC-KR") + GOOD).encode(),
        (DECLARED.format("UTF-8") + GOOD).encode("utf-16"),
        GOOD.encode("utf-16-le"),
        (DECLARED.format("UTF-32") + GOOD).encode(),
        (DECLARED.format("UTF-7") + GOOD).encode(),
        (DECLARED.format("x-nonsense") + GOOD).encode(),
        GOOD.encode("utf-16")[:-1],
        GOOD.encode()[:-20].replace("산".encode(), "산".encode()[:2]),
    ],
    ids=alerts.numbered(),
)
def test_bytes_that_are_not_what_they_say(data: bytes) -> None:
    assert refusal(data).code == "encoding"


@pytest.mark.parametrize("name", ["identifier", "sender", "sent", "status", "msgType", "scope"])
@pytest.mark.parametrize("value", [None, "", " "])
def test_what_every_alert_has(name: str, value: str | None) -> None:
    refused = refusal(alerts.alert(**{name: value}).encode())  # type: ignore[arg-type]
    assert (refused.code, refused.english) == ("missing", f"{name} is missing")


@pytest.mark.parametrize("name", ["category", "event", "urgency", "severity", "certainty"])
def test_what_every_info_has(name: str) -> None:
    refused = refusal(alerts.alert(alerts.info(**{name: None})).encode())  # type: ignore[arg-type]
    assert (refused.code, refused.english) == ("missing", f"{name} is missing")


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        (alerts.alert(""), "info"),
        (alerts.alert(msgType="Update"), "references"),
        (alerts.alert("", msgType="Cancel"), "references"),
        (alerts.alert(alerts.info("<area><polygon>1,1</polygon></area>")), "areaDesc"),
    ],
    ids=alerts.numbered(),
)
def test_what_else_is_needed(xml: str, name: str) -> None:
    assert refusal(xml.encode()).english == f"{name} is missing"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (alerts.alert(status="actual"), "wrong_value"),
        (alerts.alert(msgType="Alarm"), "wrong_value"),
        (alerts.alert(scope="Everybody"), "wrong_value"),
        (alerts.alert(identifier="a b"), "wrong_value"),
        (alerts.alert(identifier="a,b"), "wrong_value"),
        (alerts.alert(identifier="a" * 201), "wrong_value"),
        (alerts.alert(sender="a&amp;b"), "wrong_value"),
        (alerts.alert(references="a,b"), "wrong_value"),
        (alerts.alert(references="a,b,yesterday"), "wrong_date"),
        (alerts.alert(references=" ".join([f"a,b,{alerts.at()}"] * 51)), "too_many"),
        (alerts.alert(alerts.info(severity="Grave")), "wrong_value"),
        (alerts.alert(alerts.info(category="Fires")), "wrong_value"),
        (alerts.alert(alerts.info(urgency="now")), "wrong_value"),
        (alerts.alert(alerts.info(certainty="100%")), "wrong_value"),
        (alerts.alert(alerts.info() * 21), "too_many"),
        (alerts.alert(alerts.info(alerts.area() * 501)), "too_many"),
        (alerts.alert(alerts.info(alerts.area(" ".join(["1,1"] * 4001)))), "too_many"),
        (
            alerts.alert(alerts.info("".join(alerts.area("", circle="1,1 1") for _ in range(400))) * 3),
            "too_many",
        ),
        (alerts.alert(event="a") + "<", "not_xml"),
        (alerts.alert().replace("<scope>", "<scope>Public</scope><scope>"), "repeated"),
        (alerts.alert(alerts.info().replace("<event>", "<event>x</event><event>")), "repeated"),
    ],
    ids=alerts.numbered(),
)
def test_values_that_cap_does_not_know(xml: str, code: str) -> None:
    assert refusal(xml.encode()).code == code


WRONG_DATES = [
    "2026-11-22",
    "2026-11-22T09:00:00",
    "2026-11-22T09:00:00Z",
    "2026-11-22T09:00:00.5+09:00",
    "2026-11-22 09:00:00+09:00",
    "2026-13-22T09:00:00+09:00",
    "2026-02-30T09:00:00+09:00",
    "2026-11-22T25:00:00+09:00",
    "2026-11-22T09:00:60+09:00",
    "2026-11-22T09:00:00+25:00",
    "2026-11-22T09:00:00+0900",
    "0000-11-22T09:00:00+09:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "１２２６-11-22T09:00:00+09:00",
    "내일",
]


@pytest.mark.parametrize("date", WRONG_DATES)
def test_dates_that_are_none(date: str) -> None:
    assert refusal(alerts.alert(sent=date).encode()).code == "wrong_date"
    for name in ("effective", "expires"):
        assert refusal(alerts.alert(alerts.info(**{name: date})).encode()).code == "wrong_date"


def test_an_end_before_the_beginning() -> None:
    assert refusal(alerts.alert(alerts.info(expires=alerts.at(-5))).encode()).code == "wrong_date"


def test_moments_are_the_same_in_every_time_zone() -> None:
    one = read(alerts.alert(sent="2026-11-22T09:00:00+09:00").encode())
    other = read(alerts.alert(sent="2026-11-22T00:00:00-00:00").encode())
    assert one.name.sent == other.name.sent
