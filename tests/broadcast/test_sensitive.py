"""실종 방송 names somebody: never in a list; to offices while it runs, afterwards for a purpose; gone after a year."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from broadcast.models import Broadcast
from broadcast.personal_data import NAMES_GONE, VOICE_KEPT, forget_voices
from broadcast.publish import publish
from broadcast.sensitive import HIDDEN
from people.demo_clock import clock_at
from privacy.access import subject
from privacy.models import AccessRecord
from tests import make

pytestmark = pytest.mark.django_db
NAME = "예시 오나리"


@pytest.fixture
def village():
    return make.gateway().village


@pytest.fixture
def sent(village) -> Broadcast:
    police = make.police(username="police-one")
    draft = make.draft(police, [village], category="missing", text=f"{NAME} 님을 찾습니다.")
    return publish(draft.pk, police)


def pages(user, sent: Broadcast) -> dict[str, str]:
    client = make.signed_in(Client(), user)
    paths = {"status": f"/broadcast/{sent.pk}/", "history": "/broadcast/history/", "board": "/broadcast/"}
    return {name: client.get(path).content.decode() for name, path in paths.items()}


def heard(user, sent: Broadcast) -> int:
    return make.signed_in(Client(), user).get(f"/broadcast/recordings/{sent.recording_id}/audio/").status_code


def records(sent: Broadcast) -> list[str]:
    rows = AccessRecord.objects.filter(subjects=[subject(sent)], action="view").order_by("pk")
    return list(rows.values_list("detail", flat=True))


def test_a_chief_whose_village_heard_it_reads_no_name(village, sent) -> None:
    chief = make.chief(village)
    for name, page in pages(chief, sent).items():
        assert NAME not in page, name
    assert HIDDEN in pages(chief, sent)["status"]
    assert heard(chief, sent) == 404
    assert records(sent) == []


def test_offices_read_it_while_it_runs_and_are_on_record(village, sent) -> None:
    for user in (sent.author, make.city_operator(), make.clerk(village.district)):
        before = len(records(sent))
        shown = pages(user, sent)
        assert NAME in shown.pop("status")
        assert all(NAME not in page for page in shown.values())
        assert records(sent)[before:] == ["사람을 찾는 방송: 끝나기 전"]
        assert heard(user, sent) == 200


def test_after_its_end_for_a_purpose_only(village, sent) -> None:
    operator = make.city_operator()
    Broadcast.objects.filter(pk=sent.pk).update(
        expires_at=timezone.now() - timedelta(seconds=1), published_at=timezone.now() - timedelta(hours=7)
    )
    assert all(NAME not in page for page in pages(operator, sent).values())
    assert heard(operator, sent) == 404
    assert records(sent) == []
    client = make.seeing(make.signed_in(Client(), operator), sent, purpose="answer")
    assert NAME in client.get(f"/broadcast/{sent.pk}/").content.decode()
    sound = client.get(f"/broadcast/recordings/{sent.recording_id}/audio/")
    assert (sound.status_code, sound["Cache-Control"]) == (200, "private, no-store")
    assert records(sent) == ["사람을 찾는 방송: 민원·요구 처리"] * 2


def test_a_second_person_who_decides_is_on_record(village) -> None:
    police = make.police()
    draft = make.draft(police, [village], category="missing", text=f"{NAME} 님을 찾습니다.")
    Broadcast.objects.filter(pk=draft.pk).update(needs_second_person=True, submitted_at=timezone.now())
    operator = make.signed_in(Client(), make.city_operator())
    assert NAME not in operator.get("/broadcast/approvals/").content.decode()
    assert records(draft) == []
    assert NAME in operator.get(f"/broadcast/{draft.pk}/decide/").content.decode()
    assert records(draft) == ["사람을 찾는 방송: 끝나기 전"]


def test_the_name_goes_after_a_year_with_the_voice(village, sent, django_capture_on_commit_callbacks) -> None:
    other = make.draft(make.chief(village), [village], text="마을 청소를 합니다.")
    other = publish(other.pk, other.author)
    with clock_at(timezone.now() + VOICE_KEPT - timedelta(days=1)):
        assert forget_voices() == 0
    with (
        clock_at(timezone.now() + VOICE_KEPT + timedelta(days=1)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert forget_voices() == 3
        assert forget_voices() == 0
    sent.refresh_from_db()
    other.refresh_from_db()
    assert (sent.text, other.text) == (NAMES_GONE, "마을 청소를 합니다.")
    assert ("사람을 찾는 방송의 글", 1) in make.destroyed()
