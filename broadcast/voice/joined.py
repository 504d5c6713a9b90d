"""One voice from parts: some recorded by a person, some read from text."""

import json
from collections.abc import Sequence

from django.conf import settings

from broadcast.voice.apart import run_apart
from broadcast.voice.sound import BadSound, Sound
from broadcast.voice.spoken import FAILED, SPEAKERS

MOST_PARTS = 12


def joined(parts: Sequence[str | bytes]) -> Sound:
    """Text is read aloud, bytes are sounds that were kept (MP3 as evened_out() makes it); in order, with a breath
    between them, at the city's loudness.

    Raises BadSound when there is nothing to be heard, too much text, or it would be too long.
    """
    parts = [part for part in parts if isinstance(part, bytes) or any(letter.isalnum() for letter in part)]
    if not parts or len(parts) > MOST_PARTS:
        raise BadSound("이어 붙일 내용이 없거나 너무 많습니다. 방송할 글을 다시 봐 주십시오.")
    letters = sum(len(part) for part in parts if isinstance(part, str))
    if letters > (most := settings.TEXT_MAX_LETTERS):
        raise BadSound(f"글이 너무 깁니다. {most:,}자 안으로 줄여 주십시오. (지금 {letters:,}자)")
    speak = SPEAKERS[settings.SPEECH]
    given = b""
    for part in parts:
        data = part if isinstance(part, bytes) else speak(part)
        head = {"kind": "kept" if isinstance(part, bytes) else "spoken", "bytes": len(data)}
        given += json.dumps(head).encode() + b"\n" + data
    answer = run_apart(
        "joining", settings.RECORDING_MAX_SECONDS, settings.LOUDNESS_LUFS, given=given, otherwise=FAILED
    )
    head_line, _, mp3 = answer.partition(b"\n")
    about = json.loads(head_line)
    if "refused" in about:
        raise BadSound(about["refused"])
    return Sound(mp3, about["duration"], about["loudness"])
