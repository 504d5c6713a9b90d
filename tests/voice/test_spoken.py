"""Text becomes a voice of the same loudness as a recording."""

import pytest

from broadcast.voice import spoken as speech
from broadcast.voice.sound import BadSound
from broadcast.voice.spoken import spoken
from tests.voice.sounds import NOTICE, seconds_of, voice


def test_a_notice_is_spoken() -> None:
    sound = spoken(NOTICE)
    assert sound.loudness == pytest.approx(-16, abs=1)
    assert sound.duration == pytest.approx(seconds_of(sound.data), rel=0.01)
    # Clear and slow: three to six syllables a second.
    syllables = sum("가" <= letter <= "힣" for letter in NOTICE)
    assert 3 < syllables / sound.duration < 6


@pytest.mark.parametrize("empty", ["", "  \n ", "...", "🔥🔥"])
def test_nothing_to_read(empty: str) -> None:
    with pytest.raises(BadSound, match="방송할 글을 적어 주십시오"):
        spoken(empty)


def test_five_thousand_letters() -> None:
    with pytest.raises(BadSound, match=r"1,000자 안으로 줄여 주십시오. \(지금 5,000자\)"):
        spoken("가" * 5_000)


def test_a_text_that_takes_too_long_to_read(settings) -> None:
    settings.RECORDING_MAX_SECONDS = 3
    with pytest.raises(BadSound, match="글을 줄여 주십시오"):
        spoken(NOTICE)


def test_another_voice_is_one_entry(settings, monkeypatch) -> None:
    monkeypatch.setitem(speech.SPEAKERS, "recorded", lambda text: voice())
    settings.SPEECH = "recorded"
    assert spoken("아무 글").duration == pytest.approx(seconds_of(voice()), rel=0.01)
