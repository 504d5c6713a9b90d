"""What an urgent broadcast loses while thousands of routine deliveries are on their way: it should be nothing.

Two towns, each with boxes of its own, and both lanes' workers. In turns with the same seed: the urgent broadcast alone,
and the same while a routine one to 10,000 gateways is being pushed. `urgent_ratio`: the worse of both ratios, of the
first gateway's time and of p99 (medians over the rounds). `routine_in_flight`: the fewest, of all rounds, that the
routine broadcast had still before it when the urgent one was published.
"""

import statistics
import time
from pathlib import Path
from typing import Any

from .town import Town, Workers, no_other_gateways, settle

ROUTINE, URGENT = 10_000, 358
#: Share of the routine broadcast that has arrived when the urgent one is published.
UNDER_WAY = 0.02


def urgent_case(folder: Path, rounds: int) -> dict[str, Any]:
    """One line of output."""
    no_other_gateways()
    busy, town = Town(ROUTINE, folder, aside=True), Town(URGENT, folder)
    workers = Workers(folder, "urgent", "routine")
    times: dict[str, list[tuple[float, float]]] = {"idle": [], "urgent": []}
    left = []
    try:
        for n in range(rounds + 1):
            for name in ("idle", "urgent") if n % 2 else ("urgent", "idle"):
                town.behave(n, 0.0)
                routine = ""
                if name == "urgent":
                    routine = _under_way(busy, n)
                    left.append(ROUTINE - busy.count(routine))
                broadcast, start = town.publish()
                arrived = [at - start for at in town.arrivals(broadcast, 0.0)]
                settle(broadcast)
                if routine:
                    busy.arrivals(routine, 0.0)
                    settle(routine)
                if n:
                    times[name].append((arrived[0], arrived[-(-len(arrived) * 99 // 100) - 1]))
    finally:
        workers.close()
        busy.close()
        town.close()
    line: dict[str, Any] = {"gateways": URGENT, "routine": ROUTINE, "routine_in_flight": min(left)}
    for name, all_rounds in times.items():
        for which, figure in enumerate(("first", "p99")):
            line[f"{name}_{figure}_s"] = round(statistics.median(r[which] for r in all_rounds), 4)
    line["first_ratio"] = round(line["urgent_first_s"] / line["idle_first_s"], 3)
    line["p99_ratio"] = round(line["urgent_p99_s"] / line["idle_p99_s"], 3)
    line["urgent_ratio"] = max(line["first_ratio"], line["p99_ratio"])
    return line


def _under_way(busy: Town, seed: int) -> str:
    busy.behave(seed, 0.0)
    routine, _ = busy.publish("life")
    until = time.monotonic() + 30
    while busy.count(routine) < ROUTINE * UNDER_WAY:
        assert time.monotonic() < until, "the routine broadcast does not start"
        time.sleep(0.02)
    return routine
