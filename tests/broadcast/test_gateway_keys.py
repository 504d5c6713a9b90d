"""A box gets its key, changes it and loses it; a secret is shown once, and never one that is in use."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from broadcast.models import GatewayKey
from privacy.models import AccessRecord
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def box():
    return make.gateway()


@pytest.fixture
def run(box):
    by = make.city_operator(username="kim")

    def run(*words: str) -> str:
        out = StringIO()
        call_command("gateway_key", box.code, "--by", by.username, *words, stdout=out)
        return out.getvalue()

    return run


def test_looking_shows_no_secret(box, run) -> None:
    told = run()
    assert "1번 열쇠" in told
    assert box.address in told
    assert not re.search(r"[0-9a-f]{64}", told)


def test_a_new_secret_is_shown_once_and_the_old_never(box, run) -> None:
    told = run("--next")
    (secret,) = re.findall(r"[0-9a-f]{64}", told)
    assert GatewayKey.objects.get(gateway=box, number=2).secret == secret
    assert f"{box.code}.2" in told
    assert secret not in run()
    assert GatewayKey.objects.filter(gateway=box, retired_at=None).count() == 2
    with pytest.raises(CommandError, match="이미 열쇠가 둘"):
        run("--next")


def test_a_key_is_retired_but_not_the_last(box, run) -> None:
    with pytest.raises(CommandError, match="하나뿐"):
        run("--retire", "1")
    run("--next")
    assert "거두었습니다" in run("--retire", "1")
    assert [k.number for k in box.keys.filter(retired_at=None)] == [2]
    with pytest.raises(CommandError, match="지금 쓰는 열쇠가 아닙니다"):
        run("--retire", "1")
    assert "3번 열쇠" in run("--next")


def test_both_are_on_record(box, run) -> None:
    run("--next")
    run("--retire", "1")
    rows = AccessRecord.objects.filter(identifier="kim", subjects=[f"broadcast.gateway:{box.pk}"])
    assert [row.action for row in rows.order_by("pk")] == ["create", "delete"]
    assert all(not re.search(r"[0-9a-f]{64}", row.detail) for row in rows)


def test_no_such_box_and_nobody_who_does_it(box, run) -> None:
    with pytest.raises(CommandError, match="그런 장비"):
        call_command("gateway_key", "없음", "--by", "kim", stdout=StringIO())
    with pytest.raises(CommandError, match="--by"):
        call_command("gateway_key", box.code, "--by", "nobody", stdout=StringIO())
