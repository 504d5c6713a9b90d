"""What a visit costs so far, and who pays how much of it."""

from dataclasses import dataclass

from .models import Agreement, Visit


@dataclass(frozen=True)
class Sums:
    """Won. `total` of all lines; `city` pays up to the cap; `own` is left to the household, who agreed to `agreed`."""

    total: int
    cap: int
    agreed: int

    @property
    def city(self) -> int:
        return min(self.total, self.cap)

    @property
    def own(self) -> int:
        return max(0, self.total - self.cap)

    @property
    def left(self) -> int:
        return max(0, self.cap - self.total)

    @property
    def needs_agreement(self) -> bool:
        return self.own > self.agreed


def sums(visit: Visit) -> Sums:
    """Over the visit's lines, and what the household last agreed to."""
    said = visit.agreements.filter(about=Agreement.About.OWN_SHARE).last()
    return Sums(
        total=sum(line.sum_won for line in visit.lines.all()),
        cap=visit.case.cap_won or 0,
        agreed=said.own_share_won if said and said.agreed else 0,
    )
