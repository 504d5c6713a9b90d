"""20 callers one after another, answered by one person in one session: nothing of one in the page of another."""

import re

import pytest
from django.contrib.sessions.models import Session as WebSession
from django.test import Client

from learning.models import Booking
from people.models import Message
from tests import make as make_people
from tests import make_learning as make

pytestmark = pytest.mark.django_db
CALLERS = 20
CALL = "/learning/desk/call/"


def caller(n: int) -> dict[str, str]:
    """What one caller says; every word of it is theirs alone."""
    own = f"{'가나다라마바사아자차'[n % 10]}{'솔별'[n // 10]}한울"
    return {
        "phone": f"010-9998-{4000 + n}",
        "name": f"예시 {own}",
        "birth_year": str(1930 + n),
        "own_phone": f"055-747-{5000 + n}",
        "booker_name": f"예시 {own}딸",
        "wishes": f"{own} 귀가 어두우심",
    }


def secrets_of(n: int) -> list[str]:
    said = caller(n)
    digits = [said[name].replace("-", "")[1:] for name in ("phone", "own_phone")]
    return [words for name, words in said.items() if name != "birth_year"] + digits


def found_in(html: str, others: range) -> list[str]:
    return [words for n in others for words in secrets_of(n) if words in html]


def test_nothing_of_the_last_caller_is_in_the_next_page(client: Client) -> None:
    desk = make.call_centre()
    make_people.signed_in(client, desk)
    session = make.session(make.course(seats=CALLERS), capacity=CALLERS)
    for n in range(CALLERS):
        said, others = caller(n), range(n)
        first = client.get(CALL)
        html = first.content.decode()
        assert found_in(html, range(CALLERS)) == []
        assert re.search(r'<input[^>]*name="phone"[^>]*value=', html) is None
        assert "신청했습니다" not in html
        assert "no-store" in first["Cache-Control"]
        html = client.post(CALL, {"phone": said["phone"]}).content.decode()
        assert said["phone"] in html
        assert found_in(html, others) == []
        for name in ("name", "birth_year", "own_phone", "booker_name", "wishes", "despite"):
            assert re.search(rf'<input[^>]*name="{name}"[^>]*value=', html) is None, name
        assert "checked" not in html.split("<main")[1]
        given = said | {"do": "book", "who": "new", "personal": "on", "needs": "on", "pick": f"s{session.pk}"}
        # First with something missing, as it happens: what was typed comes back, theirs only.
        wrong = client.post(CALL, given | {"personal": ""})
        assert wrong.status_code == 422
        assert said["wishes"] in wrong.content.decode()
        assert found_in(wrong.content.decode(), others) == []
        done = client.post(CALL, given, follow=True)
        assert said["name"] in done.content.decode()
        assert found_in(done.content.decode(), others) == []
        assert not any(words in done.redirect_chain[0][0] for words in secrets_of(n))
    assert Booking.objects.filter(entered_by=desk).count() == CALLERS
    everybody = range(CALLERS)
    for page in ("/learning/desk/", f"/learning/desk/sessions/{session.pk}/", "/learning/desk/to-phone/"):
        assert found_in(client.get(page).content.decode(), everybody) == []
    kept = "".join(str(row.get_decoded()) for row in WebSession.objects.all()) + str(dict(client.session))
    assert found_in(kept + str(client.cookies), everybody) == []
    assert not Message.objects.filter(key__contains="010").exists()
