"""An applicant in tests: by the code to their phone, through all the pages as a browser would send them."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from people.models import Message
from repair.models import Case, Draft

PHONE = "010-9999-7001"
HELPER = "010-9999-7002"
WHO = {"kind": "own", "name": "예시 어르신", "birth_date": "1950. 3. 1."}
CONTACT = {"tells": "applicant"}
WHERE = {
    "district": "",
    "address": "경상남도 진주시 문산읍 동부로 71",
    "unit": "101동 202호",
    "wishes": "오전에 와 주세요",
}
WHAT = {"count": "1", "kind_1": "desktop", "trouble_1": "slow", "words_1": "켜는 데 10분 걸립니다"}
GROUP = {"group": "disabled"}
CONSENT = {"personal": "on", "sensitive": "on"}


def signed_in(client: Client, phone: str = PHONE, to: str = "/repair/apply/") -> HttpResponse:
    client.post("/people/sign-in/", {"phone": phone, "next": to})
    said = Message.objects.filter(template="sign_in_code").latest("created_at").text
    digits = re.search(r"\d{6}", said)
    assert digits
    return client.post("/people/sign-in/code/", {"code": digits[0], "next": to})


def answer(client: Client, step: str, given: dict[str, Any]) -> HttpResponse:
    return client.post(f"/repair/apply/{step}/", given)


def district_code() -> str:
    from tests import make

    return make.district().code


def fill(client: Client, **steps: dict[str, Any]) -> None:
    """All steps up to the last page; each must let one on."""
    given = {
        "who": WHO,
        "contact": CONTACT,
        "where": {**WHERE, "district": district_code()},
        "what": WHAT,
        "group": GROUP,
        "papers": {},
        "consent": CONSENT,
        **steps,
    }
    for step, typed in given.items():
        if typed is None:
            continue
        response = answer(client, step, typed)
        assert response.status_code == 302, (step, response.content.decode())


def file(client: Client) -> HttpResponse:
    """신청하기 on the last page, as it is shown now."""
    page = client.get("/repair/apply/check/").content.decode()
    hidden = dict(re.findall(r'name="(once|seen)" value="([^"]*)"', page))
    return client.post("/repair/apply/check/", hidden)


def filed(client: Client, **steps: Any) -> Case:
    signed_in(client)
    fill(client, **steps)
    assert file(client).status_code == 302
    return Case.objects.latest("filed_at")


def draft() -> Draft:
    return Draft.objects.get()
