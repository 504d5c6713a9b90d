"""Kill -9 in the middle of broadcasts, 30 times, and count what every gateway played.

    make faults                    (or: python -m tests.faults.run --rounds 30 --seed 7)

Starts an example city of its own (own folder, own port), publishes to all 358 villages, urgent and routine in turn,
and at a random moment kills a worker, one of a worker's processes, beat or Redis. The city has to heal by itself.
Each round ends when every gateway has played; the run fails if one played twice or never, or if the last push came
more than 15 s after the kill.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django

from tests.city import City

RECOVERY = 15.0
VICTIMS = (
    "worker-urgent",
    "worker-routine",
    "child of worker-urgent",
    "child of worker-routine",
    "beat",
    "valkey",
)


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=30)
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="jinju-faults-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        city = City(Path(folder))
        try:
            city.start()
            return Ordeal(city).suffer(options.rounds, random.Random(options.seed), options.seed)
        finally:
            city.stop()


class Ordeal:
    """Broadcasts in a city in which things die."""

    def __init__(self, city: City) -> None:
        self.city = city
        os.environ.update(city.note()["env"], DJANGO_SETTINGS_MODULE="jinju_portal.settings")
        django.setup()
        city.control("behaviour", {"seed": "1", "latency": 0.08, "latency_p99": 0.6, "play_speed": 0})

    def suffer(self, rounds: int, chance: random.Random, seed: int) -> int:
        from broadcast.models import Village
        from tests import make

        self.author = make.city_operator()
        self.villages = list(Village.objects.filter(is_active=True))
        self.recording = make.recording(self.author)
        counts: Counter[str] = Counter()
        slowest = 0.0
        for n in range(rounds):
            result = self.round(n, chance)
            print(json.dumps(result, ensure_ascii=False), flush=True)
            slowest = max(slowest, result["recovered_s"])
            for what in ("gateways", "played_once", "played_twice_or_more", "never_played", "pushed_again"):
                counts[what] += result[what]
            counts[f"killed {result['killed']}"] += 1
        bad = counts["played_twice_or_more"] + counts["never_played"] + (slowest > RECOVERY)
        total = {"rounds": rounds, "seed": seed, **counts, "slowest_recovery_s": slowest, "limit_s": RECOVERY}
        print(json.dumps(total, ensure_ascii=False), flush=True)
        return 1 if bad or counts["played_once"] != counts["gateways"] else 0

    def round(self, n: int, chance: random.Random) -> dict[str, Any]:
        """One broadcast and one kill. `recovered_s`: from the kill to the last first acceptance, seconds."""
        from broadcast.models import Broadcast, Delivery
        from broadcast.publish import publish

        category = ("wildfire", "life")[n % 2]
        lane = ("urgent", "routine")[n % 2]
        draft = Broadcast.objects.create(
            author=self.author, category=category, lane=lane, text="장애 시험", recording=self.recording
        )
        draft.villages.set(self.villages)
        victim = chance.choice(VICTIMS)
        moment = chance.uniform(-0.3, 1.2)
        if moment < 0:
            killed = self.kill(victim, chance)
            time.sleep(-moment)
        publish(draft.pk, self.author)
        if moment >= 0:
            time.sleep(moment)
            killed = self.kill(victim, chance)
        rows = Delivery.objects.filter(broadcast=draft)
        until = time.monotonic() + 60
        while rows.exclude(state__in=["played", "failed"]).exists() and time.monotonic() < until:
            time.sleep(0.25)
        plays = self.city.plays(draft.pk)
        played = Counter({p["gateway"]: p["times_played"] for p in plays})
        accepted = [p["accepted_at"] for p in plays]
        gateways = rows.count()
        self.city.wait_until_well()
        return {
            "round": n + 1,
            "lane": lane,
            "killed": victim,
            "at_s": round(moment, 2),
            "gateways": gateways,
            "played_once": sum(1 for times in played.values() if times == 1),
            "played_twice_or_more": sum(1 for times in played.values() if times > 1),
            "never_played": gateways - sum(1 for times in played.values() if times >= 1),
            "portal_says_played": rows.filter(state="played").count(),
            "pushed_again": sum(attempts - 1 for attempts in rows.values_list("attempts", flat=True)),
            "recovered_s": round(max(0.0, max(accepted, default=float("inf")) - killed), 2),
        }

    def kill(self, victim: str, chance: random.Random) -> float:
        """SIGKILL by pid. Returns when, Unix seconds."""
        name = victim.rpartition(" ")[2]
        pid = int(self.city.note()["children"][name]["pid"])
        if victim.startswith("child"):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            pid = int(chance.choice(children)) if children else pid
        os.kill(pid, signal.SIGKILL)
        return time.time()


if __name__ == "__main__":
    sys.exit(main())
