"""What every voice becomes before it is kept, and how a bad one is refused."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sound:
    """A voice ready to be kept and played.

    data: MP3, mono, 24 kHz, 48 kbit/s constant: every browser and the cheapest speaker box plays it.
    duration: seconds of sound. loudness: LUFS of the whole (EBU R 128), measured on the result.
    """

    data: bytes
    duration: float
    loudness: float


class BadSound(ValueError):
    """Cannot be broadcast; str(error) is a Korean sentence telling the person what to do."""


UNREADABLE = "소리 파일을 읽지 못했습니다. 다시 녹음해 주십시오."
