"""What a visit costs so far, and who pays how much of it."""

from dataclasses import dataclass

from .models import Agreement, Visit


@dataclass(frozen=True)
class Sums:
    """Won. `devices`: what each of the case's devices costs; `cap`: of all. For each the city pays up to its share of
    the cap; `own` is left to the household or organisation, who agreed to `agreed`."""

    devices: tuple[int, ...]
    cap: int
    agreed: int

    @property
    def total(self) -> int:
        return sum(self.devices)

    @property
    def city(self) -> int:
        each = self.cap // max(1, len(self.devices))
        return sum(min(won, each) for won in self.devices)

    @property
    def own(self) -> int:
        return self.total - self.city

    @property
    def left(self) -> int:
        return self.cap - self.city

    @property
    def needs_agreement(self) -> bool:
        return self.own > self.agreed


def said_of(visit: Visit) -> Agreement | None:
    """What the household last said of its own share. Agreements are in the order in which they were given."""
    said = [one for one in visit.agreements.all() if one.about == Agreement.About.OWN_SHARE]
    return said[-1] if said else None


def sums(visit: Visit) -> Sums:
    """Over the visit's lines, and what the household last agreed to."""
    said, costs = said_of(visit), dict.fromkeys((device.pk for device in visit.case.devices.all()), 0)
    for line in visit.lines.all():
        costs[line.device_id] += line.sum_won
    return Sums(
        devices=tuple(costs.values()),
        cap=visit.case.cap_won or 0,
        agreed=said.own_share_won if said and said.agreed else 0,
    )
