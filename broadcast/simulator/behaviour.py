"""How the boxes misbehave. Everything follows from (seed, gateway code), so two runs pair exactly. Pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from statistics import NormalDist
from typing import Any

NONSENSE = ("garbage", "wrong_id", "huge", "redirect", "error")
LINKS = frozenset({"", "hang", "loss", "crash", "busy", *NONSENSE})
"""How a box answers a command; "" is well."""
QUIRKS = frozenset({"", "duplicate", "stale", "silent", "speaker"})
"""What it does afterwards; "" is well."""
_NORMAL = NormalDist()
_P99 = _NORMAL.inv_cdf(0.99)


def _is(text: str, default: Any) -> Any:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The settings of all boxes; each is a flag and a field of /_control/behaviour. Shares lie in 0..1."""

    seed: str = _is("chooses who is slow and who fails", "0")
    latency: float = _is("median delay of the link before the box has the command, seconds (log-normal)", 0.0)
    latency_p99: float = _is("the same delay at the 99th percentile, seconds", 0.0)
    hang: float = _is("share that takes the connection and never answers", 0.0)
    loss: float = _is("share that drops the connection and never had the command", 0.0)
    crash: float = _is("share that takes the command and drops the connection before it answers", 0.0)
    nonsense: float = _is(f"share that answers one of {', '.join(NONSENSE)}", 0.0)
    duplicate: float = _is("share that sends every receipt twice, the last first, and older ones again", 0.0)
    stale: float = _is("share that adds receipts of another's delivery and of yesterday", 0.0)
    silent: float = _is("share that plays but never reports", 0.0)
    speaker: float = _is("share whose speaker is broken", 0.0)
    clock_offset: float = _is("seconds that the boxes' clocks are ahead, until the portal corrects them", 0.0)
    play_speed: float = _is("1 plays in real time, 10 ten times as fast, 0 instantly", 1.0)
    push_only: bool = _is("take commands, but neither fetch, play nor report", False)

    def __post_init__(self) -> None:
        for name, text in (("seed", str), ("push_only", bool)):
            if not isinstance(getattr(self, name), text):
                raise ValueError(f"{name}: {text.__name__} expected")
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name in ("seed", "push_only"):
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise ValueError(f"{f.name}: a number expected")
            if value < 0 and f.name != "clock_offset":
                raise ValueError(f"{f.name}: not below 0")
        for group in (self.link_shares(), self.quirk_shares()):
            if sum(group.values()) > 1 + 1e-9:
                raise ValueError(f"{', '.join(group)}: together more than 1")

    def link_shares(self) -> dict[str, float]:
        return {"hang": self.hang, "loss": self.loss, "crash": self.crash, "nonsense": self.nonsense}

    def quirk_shares(self) -> dict[str, float]:
        return {
            "duplicate": self.duplicate,
            "stale": self.stale,
            "silent": self.silent,
            "speaker": self.speaker,
        }


@dataclass(slots=True)
class Traits:
    """One box: settled from Behaviour, or overruled for this box by /_control/gateways/<code>."""

    link: str = ""
    quirk: str = ""
    delay: float = 0.0
    clock_offset: float = 0.0

    def __post_init__(self) -> None:
        if self.link not in LINKS:
            raise ValueError(f"link: one of {', '.join(sorted(LINKS))}")
        if self.quirk not in QUIRKS:
            raise ValueError(f"quirk: one of {', '.join(sorted(QUIRKS))}")
        for number in (self.delay, self.clock_offset):
            if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
                raise ValueError("delay, clock_offset: a number expected")


def draw(seed: str, purpose: str, code: str) -> float:
    """Evenly spread over the open interval 0..1, the same in every process."""
    digest = blake2b(f"{seed}|{purpose}|{code}".encode(), digest_size=6).digest()
    return (int.from_bytes(digest) + 0.5) / 2**48


def delay(behaviour: Behaviour, code: str) -> float:
    """Seconds: log-normal through the median and the 99th percentile."""
    if behaviour.latency == 0:
        return 0.0
    sigma = math.log(max(behaviour.latency_p99, behaviour.latency) / behaviour.latency) / _P99
    return behaviour.latency * math.exp(sigma * _NORMAL.inv_cdf(draw(behaviour.seed, "delay", code)))


def choose(seed: str, purpose: str, codes: Iterable[str], shares: Mapping[str, float]) -> dict[str, str]:
    """{code: fault}. Exactly round(share × count) codes for each fault, and none has two."""
    order = sorted(codes, key=lambda code: draw(seed, purpose, code))
    chosen: dict[str, str] = {}
    taken = 0
    for fault, share in shares.items():
        end = min(taken + round(share * len(order)), len(order))
        chosen.update(dict.fromkeys(order[taken:end], fault))
        taken = end
    return chosen


def settle(behaviour: Behaviour, codes: list[str]) -> dict[str, Traits]:
    """What each box does. Nonsense goes round its kinds, so that a few boxes already show all."""
    links = choose(behaviour.seed, "link", codes, behaviour.link_shares())
    quirks = choose(behaviour.seed, "quirk", codes, behaviour.quirk_shares())
    talkers = [code for code, link in links.items() if link == "nonsense"]
    links.update({code: NONSENSE[i % len(NONSENSE)] for i, code in enumerate(talkers)})
    return {
        code: Traits(
            links.get(code, ""), quirks.get(code, ""), delay(behaviour, code), behaviour.clock_offset
        )
        for code in codes
    }
