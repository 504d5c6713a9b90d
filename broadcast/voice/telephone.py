"""A kept voice as a telephone carries it: G.711 µ-law, 8 kHz, mono, one byte a sample (ITU-T G.711).

For devices to which the portal plays the sound itself (gateways/). The level stays as it was evened out.
"""

import io
from functools import lru_cache
from itertools import chain

import av
from av.audio.resampler import AudioResampler

from broadcast.models import Recording
from broadcast.voice.sound import BadSound

RATE = 8000
#: Seconds. What is kept was bounded when it was made; a file that grew since is not played without end.
LONGEST = 1800


def on_the_line(recording: Recording) -> bytes:
    """What is to be sent, len / RATE seconds long. Reads and decodes the file: slow, not for an event loop.

    Raises BadSound when the file is gone or cannot be played.
    """
    try:
        return _heard(recording.file.path, recording.sha256)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise BadSound("소리 파일이 없거나 읽히지 않습니다.") from error


# One broadcast goes to hundreds of devices, and again to those that were busy.
@lru_cache(maxsize=8)
def _heard(path: str, sha256: str) -> bytes:
    with open(path, "rb") as file:
        return mulaw(file.read())


def mulaw(mp3: bytes) -> bytes:
    """µ-law of an MP3 of ours. Raises av.FFmpegError, or BadSound if it is longer than LONGEST."""
    line = av.CodecContext.create("pcm_mulaw", "w")
    line.sample_rate, line.layout, line.format = RATE, "mono", "s16"
    narrow = AudioResampler(format="s16", layout="mono", rate=RATE)
    heard = bytearray()
    with av.open(io.BytesIO(mp3), "r", format="mp3") as sound:
        for frame in chain(sound.decode(audio=0), [None]):  # None: what the resampler still holds
            for piece in narrow.resample(frame):
                for packet in line.encode(piece):
                    heard += bytes(packet)
            if len(heard) > LONGEST * RATE:
                raise BadSound("소리가 너무 깁니다.")
    return bytes(heard)
