"""Making a broadcast: what is kept, what is refused, and that nothing is made twice."""

import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.db import connection
from django.utils import timezone

from broadcast.categories import Lane
from broadcast.compose import (
    NO_TEXT,
    AlreadySent,
    AlreadyWritten,
    add_text,
    change_draft,
    discard,
    forget_old,
    make_draft,
)
from broadcast.models import Broadcast, Recording
from broadcast.personal_data import VOICE_KEPT, forget_voices
from broadcast.publish import publish
from broadcast.voice.sound import BadSound
from tests import make
from tests.voice import sounds

pytestmark = pytest.mark.django_db


def kept_files() -> list[Path]:
    return [path for path in Path(portal.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_voice_becomes_a_draft_and_says_that_it_has_no_text() -> None:
    village = make.village()
    chief = make.chief(village)
    draft = make_draft(chief, [village], "wildfire", voice=sounds.recorded(**sounds.CHROME))
    assert draft.published_at is None
    assert draft.lane == Lane.URGENT
    assert draft.text == NO_TEXT
    assert draft.recording.source == Recording.Source.MICROPHONE
    assert draft.recording.duration > 1
    assert list(draft.villages.all()) == [village]
    assert len(kept_files()) == 1


def test_a_text_is_read_aloud_and_kept() -> None:
    village = make.village()
    draft = make_draft(make.chief(village), [village], "life", text=" 내일 마을 청소를 합니다. ")
    assert draft.text == "내일 마을 청소를 합니다."
    assert draft.recording.source == Recording.Source.TEXT


def test_nothing_is_kept_of_what_cannot_be_broadcast() -> None:
    village = make.village()
    with pytest.raises(BadSound):
        make_draft(make.chief(village), [village], "life", voice=b"no sound at all")
    assert not Broadcast.objects.exists()
    assert not kept_files()


def test_the_same_recording_twice_is_one_draft() -> None:
    village = make.village()
    chief, key = make.chief(village), uuid.uuid4()
    first = make_draft(chief, [village], "life", voice=sounds.recorded(), key=key)
    assert make_draft(chief, [village], "life", voice=sounds.recorded(), key=key) == first
    assert Recording.objects.count() == len(kept_files()) == 1


def test_the_same_recording_again_goes_where_it_is_wanted_now() -> None:
    first, second = make.village(), make.village()
    chief, key = make.chief(first, second), uuid.uuid4()
    voice = sounds.recorded()
    make_draft(chief, [first], "life", voice=voice, key=key)
    again = make_draft(chief, [second], "rain", text="비가 옵니다.", voice=voice, key=key)
    kept = Broadcast.objects.get()
    assert (again, list(kept.villages.all()), kept.category) == (kept, [second], "rain")
    assert (kept.lane, kept.text) == (Lane.URGENT, "비가 옵니다.")
    publish(kept.pk, chief)
    assert make_draft(chief, [first], "life", voice=voice, key=key) == kept
    kept.refresh_from_db()
    assert (list(kept.villages.all()), kept.category) == ([second], "rain")


@pytest.mark.django_db(transaction=True)
def test_the_same_recording_twice_at_the_same_moment_is_one_draft() -> None:
    village = make.village()
    chief, key, start = make.chief(village), uuid.uuid4(), threading.Barrier(2)
    voice = sounds.recorded()

    def tap() -> None:
        start.wait(10)
        make_draft(chief, [village], "life", voice=voice, key=key)
        connection.close()

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert Broadcast.objects.count() == Recording.objects.count() == len(kept_files()) == 1


def test_a_changed_text_is_read_anew_and_the_old_sound_is_gone(django_capture_on_commit_callbacks) -> None:
    village = make.village()
    chief = make.chief(village)
    before = make_draft(chief, [village], "life", text="내일 마을 청소를 합니다.")
    with django_capture_on_commit_callbacks(execute=True):
        after = change_draft(before.pk, chief, "rain", "비가 많이 옵니다. 조심하십시오.")
    assert after.lane == Lane.URGENT
    assert after.recording != before.recording
    assert Recording.objects.count() == len(kept_files()) == 1


def test_a_text_beside_a_voice_changes_no_sound() -> None:
    village = make.village()
    chief = make.chief(village)
    before = make_draft(chief, [village], "life", voice=sounds.recorded())
    after = change_draft(before.pk, chief, "life", "건강 검진이 있습니다.")
    assert after.recording == before.recording
    assert after.text == "건강 검진이 있습니다."
    assert change_draft(before.pk, chief, "life", " ").text == NO_TEXT


def test_what_was_sent_is_neither_changed_nor_thrown_away() -> None:
    sent = make.published(["http://127.0.0.1:9"])
    with pytest.raises(AlreadySent):
        change_draft(sent.pk, sent.author, "rain", sent.text)
    with pytest.raises(AlreadySent):
        discard(sent.pk, sent.author)


def test_a_thrown_away_draft_leaves_no_voice_behind(django_capture_on_commit_callbacks) -> None:
    village = make.village()
    chief = make.chief(village)
    draft = make_draft(chief, [village], "life", voice=sounds.recorded())
    with pytest.raises(Broadcast.DoesNotExist):
        discard(draft.pk, make.chief(village))
    with django_capture_on_commit_callbacks(execute=True):
        discard(draft.pk, chief)
    assert not Broadcast.objects.exists()
    assert not Recording.objects.exists()
    assert not kept_files()


def test_the_text_of_a_voice_is_added_once_by_who_spoke() -> None:
    village = make.village()
    chief = make.chief(village)
    sent = publish(make.draft(chief, [village], text=NO_TEXT).pk, chief)
    with pytest.raises(Broadcast.DoesNotExist):
        add_text(sent.pk, make.chief(village), "다른 말")
    assert add_text(sent.pk, chief, " 청소가 있습니다. ").text == "청소가 있습니다."
    with pytest.raises(AlreadyWritten):
        add_text(sent.pk, chief, "다른 말")


def test_what_nobody_sent_is_gone_after_a_day(django_capture_on_commit_callbacks) -> None:
    village = make.village()
    chief = make.chief(village)
    old, young, sent = (make.draft(chief, [village]) for _ in range(3))
    publish(sent.pk, chief)
    left, new = make.recording(chief), make.recording(chief)
    a_day_ago = timezone.now() - timedelta(hours=25)
    Broadcast.objects.filter(pk__in=[old.pk, sent.pk]).update(created_at=a_day_ago)
    Recording.objects.exclude(pk__in=[young.recording_id, new.pk]).update(made_at=a_day_ago)
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old() == 2
    assert set(Broadcast.objects.all()) == {young, sent}
    assert set(Recording.objects.all()) == {young.recording, sent.recording, new}
    assert len(kept_files()) == 3
    assert not Recording.objects.filter(pk=left.pk).exists()


def test_a_voice_is_gone_after_a_year_and_its_text_stays(client, django_capture_on_commit_callbacks) -> None:
    village = make.gateway().village
    chief = make.chief(village)
    old, young = (publish(make.draft(chief, [village]).pk, chief) for _ in range(2))
    Broadcast.objects.filter(pk=old.pk).update(published_at=timezone.now() - VOICE_KEPT - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_voices() == 1
    assert forget_voices() == 0
    assert make.destroyed() == [("방송한 목소리", 1)]
    assert [path.stem for path in kept_files()] == [str(young.recording_id)]
    make.signed_in(client, chief)
    page = client.get(f"/broadcast/{old.pk}/").content.decode()
    assert old.text in page
    assert "<audio" not in page
    assert client.get(f"/broadcast/recordings/{old.recording_id}/audio/").status_code == 404
    assert client.get(f"/broadcast/recordings/{young.recording_id}/audio/").status_code == 200
