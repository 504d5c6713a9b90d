"""What an alert is about, and what is said of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.cap.kinds import kind_of
from broadcast.cap.message import Info
from broadcast.cap.words import cut, words_of
from broadcast.categories import CATEGORIES, Severity


@pytest.mark.parametrize(
    ("event", "category", "severity", "kind"),
    [
        ("산불", "Fire", "Severe", "wildfire"),
        ("대형산불 위기경보", "Fire", "Severe", "wildfire"),
        ("Wildfire Warning", "Fire", "Severe", "wildfire"),
        ("Forest Fire", "Fire", "Minor", "wildfire"),
        ("호우경보", "Met", "Severe", "rain"),
        ("홍수주의보", "Met", "Moderate", "rain"),
        ("산사태 경보", "Geo", "Severe", "rain"),
        ("Flash Flood Warning", "Met", "Severe", "rain"),
        ("Heavy Rain", "Met", "Severe", "rain"),
        ("폭염특보", "Met", "Moderate", "heat"),
        ("Excessive Heat Warning", "Met", "Severe", "heat"),
        ("Heatwave", "Met", "Severe", "heat"),
        ("실종 경보", "Rescue", "Unknown", "missing"),
        ("Amber Alert", "Rescue", "Severe", "missing"),
        ("민방공 경계경보", "Security", "Extreme", "crisis"),
        ("지진", "Geo", "Minor", "crisis"),
        ("Tsunami", "Geo", "Severe", "crisis"),
        ("정전", "Infra", "Severe", "life"),
        ("대설주의보", "Met", "Moderate", "life"),
        ("공장 화재", "Fire", "Severe", "crisis"),
        ("공장 화재", "Fire", "Minor", "life"),
        ("알 수 없는 일", "Safety", "Extreme", "crisis"),
        ("알 수 없는 일", "Safety", "Moderate", "life"),
        ("Wheat theft", "Other", "Minor", "life"),
        ("Train delay", "Transport", "Minor", "life"),
    ],
)
def test_kinds(event: str, category: str, severity: str, kind: str) -> None:
    assert kind_of(event, [category], severity) == kind


@given(st.text(max_size=60), st.sampled_from(Severity.values))
def test_every_event_has_a_kind(event: str, severity: str) -> None:
    assert kind_of(event, ["Other"], severity) in CATEGORIES


def an_info(headline: str = "", description: str = "", instruction: str = "") -> Info:
    nothing = (None, None, headline, description, instruction, ())
    return Info("ko", ("Fire",), "산불", "Immediate", Severity.SEVERE, "Observed", *nothing)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("산불 발생", "대피하세요.", "119에 신고하세요"), "산불 발생. 대피하세요. 119에 신고하세요."),
        (("산불 발생", "산불 발생", ""), "산불 발생."),
        (("산불 발생", "문산읍에 산불 발생. 대피하세요.", ""), "문산읍에 산불 발생. 대피하세요."),
        (("산불이\n  났습니다!", "", ""), "산불이 났습니다!"),
        (("", "", ""), "산불. ."),
    ],
)
def test_what_is_said(parts: tuple[str, str, str], said: str) -> None:
    assert words_of(an_info(*parts), 1000) == said


def test_a_long_text_ends_with_a_sentence() -> None:
    text = "가나다라. " * 300
    assert cut(text.strip(), 1000) == ("가나다라. " * 167).strip()[:1000].rsplit(".", 1)[0] + "."
    assert cut("가 " * 600, 1000) == ("가 " * 500).strip()
    assert cut("가" * 1200, 1000) == "가" * 1000


@given(st.text(max_size=3000), st.integers(1, 1000))
def test_never_longer_than_may_be_read_aloud(text: str, most: int) -> None:
    assert len(words_of(an_info(text), most)) <= most
