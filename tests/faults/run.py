"""Kill -9 in the middle of broadcasts, 200 times, and count what every gateway played.

    make faults                    (or: python -m tests.faults.run --rounds 200 --seed 7)

Starts an example city of its own (own folder, own port) and publishes to all 358 villages, urgent and routine in turn.
At a random moment it kills the web, a worker, all its processes, beat, the standby, Redis (Valkey), PostgreSQL (killed,
or restarted as an operator does) or the simulator with all its boxes; once it silences Redis for 60 s. The city has to
heal by itself. A round ends when every gateway has played. The run fails if one played twice or never, or if the last
first push came more than 10 s after what was killed had been back.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import django

from tests.city import City

from .victims import REDIS_IS_LOST, Victim, choose

T = TypeVar("T")

RECOVERY = 10.0
#: Seconds for which Redis is lost, and how many broadcasts are sent meanwhile.
LOSS, SENT_MEANWHILE = 60.0, 6
#: When, in seconds from publishing: most gateways get their push between 0.05 and 0.6.
MOMENTS = (-0.2, 0.7)
COUNTED = (
    *("gateways", "played_once", "played_twice_or_more", "never_played"),
    *("portal_says_played", "pushed_again"),
)


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=200)
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked.add_argument("--loss", type=float, default=LOSS, help="seconds without Redis; 0: none")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="jinju-faults-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        city = City(Path(folder))
        try:
            city.start()
            return Ordeal(city, random.Random(options.seed)).suffer(
                options.rounds, options.seed, options.loss
            )
        finally:
            city.stop()


class Ordeal:
    """Broadcasts in a city in which things die."""

    def __init__(self, city: City, chance: random.Random) -> None:
        self.city, self.chance = city, chance
        os.environ.update(city.note()["env"], DJANGO_SETTINGS_MODULE="jinju_portal.settings")
        django.setup()
        self.behave()

    def behave(self) -> None:
        """The boxes answer in 80 ms (median), one in a hundred in 600 ms, and play in no time."""
        behaviour = {"seed": "1", "latency": 0.08, "latency_p99": 0.6, "play_speed": 0}
        patiently(lambda: self.city.control("behaviour", behaviour))

    def suffer(self, rounds: int, seed: int, loss: float) -> int:
        from broadcast.models import Village
        from tests import make

        self.author = make.city_operator()
        self.villages = list(Village.objects.filter(is_active=True))
        self.recording = make.recording(self.author)
        counts: Counter[str] = Counter()
        slowest = 0.0
        for n in range(rounds):
            result = self.round(n)
            print(json.dumps(result, ensure_ascii=False), flush=True)
            slowest = max(slowest, result["recovered_s"])
            counts.update({what: result[what] for what in COUNTED})
            counts[f"killed {result['killed']}"] += 1
        if loss:
            result = self.without_redis(loss)
            print(json.dumps(result, ensure_ascii=False), flush=True)
            slowest = max(slowest, result["recovered_s"])
            counts.update({what: result[what] for what in COUNTED})
        bad = counts["played_twice_or_more"] + counts["never_played"] + (slowest > RECOVERY)
        total = {"rounds": rounds, "seed": seed, **counts, "slowest_recovery_s": slowest, "limit_s": RECOVERY}
        print(json.dumps(total, ensure_ascii=False), flush=True)
        told = counts["portal_says_played"] == counts["played_once"] == counts["gateways"]
        return 0 if told and not bad else 1

    def round(self, n: int) -> dict[str, Any]:
        """One broadcast and one kill. `recovered_s`: from its being back to the last first acceptance, seconds."""
        lane, other = ("urgent", "routine") if n % 2 == 0 else ("routine", "urgent")
        draft = self.draft(lane)
        victim = Victim(self.city, choose(self.chance).format(lane=lane, other=other))
        moment = self.chance.uniform(*MOMENTS)
        if moment < 0:
            victim.kill()
            time.sleep(-moment)
        self.publish(draft)
        if moment >= 0:
            time.sleep(moment)
            victim.kill()
        victim.wait_until_back()
        result = self.outcome([draft], victim.back_at)
        if victim.name == "simulator":
            self.behave()
        self.city.wait_until_well()
        return {"round": n + 1, "lane": lane, "killed": victim.what, "at_s": round(moment, 2), **result}

    def without_redis(self, loss: float) -> dict[str, Any]:
        """Redis takes connections and says nothing. What is urgent goes out all the same."""
        redis = Victim(self.city, REDIS_IS_LOST)
        redis.freeze()
        sent = []
        for n in range(SENT_MEANWHILE):
            sent.append(self.draft(("urgent", "routine")[n % 2]))
            self.publish(sent[-1])
            time.sleep(loss / SENT_MEANWHILE)
        rows = self.rows(sent).filter(broadcast__lane="urgent")
        arrived = rows.exclude(state__in=["waiting", "sending"]).count()
        redis.thaw()
        result = self.outcome(sent, redis.back_at)
        self.city.wait_until_well()
        return {
            "killed": REDIS_IS_LOST,
            "for_s": loss,
            "urgent_meanwhile": arrived,
            "of": rows.count(),
            **result,
        }

    def draft(self, lane: str) -> Any:
        from broadcast.models import Broadcast

        def make_it() -> Broadcast:
            draft = Broadcast.objects.create(
                author=self.author,
                category={"urgent": "wildfire", "routine": "life"}[lane],
                lane=lane,
                text="장애 시험",
                recording=self.recording,
            )
            draft.villages.set(self.villages)
            return draft

        return patiently(make_it)

    def publish(self, draft: Any) -> None:
        """As a person would: if the portal did not answer, once more. A second call does nothing more."""
        from broadcast.publish import publish

        patiently(lambda: publish(draft.pk, self.author))

    def rows(self, sent: list[Any]) -> Any:
        from broadcast.models import Delivery

        return Delivery.objects.filter(broadcast__in=[draft.pk for draft in sent])

    def outcome(self, sent: list[Any], back_at: float) -> dict[str, Any]:
        """What the boxes did, once all of them have played or a minute is over."""
        rows = self.rows(sent)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if not patiently(rows.exclude(state__in=["played", "failed"]).exists):
                break
            time.sleep(0.25)
        plays = [play for draft in sent for play in patiently(lambda d=draft: self.city.plays(d.pk))]
        played = Counter(play["times_played"] for play in plays)
        gateways = patiently(rows.count)
        accepted = [play["accepted_at"] for play in plays]
        return {
            "gateways": gateways,
            "played_once": played[1],
            "played_twice_or_more": sum(n for times, n in played.items() if times > 1),
            "never_played": gateways - sum(n for times, n in played.items() if times >= 1),
            "portal_says_played": rows.filter(state="played").count(),
            "pushed_again": sum(attempts - 1 for attempts in rows.values_list("attempts", flat=True)),
            "recovered_s": round(max(0.0, max(accepted, default=float("inf")) - back_at), 2),
        }


def patiently(deed: Callable[[], T], patience: float = 30) -> T:
    """While the database or the boxes are away, again and again."""
    from django.db import Error, connection

    until = time.monotonic() + patience
    while True:
        try:
            return deed()
        except (Error, OSError):
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
