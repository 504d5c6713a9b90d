"""50 clients entered one after another by one clerk, in one session: nothing of one in another's page."""

import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from repair.models import Case
from tests import make, make_repair

pytestmark = pytest.mark.django_db
CLIENTS = 50
NEW = "/repair/desk/new/"


def client_number(n: int) -> dict[str, str]:
    """What one client says; every word of it is theirs alone."""
    letters = "가나다라마바사아자차"
    own = f"{letters[n // 10]}{letters[n % 10]}솔빛"
    return {
        "name": f"예시 {own}",
        "birth_date": f"19{40 + n % 10}-0{1 + n % 9}-1{n % 10}",
        "phone": f"010-9999-{5000 + n}",
        "helper_name": f"예시 {own}이웃",
        "helper_phone": f"010-0000-{5000 + n}",
        "address": f"진주시 문산읍 {own}로 {100 + n}",
        "unit": f"{7000 + n}호",
        "wishes": f"{own} 대문은 초록색",
        "device0-brand": f"{own}전자",
        "device0-words": f"{own} 소리가 납니다",
    }


def secrets_of(n: int) -> list[str]:
    said = client_number(n)
    digits = [said["phone"].replace("-", "")[1:], said["helper_phone"].replace("-", "")[1:]]
    return [words for name, words in said.items() if name != "birth_date"] + digits + [said["name"][3:7]]


def found_in(html: str, others: range) -> list[str]:
    return [words for n in others for words in secrets_of(n) if words in html]


def once_in(html: str) -> str:
    found = re.search(r'name="once" value="([0-9a-f-]{36})"', html)
    assert found
    return str(uuid.UUID(found[1]))


def test_nothing_of_the_last_client_is_in_the_next_page(client: Client) -> None:
    make_repair.programme()
    clerk = make.clerk()
    make.signed_in(client, clerk)
    form = client.get(NEW)
    onces: list[str] = []
    for n in range(CLIENTS):
        html = form.content.decode()
        others = range(n)
        assert found_in(html, others) == [], n
        for name in (
            "name",
            "birth_date",
            "phone",
            "address",
            "unit",
            "wishes",
            "helper_name",
            "device0-brand",
        ):
            assert re.search(rf'<input[^>]*name="{name}"[^>]*value=', html) is None, name
        assert "checked" not in html.split("<main")[1]
        assert html.split("<main")[1].count('autocomplete="off"') > 15
        assert "no-store" in form["Cache-Control"]
        onces.append(once_in(html))
        given = client_number(n) | {
            "once": onces[-1],
            "way": "counter",
            "group": "disabled",
            "tells": "applicant",
            "district": make.district().pk,
            "device0-kind": "laptop",
            "device0-trouble": "noise",
            "agreed_repair_personal": "on",
            "agreed_repair_sensitive": "on",
        }
        # First with something missing, as it happens: what was typed comes back, theirs only.
        wrong = client.post(NEW, given | {"agreed_repair_sensitive": ""})
        assert wrong.status_code == 422
        html = wrong.content.decode()
        assert client_number(n)["wishes"] in html
        assert found_in(html, others) == []
        assert once_in(html) == onces[-1]
        done = client.post(NEW, given, follow=True)
        html = done.content.decode()
        case = Case.objects.get(once=onces[-1])
        assert done.redirect_chain == [(f"/repair/desk/{case.pk}/", 302)]
        assert client_number(n)["name"] in html
        assert found_in(html, others) == []
        assert "접수했습니다" in html
        receipt = client.get(f"/repair/desk/{case.pk}/receipt/").content.decode()
        assert client_number(n)["name"] in receipt
        assert found_in(receipt, others) == []
        form = client.get(NEW)
        assert "접수했습니다" not in form.content.decode()
    assert Case.objects.filter(entered_by=clerk).count() == CLIENTS
    assert len(set(onces)) == CLIENTS
    everybody = range(CLIENTS)
    for page in ("/repair/desk/", "/repair/desk/?tab=all", "/repair/desk/find/"):
        assert found_in(client.get(page).content.decode(), everybody) == []
    kept = "".join(str(row.get_decoded()) for row in Session.objects.all()) + str(dict(client.session))
    assert found_in(kept, everybody) == []
    assert not any(case.number in kept for case in Case.objects.all())
