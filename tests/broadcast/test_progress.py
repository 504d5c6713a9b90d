"""Numbers and words of how far a broadcast has come: nothing is called heard, lost or over that is not."""

import pytest

from broadcast.progress import Progress
from broadcast.states import State


@pytest.mark.parametrize(
    ("counts", "sentence", "news"),
    [
        ({}, "보낼 스피커가 없었습니다.", "보낼 스피커가 없었습니다."),
        ({"waiting": 3}, "3곳 중 0곳 방송함", "방송을 보내고 있습니다."),
        ({"waiting": 2, "playing": 1}, "3곳 중 0곳 방송함", "방송이 나가고 있습니다."),
        ({"played": 2, "accepted": 1}, "3곳 중 2곳 방송함", "절반 넘게 방송했습니다."),
        ({"played": 3}, "3곳 중 3곳 방송함", "방송이 끝났습니다. 3곳 중 3곳 방송함. 모두 방송했습니다."),
        (
            {"played": 2, "failed": 1},
            "3곳 중 2곳 방송함",
            "방송이 끝났습니다. 3곳 중 2곳 방송함. 1곳은 방송하지 못했습니다.",
        ),
        (
            {"played": 2, "unknown": 1},
            "3곳 중 2곳 방송함",
            "방송이 끝났습니다. 3곳 중 2곳 방송함. 1곳은 방송했는지 알 수 없습니다.",
        ),
        (
            {"expired": 1, "unknown": 2},
            "3곳 중 0곳 방송함",
            "방송이 끝났습니다. 3곳 중 0곳 방송함. 1곳은 방송하지 못했습니다. 2곳은 방송했는지 알 수 없습니다.",
        ),
        ({"cancelled": 1, "playing": 2}, "3곳 중 0곳 방송함, 1곳 멈춤", "방송을 멈추고 있습니다."),
        (
            {"played": 1, "stopped": 1, "cancelled": 1},
            "3곳 중 1곳 방송함, 2곳 멈춤",
            "방송을 멈췄습니다. 3곳 중 1곳 방송함, 2곳 멈춤.",
        ),
        (
            {"cancelled": 2, "unknown": 1},
            "3곳 중 0곳 방송함, 2곳 멈춤",
            "방송을 멈췄습니다. 3곳 중 0곳 방송함, 2곳 멈춤. 1곳은 방송했는지 알 수 없습니다.",
        ),
    ],
)
def test_words(counts: dict[str, int], sentence: str, news: str) -> None:
    progress = Progress(counts)
    assert (progress.sentence, progress.news) == (sentence, news)


@pytest.mark.parametrize("state", State.values)
def test_every_state_is_one_part_of_the_bar(state: str) -> None:
    progress = Progress({"played": 1, "failed": 1, "waiting": 1} | {state: 2})
    assert sum(step.count for step in progress.steps) == progress.total


@pytest.mark.parametrize(
    ("state", "ended", "may_sound"),
    [
        ("waiting", False, True),
        ("playing", False, True),
        ("unreached", True, True),
        ("unknown", True, True),
        ("played", True, False),
        ("stopped", True, False),
        ("cancelled", True, False),
        ("failed", True, False),
        ("expired", True, False),
    ],
)
def test_what_is_over(state: str, ended: bool, may_sound: bool) -> None:
    progress = Progress({state: 1})
    assert (progress.has_ended, progress.may_still_sound) == (ended, may_sound)
