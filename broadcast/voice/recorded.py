"""A voice that was recorded: by a browser, or any program that writes WebM, MP4, Ogg or WAV."""

import json

from django.conf import settings

from broadcast.voice.apart import run_apart
from broadcast.voice.sound import UNREADABLE, BadSound, Sound


def evened_out(data: bytes) -> Sound:
    """The recording at the city's loudness (settings.LOUDNESS_LUFS), rumble taken out.

    Raises BadSound for what is no recording: too big, too long, silent, a video, cut off, no sound at all.
    """
    if len(data) > settings.RECORDING_MAX_BYTES:
        megabytes = settings.RECORDING_MAX_BYTES // 1024**2
        raise BadSound(f"녹음 파일이 너무 큽니다. {megabytes}MB보다 작게 다시 녹음해 주십시오.")
    answer = run_apart(
        "evening", settings.RECORDING_MAX_SECONDS, settings.LOUDNESS_LUFS, given=data, otherwise=UNREADABLE
    )
    head, _, mp3 = answer.partition(b"\n")
    about = json.loads(head)
    if "refused" in about:
        raise BadSound(about["refused"])
    return Sound(mp3, about["duration"], about["loudness"])
