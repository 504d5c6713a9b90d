"""Whatever a browser sends becomes one loudness, or a sentence saying what to do."""

import io
import random
import subprocess
import sys

import av
import pytest

from broadcast.voice import apart
from broadcast.voice.evening import loudness
from broadcast.voice.recorded import evened_out
from broadcast.voice.sound import BadSound
from tests.voice.sounds import (
    CHROME,
    SAFARI,
    frames_of,
    quiet,
    recorded,
    repeated,
    samples_of,
    seconds_of,
    voice,
    wav,
)

RECORDINGS = {
    "Chrome, Firefox": lambda: recorded("webm", **CHROME),
    "WebM with its length": lambda: recorded("webm"),
    "iPhone": lambda: recorded("mp4", "aac", **SAFARI),
    "MP4 with its index at the end": lambda: recorded("mp4", "aac"),
    "Ogg": lambda: recorded("ogg"),
    "WAV": voice,
}


@pytest.mark.parametrize("recording", RECORDINGS.values(), ids=RECORDINGS.keys())
def test_browsers_recordings_come_out_even(recording) -> None:
    data = recording()
    sound = evened_out(data)
    assert sound.loudness == pytest.approx(-16, abs=1)
    assert sound.duration == pytest.approx(seconds_of(data), rel=0.01)
    # The MP3 itself, as a player hears it.
    assert seconds_of(sound.data) == pytest.approx(seconds_of(data), rel=0.01)
    assert loudness(iter(frames_of(sound.data))) == pytest.approx(sound.loudness, abs=0.1)
    with av.open(io.BytesIO(sound.data), format="mp3") as file:
        player = file.streams.audio[0].codec_context
        assert (player.sample_rate, player.layout.name, file.streams.audio[0].bit_rate) == (
            24_000,
            "mono",
            48_000,
        )


@pytest.mark.parametrize("rate", [7_350, 8_000, 44_100, 96_000])
def test_any_sample_rate(rate: int) -> None:
    samples, original = samples_of(voice())
    seconds = len(samples) / 2 / rate
    assert evened_out(wav(samples, rate)).duration == pytest.approx(seconds, rel=0.01), original


def test_stereo() -> None:
    samples, rate = samples_of(voice())
    both = b"".join(samples[i : i + 2] * 2 for i in range(0, len(samples), 2))
    sound = evened_out(wav(both, rate, channels=2))
    assert sound.duration == pytest.approx(seconds_of(voice()), rel=0.01)
    assert sound.loudness == pytest.approx(-16, abs=1)


def test_a_voice_from_afar_and_one_too_close_sound_alike() -> None:
    samples, rate = samples_of(voice())
    for factor in (0.05, 1.2):
        changed = b"".join(
            int(int.from_bytes(samples[i : i + 2], "little", signed=True) * factor * 0.8).to_bytes(
                2, "little", signed=True
            )
            for i in range(0, len(samples), 2)
        )
        assert evened_out(wav(changed, rate)).loudness == pytest.approx(-16, abs=1)


def test_the_city_chooses_its_loudness(settings) -> None:
    settings.LOUDNESS_LUFS = -23.0
    assert evened_out(voice()).loudness == pytest.approx(-23, abs=1)


def noise(seed: int) -> bytes:
    """A recording with ten of its bytes changed."""
    chance = random.Random(seed)
    data = bytearray(recorded("webm", **CHROME))
    for _ in range(10):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


BAD = {
    "silence": (lambda: quiet(3), "입 가까이"),
    "too short": (lambda: voice()[: 44 + 22_050 // 2], "너무 짧습니다"),
    "a WebM video": (lambda: recorded("webm", picture=True), "영상이 아니라 소리만"),
    "an MP4 video": (lambda: recorded("mp4", "aac", picture=True), "영상이 아니라 소리만"),
    "a text file named .webm": (lambda: "주민 여러분께 알립니다.".encode() * 50, "읽지 못했습니다"),
    "nothing": (lambda: b"", "읽지 못했습니다"),
    "WebM cut off": (lambda: recorded("webm")[: len(recorded("webm")) * 2 // 3], "중간에 끊겼습니다"),
    "MP4 without its end": (lambda: recorded("mp4", "aac")[:-5000], "읽지 못했습니다"),
    "a piece of an MP4": (lambda: recorded("mp4", "aac", **SAFARI)[:-3000], "읽지 못했습니다"),
    "only the beginning of a header": (lambda: recorded("webm")[:40], "읽지 못했습니다"),
    "a playlist of files": (lambda: b"ffconcat version 1.0\nfile '/etc/hostname'\n", "읽지 못했습니다"),
    "a playlist of addresses": (
        lambda: b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        "읽지 못했습니다",
    ),
    "a codec that no browser records": (lambda: recorded("matroska", "libmp3lame"), "읽지 못했습니다"),
}


@pytest.mark.parametrize(("bad", "advice"), BAD.values(), ids=BAD.keys())
def test_what_is_no_recording_is_refused_with_advice(bad, advice: str) -> None:
    with pytest.raises(BadSound, match=advice):
        evened_out(bad())


def test_a_stream_cut_off_keeps_what_arrived() -> None:
    """Chrome's WebM says nowhere how long it is, so nobody can know that it was longer."""
    data = recorded("webm", **CHROME)
    sound = evened_out(data[: len(data) * 3 // 4])
    assert 0.6 * seconds_of(data) < sound.duration < 0.9 * seconds_of(data)


def test_damaged_bytes_never_raise_anything_else() -> None:
    for seed in range(8):
        try:
            assert evened_out(noise(seed)).duration > 0
        except BadSound as refusal:
            assert str(refusal).endswith("주십시오.")


def test_too_many_bytes_are_not_even_looked_at(settings) -> None:
    settings.RECORDING_MAX_BYTES = 1024**2
    with pytest.raises(BadSound, match="1MB보다 작게"):
        evened_out(bytes(1024**2 + 1))


def test_forty_minutes_are_refused() -> None:
    with pytest.raises(BadSound, match="5분 안으로"):
        evened_out(repeated(40))


def test_forty_minutes_take_no_more_memory_than_five() -> None:
    """The decoder stops where the limit is: 40 minutes as floats would take 230 MB."""

    def megabytes(data: bytes) -> float:
        # Asked of a small program between: a child counts what its parent held when it was made.
        asked = (
            "import resource, subprocess, sys\n"
            "subprocess.run([sys.executable, '-m', 'broadcast.voice.evening', '300', '-16'], check=True,"
            " stdout=subprocess.DEVNULL)\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        told = subprocess.run([sys.executable, "-c", asked], input=data, stdout=subprocess.PIPE, check=True)
        return int(told.stdout) / 1024

    assert megabytes(repeated(40)) < 150


def test_a_program_that_fails_or_hangs_is_only_a_bad_sound(monkeypatch) -> None:
    with pytest.raises(BadSound, match="다시"):
        apart.run_apart("evening", "no number", given=b"", otherwise="다시 해 주십시오.")
    monkeypatch.setattr(apart, "PATIENCE", 0.001)
    with pytest.raises(BadSound, match="다시"):
        apart.run_apart("evening", 300, -16, given=voice(), otherwise="다시 해 주십시오.")


def test_the_program_that_decodes_can_open_nothing() -> None:
    script = "from broadcast.voice.evening import give_up_powers\ngive_up_powers()\nopen('/etc/hostname')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert b"Too many open files" in done.stderr
