"""make attack-review: misuse of twelve kinds in a month of 100,000 access records; how much of it the review proposes.

One JSON line a kind (`kind`, `injected`, `found`) and one for all: `records`, `recall` (limit 0.95), `seconds` of
looking through the month, `false_alarms_per_week` (legitimate work that a person must judge). Another month: --seed.
"""

import argparse
import json
import os
import sys
import time
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from privacy.models import AccessRecord  # noqa: E402
from privacy.review import detectors, month  # noqa: E402
from tests import make  # noqa: E402

from .office_month import INJECTED, OfficeMonth  # noqa: E402

LIMIT, WEEKS = 0.95, 4.0


def judged(made: OfficeMonth) -> tuple[dict[str, tuple[int, int]], list[detectors.Suspicion], float]:
    """(kind → (injected, found), suspicions of legitimate work, seconds)."""
    begun = time.perf_counter()
    found = detectors.look_through(month.read(date(2026, 11, 1)))
    taken = time.perf_counter() - begun
    hits: set[int] = set()
    alarms = []
    for one in found:
        episodes = {made.episode_of[look.pk] for look in one.looks if look.pk in made.episode_of}
        hits |= {n for n in episodes if made.episodes[n].kind == one.kind}
        if not episodes:
            alarms.append(one)
    counts = {}
    for kind in INJECTED:
        theirs = [episode for episode in made.episodes if episode.kind == kind]
        counts[kind] = len(theirs), sum(episode.number in hits for episode in theirs)
    return counts, alarms, taken


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--records", type=int, default=100_000)
    asked.add_argument("--episodes", type=int, default=10, help="of each kind")
    asked.add_argument("--seed", type=int, default=20261126)
    options = asked.parse_args()
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        make.places()
        made = OfficeMonth(options.records, options.episodes, options.seed)
        counts, alarms, taken = judged(made)
        for kind, (injected, found) in counts.items():
            false = sum(one.kind == kind for one in alarms)
            print(json.dumps({"kind": kind, "injected": injected, "found": found, "false_alarms": false}))
        recall = sum(found for _, found in counts.values()) / sum(n for n, _ in counts.values())
        line = {"records": AccessRecord.objects.count(), "recall": round(recall, 3), "limit": LIMIT}
        print(json.dumps({**line, "false_alarms_per_week": len(alarms) / WEEKS, "seconds": round(taken, 1)}))
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    return 0 if recall >= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
