"""A voice made from text, by whichever speaker the city has chosen (settings.SPEECH)."""

from collections.abc import Callable

from django.conf import settings

from broadcast.voice.apart import run_apart
from broadcast.voice.reading import as_read
from broadcast.voice.recorded import evened_out
from broadcast.voice.sound import BadSound, Sound

FAILED = "글을 소리로 바꾸지 못했습니다. 잠시 뒤에 다시 해 주십시오."
TOO_LONG = "글을 다 읽으면 너무 깁니다. 글을 줄여 주십시오."

# The contract of a speaker: text as typed → a recording in any form that evened_out() takes.
# Raises BadSound when it cannot. A better voice is one function more in SPEAKERS.
Speaker = Callable[[str], bytes]


def espeak_ng(text: str) -> bytes:
    """Built in, needs no network, sounds like a machine. It reads only letters, hence as_read()."""
    longest = settings.RECORDING_MAX_SECONDS
    wav = run_apart("espeak", longest, given=as_read(text).encode(), otherwise=FAILED)
    if not wav:
        raise BadSound(TOO_LONG)
    return wav


SPEAKERS: dict[str, Speaker] = {"espeak-ng": espeak_ng}


def spoken(text: str) -> Sound:
    """The text read aloud, evened out like a recording.

    Raises BadSound when there is nothing to read or too much (settings.TEXT_MAX_LETTERS).
    """
    text = text.strip()
    if not any(letter.isalnum() for letter in text):
        raise BadSound("읽을 글이 없습니다. 방송할 글을 적어 주십시오.")
    if len(text) > (most := settings.TEXT_MAX_LETTERS):
        raise BadSound(f"글이 너무 깁니다. {most:,}자 안으로 줄여 주십시오. (지금 {len(text):,}자)")
    return evened_out(SPEAKERS[settings.SPEECH](text))
