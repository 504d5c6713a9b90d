"""The city's pages of alerts: who may see them, what they say, and a draft that somebody takes over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcast.cap.intake import take
from broadcast.models import Alert, AlertSource, Broadcast
from broadcast.tasks import forget
from people.models import User
from tests import make

from . import alerts

pytestmark = pytest.mark.django_db


def draft(source: AlertSource, **fields: str) -> Alert:
    made = take(source, alerts.alert(**fields).encode()).alert
    assert made.outcome == "draft"
    return made


@pytest.fixture
def source() -> AlertSource:
    make.gateway()
    return make.alert_source("시험 산림 기관", may_send_from="")


@pytest.fixture
def operator() -> User:
    return make.city_operator()


def test_the_city_only(client: Client, source: AlertSource) -> None:
    one = draft(source)
    for other in (make.clerk(), make.chief(), make.user()):
        make.signed_in(client, other)
        for page in ("/broadcast/alerts/", f"/broadcast/alerts/{one.pk}/"):
            assert client.get(page).status_code == 403
        assert client.post(f"/broadcast/alerts/{one.pk}/take/").status_code == 403
        assert "재난 경보" not in client.get("/broadcast/history/").content.decode()
    client.logout()
    assert client.get("/broadcast/alerts/").status_code == 302
    assert Broadcast.objects.get().author == source.account


def test_a_draft_is_taken_over_and_sent(client: Client, source: AlertSource, operator: User) -> None:
    one = draft(source)
    make.signed_in(client, operator)
    assert "보낼지 정해 주세요" in client.get("/broadcast/alerts/").content.decode()
    page = f"/broadcast/alerts/{one.pk}/"
    assert "맡아서 보낼 준비 하기" in client.get(page).content.decode()
    assert client.get(f"{page}take/").status_code == 405
    review = client.post(f"{page}take/")
    assert review["Location"] == f"/broadcast/{one.broadcast_id}/review/"
    assert "보낼 준비 이어서 하기" in client.get(page).content.decode()
    assert "보낼지 정해 주세요" not in client.get("/broadcast/alerts/").content.decode()
    assert client.get(review["Location"]).status_code == 200
    other = make.signed_in(Client(), make.city_operator())
    assert other.post(f"{page}take/")["Location"] == page
    assert "다른 담당자가 맡았거나" in other.get(page).content.decode()
    text = Broadcast.objects.get().text
    client.post(review["Location"], {"category": "wildfire", "text": text, "send": "1"})
    assert Broadcast.objects.get().published_at
    assert "방송 결과 보기" in other.get(page).content.decode()


def test_what_waits_for_a_second_person_leads_there(client: Client, operator: User) -> None:
    make.gateway()
    make.sending_rule(sender="alert")
    one = draft(make.alert_source())
    make.signed_in(client, operator)
    page = client.get(f"/broadcast/alerts/{one.pk}/").content.decode()
    assert f"/broadcast/{one.broadcast_id}/decide/" in page
    assert "맡아서" not in page


def test_xml_from_outside_is_shown_and_never_run(client: Client, source: AlertSource, operator: User) -> None:
    bad = "&lt;script&gt;alert(1)&lt;/script&gt;산불"
    one = draft(source, infos=alerts.info(event=bad, headline=bad))
    make.signed_in(client, operator)
    for page in ("/broadcast/alerts/", f"/broadcast/alerts/{one.pk}/"):
        assert "<script>alert" not in client.get(page).content.decode()


def test_an_alert_whose_draft_is_gone_has_a_page(client: Client, source: AlertSource, operator: User) -> None:
    one = draft(source)
    Broadcast.objects.get().delete()
    make.signed_in(client, operator)
    assert client.get(f"/broadcast/alerts/{one.pk}/").status_code == 200
    assert client.post(f"/broadcast/alerts/{one.pk}/take/").status_code == 302
    assert client.get("/broadcast/alerts/999999/").status_code == 404


def test_the_words_are_kept_for_a_year(client: Client, source: AlertSource, operator: User) -> None:
    old, young = draft(source), draft(source)
    Alert.objects.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=366))
    forget()
    make.signed_in(client, operator)
    assert "보관 기간이 지나" in client.get(f"/broadcast/alerts/{old.pk}/").content.decode()
    assert "보관 기간이 지나" not in client.get(f"/broadcast/alerts/{young.pk}/").content.decode()
    assert old.identifier == Alert.objects.get(xml="").identifier


def test_the_number_of_questions_does_not_grow(client: Client, operator: User) -> None:
    make.signed_in(client, operator)
    counts: dict[str, list[int]] = {"list": [], "one": []}
    for number in (1, 3, 30):
        villages = [make.gateway().village for _ in range(number)]
        for _ in range(number):
            source = make.alert_source(may_send_from="")
            made = make.draft(source.account, villages, "wildfire")
            one = Alert.objects.create(
                source=source,
                identifier=str(made.pk),
                sender="a",
                sent=made.created_at,
                msg_type="Alert",
                event="산불",
                severity="Severe",
                xml="<alert/>",
                outcome="draft",
                broadcast=made,
            )
        for name, page in (("list", "/broadcast/alerts/"), ("one", f"/broadcast/alerts/{one.pk}/")):
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            counts[name].append(len(asked))
    assert counts == {"list": [7] * 3, "one": [8] * 3}
