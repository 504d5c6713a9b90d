"""How far a broadcast has come, in numbers and words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from .states import ENDED, RESENDABLE, State


@dataclass(frozen=True)
class Step:
    """A part of the bar: `key` as on the map, `start` and `count` in places."""

    key: str
    words: str
    start: int
    count: int


@dataclass(frozen=True)
class Progress:
    """Deliveries of one broadcast by state."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def played(self) -> int:
        return self.counts.get(State.PLAYED, 0)

    @property
    def playing(self) -> int:
        return self.counts.get(State.PLAYING, 0)

    @property
    def trouble(self) -> int:
        """Places that did not hear it and will not, unless somebody sends it again."""
        return sum(n for state, n in self.counts.items() if state in RESENDABLE)

    @property
    def on_its_way(self) -> int:
        return self.total - self.played - self.playing - self.trouble

    @property
    def has_ended(self) -> bool:
        return all(state in ENDED for state, n in self.counts.items() if n)

    @property
    def going(self) -> int:
        return self.playing + self.on_its_way

    @property
    def steps(self) -> list[Step]:
        """Every place once, in the order in which they are drawn; none that is empty."""
        steps: list[Step] = []
        start = 0
        for key, words, count in (
            ("played", "방송 끝", self.played),
            ("playing", "방송 중", self.playing),
            ("on-its-way", "보내는 중", self.on_its_way),
            ("trouble", "못 한 곳", self.trouble),
        ):
            if count:
                steps.append(Step(key, words, start, count))
            start += count
        return steps

    @property
    def sentence(self) -> str:
        """ "358곳 중 341곳 방송함" and what else is to be said of it."""
        if not self.total:
            return "보낼 스피커가 없었습니다."
        return f"{self.total:,}곳 중 {self.played:,}곳 방송함"

    @property
    def news(self) -> str:
        """For those who hear the page: says something new only at the start, the half, and the end."""
        if not self.total:
            return self.sentence
        if self.has_ended:
            lost = f" {self.trouble:,}곳은 방송하지 못했습니다." if self.trouble else " 모두 방송했습니다."
            return f"방송이 끝났습니다. {self.sentence}.{lost}"
        if self.played * 2 >= self.total:
            return "절반 넘게 방송했습니다."
        return "방송을 보내고 있습니다." if not (self.played or self.playing) else "방송이 나가고 있습니다."
