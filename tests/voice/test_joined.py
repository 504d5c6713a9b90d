"""What a person recorded and what is read from text become one voice of one loudness."""

import pytest

from broadcast.voice.joined import MOST_PARTS, joined
from broadcast.voice.joining import PAUSE
from broadcast.voice.recorded import evened_out
from broadcast.voice.sound import BadSound, Sound
from broadcast.voice.spoken import spoken
from tests.voice.sounds import NOTICE, recorded, seconds_of


@pytest.fixture(scope="module")
def person() -> Sound:
    return evened_out(recorded())


def test_recorded_and_spoken_parts_are_one_voice(person: Sound) -> None:
    words = "오늘 오후 3시에 시작합니다."
    whole = joined([person.data, words, person.data])
    assert whole.loudness == pytest.approx(-16, abs=1)
    assert whole.duration == pytest.approx(seconds_of(whole.data), abs=0.1)
    # Silence at the ends of the parts is cut, and a breath put between.
    apart = 2 * person.duration + spoken(words).duration
    assert apart - 2.5 < whole.duration < apart + 2 * PAUSE


def test_a_single_word_is_as_loud_as_the_rest(person: Sound) -> None:
    whole = joined([person.data, "네."])
    assert whole.loudness == pytest.approx(-16, abs=1)


def test_text_alone() -> None:
    assert joined([NOTICE]).duration == pytest.approx(spoken(NOTICE).duration, abs=0.6)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "내용이 없거나"),
        (["  ", "..."], "내용이 없거나"),
        (["말"] * (MOST_PARTS + 1), "너무 많습니다"),
        (["가" * 999, "나나"], r"1,000자 안으로 줄여 주십시오. \(지금 1,001자\)"),
        ([b"not a sound"], "소리로 바꾸지 못했습니다|읽지 못했습니다"),
    ],
)
def test_what_cannot_be_joined(parts: list, words: str) -> None:
    with pytest.raises(BadSound, match=words):
        joined(parts)


def test_too_long_in_all(person: Sound, settings) -> None:
    settings.RECORDING_MAX_SECONDS = int(person.duration) + 1
    with pytest.raises(BadSound, match="너무 깁니다"):
        joined([person.data, person.data])
