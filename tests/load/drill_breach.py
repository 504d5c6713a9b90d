"""make drill-breach: among a million access records, who was exposed to an account, from an address, in a time.

One JSON line a question: `by`, `records`, `rows` that were exposed, `people`, `seconds` (limit 5), with the database's
plan after them. The records are written by SQL, without the ledger: it is the finding that is measured.
"""

import json
import os
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")
django.setup()

from uuid import UUID  # noqa: E402

from django.db import connection  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from learning.models import Learner  # noqa: E402
from people.models import Resident  # noqa: E402
from privacy.exposed import exposed, plan, summary  # noqa: E402
from privacy.models import Breach  # noqa: E402

RECORDS, LIMIT = 1_000_000, 5.0
#: A year: 200 accounts, 400 addresses, lists of up to twenty of 60,000 people.
WRITE = """
INSERT INTO privacy_accessrecord (at, identifier, address, subjects, action, detail, result)
SELECT now() - n * interval '31.5 seconds', 'staff-' || n %% 200, ('10.0.' || n %% 2 || '.' || n %% 200)::inet,
       ARRAY(SELECT (ARRAY['people.resident:', 'learning.learner:', 'repair.case:'])[1 + (n + k) %% 3]
             || lpad(to_hex((n * 7919::bigint + k * 104729) %% 60000), 32, '0')::uuid
             FROM generate_series(1, 1 + n %% 20) AS k),
       (ARRAY['view', 'view', 'view', 'view', 'change', 'download'])[1 + n %% 6], '목록', 'done'
FROM generate_series(1, %s) AS n
"""


def write_people(count: int = 60_000) -> None:
    """Those whom the records name, as residents and as learners, each with a phone."""
    keys = [UUID(int=n) for n in range(count)]
    phones = [f"+8210{n:08}" for n in range(count)]
    Resident.objects.bulk_create(
        [Resident(pk=key, name="예시", phone=phone) for key, phone in zip(keys, phones, strict=True)],
        batch_size=5000,
    )
    Learner.objects.bulk_create(
        [
            Learner(pk=key, name="예시", phone=phone, phone_index=key.hex, person_index=key.hex)
            for key, phone in zip(keys, phones, strict=True)
        ],
        batch_size=5000,
    )


def write_records(count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("ALTER TABLE privacy_accessrecord DROP CONSTRAINT privacy_accessrecord_committed")
        cursor.execute(WRITE, [count])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE privacy_accessrecord")


def questions() -> dict[str, Breach]:
    """An account for a month, an address for a week, everything of an afternoon, and an account for the whole year."""
    now = timezone.now()
    year = {"since": now - timedelta(days=400), "until": now}
    return {
        "account, a month": Breach(account="staff-7", since=now - timedelta(days=30), until=now),
        "address, a week": Breach(address="10.0.1.7", since=now - timedelta(days=7), until=now),
        "everything, an afternoon": Breach(since=now - timedelta(hours=4), until=now),
        "account, a year": Breach(account="staff-7", **year),
        "everything, a year": Breach(**year),
    }


def main() -> int:
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    slow = 0
    try:
        write_people()
        write_records(RECORDS)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM privacy_accessrecord")  # as PostgreSQL does by itself over a year
        for by, breach in questions().items():
            begun = time.perf_counter()
            found = exposed(breach)
            known = summary(found)  # with each one's phone, opened
            taken = time.perf_counter() - begun
            line = {"by": by, "records": RECORDS, "rows": len(found), "people": known.people}
            print(
                json.dumps({**line, "seconds": round(taken, 2), "limit": LIMIT}, ensure_ascii=False),
                flush=True,
            )
            assert known.phones
            slow += taken > LIMIT
            for told in plan(breach):
                print(f"    {told}")
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
