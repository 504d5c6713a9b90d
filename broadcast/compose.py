"""Making a broadcast, before it is sent: a sound is kept, a draft made, changed, thrown away. Sending is publish.py.

Sound is made outside of transactions: it takes seconds.
"""

import hashlib
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from people.models import User

from .categories import CATEGORIES, lane_of
from .models import Broadcast, ChiefPost, Plan, Recording, TemplatePart, Village
from .voice.recorded import evened_out
from .voice.sound import Sound
from .voice.spoken import spoken

#: Stands beside a recording until somebody writes down what was said.
NO_TEXT = "목소리로 한 방송입니다. 내용을 글로는 아직 적지 않았습니다."

#: What nobody sent by then was given up. Longer than any page offers it again.
GIVEN_UP = timedelta(hours=24)


class AlreadySent(Exception):
    """It went out, or is planned: neither its sound nor its villages change any more."""


class AlreadyWritten(Exception):
    """The text stands: what people have read is not changed behind their backs."""


def keep(sound: Sound, source: str, by: User) -> Recording:
    """The sound as a file and a row."""
    recording = Recording(
        made_by=by,
        source=source,
        sha256=hashlib.sha256(sound.data).hexdigest(),
        size=len(sound.data),
        duration=sound.duration,
        loudness=sound.loudness,
    )
    recording.file.save(f"{recording.pk}.mp3", ContentFile(sound.data), save=False)
    recording.save()
    return recording


def make_draft(
    by: User,
    villages: Iterable[Village],
    category: str,
    *,
    text: str = "",
    voice: bytes | None = None,
    key: uuid.UUID | None = None,
    corrects: Broadcast | None = None,
    on_behalf_of: ChiefPost | None = None,
) -> Broadcast:
    """A draft from what was said into a microphone (`voice`, as the browser sent it) or, without, from the text.

    `key`: chosen by the browser for one recording; if it comes twice (the answer was lost on the way), the draft
    that exists is returned, with what is wanted now. `corrects`: a broadcast of theirs that was wrong; `on_behalf_of`:
    the chief for whom they speak (on_behalf.posts_for). Raises BadSound.
    """
    also = {"corrects": corrects, "on_behalf_of": on_behalf_of}
    if key and Broadcast.objects.filter(pk=key, author=by).exists():
        return _as_wanted_now(key, by, category, text, villages, also)
    if voice is None:
        recording = keep(spoken(text), Recording.Source.TEXT, by)
    else:
        recording = keep(evened_out(voice), Recording.Source.MICROPHONE, by)
    with transaction.atomic():
        # Uploads of the same recording at the same moment wait here for each other.
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        if key and Broadcast.objects.filter(pk=key).exists():
            _forget(recording)
            return _as_wanted_now(key, by, category, text, villages, also)
        broadcast = Broadcast.objects.create(
            pk=key or uuid.uuid4(),
            author=by,
            category=category,
            lane=CATEGORIES[category].lane,
            text=text.strip() or NO_TEXT,
            recording=recording,
            **also,
        )
        broadcast.villages.set(villages)
    return broadcast


def _as_wanted_now(
    key: uuid.UUID, by: User, category: str, text: str, villages: Iterable[Village], also: dict[str, Any]
) -> Broadcast:
    """The draft of that key, or the broadcast if it was sent meanwhile. Raises BadSound."""
    try:
        draft = change_draft(key, by, category, text, villages)
        Broadcast.objects.filter(pk=key, published_at=None).update(**also)
        return draft
    except AlreadySent:
        return Broadcast.objects.get(pk=key, author=by)


def change_draft(
    broadcast_id: uuid.UUID, by: User, category: str, text: str, villages: Iterable[Village] | None = None
) -> Broadcast:
    """Another category, text, or other villages. A text that is read aloud is read anew.

    Raises Broadcast.DoesNotExist if it is not their own, AlreadySent, BadSound.
    """
    before = Broadcast.objects.select_related("recording").get(pk=broadcast_id, author=by)
    text = text.strip()
    anew = None
    if before.recording.source == Recording.Source.TEXT and text != before.text:
        anew = keep(spoken(text), Recording.Source.TEXT, by)
    with transaction.atomic():
        broadcast = _own_draft(broadcast_id, by)
        if (category, text) != (broadcast.category, broadcast.text):
            broadcast.template = None  # these are no longer the words that were agreed on
        if category != broadcast.category:
            broadcast.severity = ""  # that of the alert which it was: it must not make anything else urgent
        broadcast.category, broadcast.lane = category, lane_of(category, broadcast.severity)
        broadcast.text = text or NO_TEXT
        old = broadcast.recording
        if anew:
            broadcast.recording = anew
        broadcast.save(update_fields=["category", "severity", "lane", "text", "recording", "template"])
        if villages is not None:
            broadcast.villages.set(villages)
        if anew:
            _forget(old)
    return broadcast


def discard(broadcast_id: uuid.UUID, by: User) -> None:
    """Throws an own draft away, with its sound. Raises Broadcast.DoesNotExist, AlreadySent."""
    with transaction.atomic():
        broadcast = _own_draft(broadcast_id, by)
        broadcast.delete()
        _forget(broadcast.recording)


def forget_old() -> int:
    """Drops drafts that were given up, and sounds that no broadcast carries (left by a change or a program that
    died). Returns how many. What was sent is never touched."""
    before = timezone.now() - GIVEN_UP
    count = 0
    drafts = Broadcast.objects.filter(
        published_at=None, submitted_at=None, planned=None, created_at__lt=before
    )
    for draft in drafts.select_related("author"):
        with suppress(Broadcast.DoesNotExist, AlreadySent):  # sent or thrown away at this very moment
            discard(draft.pk, draft.author)
            count += 1
    carried = Exists(Broadcast.objects.filter(recording=OuterRef("pk")))
    in_a_template = Exists(TemplatePart.objects.filter(recording=OuterRef("pk")))
    for recording in Recording.objects.filter(~carried, ~in_a_template, made_at__lt=before):
        with transaction.atomic():
            _forget(recording)
        count += 1
    return count


def add_text(broadcast_id: uuid.UUID, by: User, text: str) -> Broadcast:
    """What was said, written down after it was sent; once, by the one who said it.

    Raises Broadcast.DoesNotExist, AlreadyWritten.
    """
    with transaction.atomic():
        broadcast = Broadcast.objects.select_for_update(of=("self",)).get(pk=broadcast_id, author=by)
        if broadcast.text != NO_TEXT:
            raise AlreadyWritten
        broadcast.text = text.strip()
        broadcast.told_at = None  # those who cannot hear it get the words now
        broadcast.save(update_fields=["text", "told_at"])
    return broadcast


def _own_draft(broadcast_id: uuid.UUID, by: User) -> Broadcast:
    broadcast = (
        Broadcast.objects.select_for_update(of=("self",))
        .select_related("recording")
        .get(pk=broadcast_id, author=by)
    )
    if broadcast.published_at or broadcast.submitted_at or Plan.objects.filter(original=broadcast).exists():
        raise AlreadySent
    return broadcast


def _forget(recording: Recording) -> None:
    """A sound that no broadcast carries: the row now, the file once that is certain."""
    file = recording.file
    recording.delete()
    transaction.on_commit(lambda: file.delete(save=False))
