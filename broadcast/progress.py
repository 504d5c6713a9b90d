"""How far a broadcast has come, in numbers and words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from .states import ENDED, State

#: It was not heard there and will not be, unless somebody sends it again. Not so `unknown`: nobody can tell.
LOST = frozenset({State.UNREACHED, State.EXPIRED, State.FAILED})
#: Somebody took it back before it was heard to the end.
TAKEN_BACK = frozenset({State.CANCELLED, State.STOPPED})


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

    def _in(self, *states: State) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def played(self) -> int:
        return self._in(State.PLAYED)

    @property
    def playing(self) -> int:
        return self._in(State.PLAYING)

    @property
    def trouble(self) -> int:
        """Places that did not hear it and will not, unless somebody sends it again."""
        return self._in(*LOST)

    @property
    def unknown(self) -> int:
        """Places of which nobody can tell whether they heard it."""
        return self._in(State.UNKNOWN)

    @property
    def stopped(self) -> int:
        """Places where somebody took it back: silenced in the middle, or never begun."""
        return self._in(*TAKEN_BACK)

    @property
    def on_its_way(self) -> int:
        return self._in(State.WAITING, State.SENDING, State.ACCEPTED)

    @property
    def has_ended(self) -> bool:
        return all(state in ENDED for state, n in self.counts.items() if n)

    @property
    def may_still_sound(self) -> bool:
        """Something goes on, or might: a device that did not answer may have taken it all the same."""
        return not self.has_ended or self._in(State.UNREACHED, State.UNKNOWN) > 0

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
            ("stopped", "멈춤", self.stopped),
            ("unknown", "알 수 없음", self.unknown),
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
        stopped = f", {self.stopped:,}곳 멈춤" if self.stopped else ""
        return f"{self.total:,}곳 중 {self.played:,}곳 방송함{stopped}"

    @property
    def news(self) -> str:
        """For those who hear the page: says something new only at the start, the half, and the end."""
        if not self.total:
            return self.sentence
        if self.has_ended:
            return f"{'방송을 멈췄습니다.' if self.stopped else '방송이 끝났습니다.'} {self.sentence}.{self._amiss}"
        if self.stopped:
            return "방송을 멈추고 있습니다."
        if self.played * 2 >= self.total:
            return "절반 넘게 방송했습니다."
        return "방송을 보내고 있습니다." if not (self.played or self.playing) else "방송이 나가고 있습니다."

    @property
    def _amiss(self) -> str:
        lost = f" {self.trouble:,}곳은 방송하지 못했습니다." if self.trouble else ""
        unknown = f" {self.unknown:,}곳은 방송했는지 알 수 없습니다." if self.unknown else ""
        return lost + unknown or (" 모두 방송했습니다." if self.played == self.total else "")
