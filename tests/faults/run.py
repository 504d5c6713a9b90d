"""Kill -9 in the middle of broadcasts, 30 times, and count what every gateway played.

    make faults                    (or: python -m tests.faults.run --rounds 30 --seed 7)

Starts an example city of its own (own folder, own port), publishes to all 358 villages, urgent and routine in turn,
and at a random moment kills a worker, all its processes, beat or Redis (Valkey). The city has to heal by itself.
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
from contextlib import suppress
from pathlib import Path
from typing import Any

import django

from tests.city import City

RECOVERY = 15.0
#: What is killed, how often of nine: above all what is at work just then. {lane}: the broadcast's own.
VICTIMS = (
    *["worker-{lane}"] * 3,
    *["processes of worker-{lane}"] * 2,
    "worker-{other}",
    "beat",
    *["valkey"] * 2,
)
#: When, in seconds from publishing: most gateways get their push between 0.05 and 0.6.
MOMENTS = (-0.2, 0.7)


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
            for what in (
                "gateways",
                "played_once",
                "played_twice_or_more",
                "never_played",
                "portal_says_played",
                "pushed_again",
            ):
                counts[what] += result[what]
            counts[f"killed {result['killed']}"] += 1
        bad = counts["played_twice_or_more"] + counts["never_played"] + (slowest > RECOVERY)
        total = {"rounds": rounds, "seed": seed, **counts, "slowest_recovery_s": slowest, "limit_s": RECOVERY}
        print(json.dumps(total, ensure_ascii=False), flush=True)
        told = counts["portal_says_played"] == counts["played_once"] == counts["gateways"]
        return 0 if told and not bad else 1

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
        other = ("routine", "urgent")[n % 2]
        victim = chance.choice(VICTIMS).format(lane=lane, other=other)
        moment = chance.uniform(*MOMENTS)
        if moment < 0:
            killed = self.kill(victim)
            time.sleep(-moment)
        publish(draft.pk, self.author)
        if moment >= 0:
            time.sleep(moment)
            killed = self.kill(victim)
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

    def kill(self, victim: str) -> float:
        """SIGKILL by pid. Returns when, Unix seconds."""
        what, _, name = victim.rpartition(" ")
        pid = int(self.city.note()["children"][name]["pid"])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in children if what else [pid]:
            with suppress(ProcessLookupError):
                os.kill(int(each), signal.SIGKILL)
        return time.time()


if __name__ == "__main__":
    sys.exit(main())
