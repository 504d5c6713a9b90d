"""A voice made from text."""

from django.conf import settings

from broadcast.voice.apart import run_apart
from broadcast.voice.reading import as_read
from broadcast.voice.recorded import evened_out
from broadcast.voice.sound import BadSound, Sound


def spoken(text: str) -> Sound:
    letters = text.strip()
    if not letters:
        raise BadSound("읽을 글이 없습니다. 방송할 글을 적어 주십시오.")
    if len(letters) > settings.TEXT_MAX_LETTERS:
        raise BadSound(
            f"글이 너무 깁니다. {settings.TEXT_MAX_LETTERS:,}자 안으로 줄여 주십시오. (지금 {len(letters):,}자)"
        )
    wav = run_apart(
        "espeak",
        settings.RECORDING_MAX_SECONDS + 1,
        given=as_read(letters).encode(),
        otherwise="글을 소리로 바꾸지 못했습니다. 잠시 뒤에 다시 해 주십시오.",
    )
    return evened_out(wav)
