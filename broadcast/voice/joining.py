"""Recorded and spoken parts joined into one voice: a program of its own (`python -m broadcast.voice.joining`).

Run by joined.py, never inside the web process, with the same powers given up as evening.py. "kept" parts are
recordings that evening.py has evened out (MP3), "spoken" ones what the speaker said.

stdin:  for each part one line of JSON {"kind": "kept" | "spoken", "bytes": n}, then its n bytes.
argv:   longest seconds, target LUFS.
stdout: as evening.py.
"""

import io
import json
import sys
from typing import BinaryIO

import av
import av.subtitles.stream

from broadcast.voice.evening import (
    GRACE,
    LOST_IN_LAME,
    ONE_RATE,
    ONE_VOICE,
    RATE,
    SAMPLE,
    as_mp3,
    frames,
    give_up_powers,
    heard,
    length,
    levelled,
    loudness,
    samples,
    seconds,
    through,
)
from broadcast.voice.sound import UNREADABLE, BadSound, Sound

#: Between two parts: as long as a reader breathes at a full stop.
PAUSE = 0.45  # seconds
#: Silence around what a speaker says; its own pause would come on top of ours.
SILENT = 0.003  # of full scale, about -50 dB
#: Loudness is measured over 0.4 s at least (EBU R 128); a word is repeated until it is long enough.
MEASURED = 2.0  # seconds


def joined(parts: list[tuple[str, bytes]], longest: float, target: float) -> Sound:
    """[(kind, file)] as one Sound of `target` LUFS. Raises BadSound, also when longer than `longest` seconds."""
    try:
        voices = [
            (kind, trimmed(heard(data, longest) if kind == "spoken" else kept(data))) for kind, data in parts
        ]
    except av.FFmpegError as error:
        raise BadSound(UNREADABLE) from error
    spoken = b"".join(voice for kind, voice in voices if kind == "spoken")
    # One gain for all that the speaker says: a short word is not made louder than a sentence.
    gain = target - loudness(frames(long_enough(spoken))) if spoken else 0.0
    pause = bytes(round(PAUSE * RATE) * SAMPLE)
    whole = pause.join(louder(voice, gain) if kind == "spoken" else voice for kind, voice in voices if voice)
    if seconds(whole) > longest + GRACE:
        raise BadSound(f"이어 붙인 소리가 너무 깁니다. {length(longest)} 안으로 줄여 주십시오.")
    before = loudness(frames(long_enough(whole)))
    mp3 = as_mp3(levelled(whole, before, target + LOST_IN_LAME))
    with av.open(io.BytesIO(mp3), "r", format="mp3") as file:
        return Sound(mp3, seconds(whole), loudness(file.decode(audio=0)))


def kept(data: bytes) -> bytes:
    """A sound of ours as mono floats at RATE."""
    options = {"codec_whitelist": "mp3float,mp3", "protocol_whitelist": ""}
    with av.open(io.BytesIO(data), "r", format="mp3", container_options=options) as file:
        return b"".join(map(samples, through(file.decode(audio=0), ONE_RATE, ONE_VOICE)))


def trimmed(voice: bytes) -> bytes:
    """Without the silence at both ends."""
    values = memoryview(voice).cast("f")
    step = RATE // 100
    loud = [at for at in range(0, len(values), step) if max(map(abs, values[at : at + step])) > SILENT]
    return voice[loud[0] * SAMPLE : (loud[-1] + step) * SAMPLE] if loud else b""


def louder(voice: bytes, gain: float) -> bytes:
    return b"".join(map(samples, through(frames(voice), ("volume", f"{gain:.2f}dB"), ONE_VOICE)))


def long_enough(voice: bytes) -> bytes:
    return voice * max(1, round(MEASURED / max(seconds(voice), 0.01))) if seconds(voice) < MEASURED else voice


def received(source: BinaryIO) -> list[tuple[str, bytes]]:
    parts = []
    while line := source.readline(200):
        head = json.loads(line)
        parts.append((head["kind"], source.read(head["bytes"])))
    return parts


def main() -> None:
    longest, target = map(float, sys.argv[1:])
    av.logging.set_level(None)
    parts = received(sys.stdin.buffer)
    give_up_powers()
    try:
        sound = joined(parts, longest, target)
    except BadSound as refusal:
        sys.stdout.buffer.write(json.dumps({"refused": str(refusal)}).encode() + b"\n")
        return
    head = {"duration": sound.duration, "loudness": sound.loudness}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + sound.data)


if __name__ == "__main__":
    main()
