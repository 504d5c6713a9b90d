"""make bench-rotation: 200,000 people are sealed with another key while the portal serves; the worker dies in between.

Real PostgreSQL, gunicorn, Celery with its worker, which is killed once (-9) and started again. Eight visitors ask for
their own data all the while, and a ninth changes some. One JSON line at the end: `rows`, `requests`, `failed` (must be
0), `wrong` (answers without the name that belongs there; 0), `left` (values still sealed with the old key; 0).
"""

import base64
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from urllib.parse import urlsplit

import django

ROWS, VISITORS = 200_000, 8
OLD = "old:" + base64.b64encode(os.urandom(32)).decode()
NEW = "new:" + base64.b64encode(os.urandom(32)).decode()


def main() -> int:
    os.environ["DATA_KEYS"] = OLD
    os.environ["DJANGO_SETTINGS_MODULE"] = "jinju_portal.settings"
    django.setup()
    from django.core.management import call_command

    from people.models import Resident, User
    from people.phones import phone_index
    from privacy import keys, rotation
    from privacy.reseal import is_old
    from privacy.tasks import rotate
    from tests.learning.access_cast import citizen

    from .serving import Portal

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    for first in range(0, ROWS, 5000):
        phones = [f"+8210{n:08}" for n in range(first, first + 5000)]
        Resident.objects.bulk_create(
            Resident(name=f"예시주민{phone[5:]}", phone=phone, phone_index=phone_index(phone))
            for phone in phones
        )
    visitors = [citizen(f"0109{n:07}") for n in range(0, 10_000_000, 10_000_000 // VISITORS)][:VISITORS]
    for n, _ in enumerate(visitors):
        phone = f"+82109{n * (10_000_000 // VISITORS):07}"
        Resident.objects.create(name=f"방문자{n}", phone=phone, phone_index=phone_index(phone))
    from django.conf import settings

    settings.DATA_KEYS = os.environ["DATA_KEYS"] = f"{NEW},{OLD}"
    assert keys.sealing_key()[0] == b"new"
    stop, asked, failed, wrong = Event(), [0] * VISITORS, [], []

    def visits(n: int, base: str) -> None:
        cookie = f"sessionid={visitors[n].cookies['sessionid'].value}"
        while not stop.is_set():
            line = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
            try:
                line.request("GET", "/privacy/mine/held/", headers={"Cookie": cookie})
                answer = line.getresponse()
                text = answer.read().decode()
            except OSError as error:
                failed.append(str(error))
                continue
            finally:
                line.close()
            asked[n] += 1
            if answer.status != 200:
                failed.append(str(answer.status))
            elif f"방문자{n}" not in text:
                wrong.append(n)

    def changes() -> int:
        count = 0
        while not stop.is_set():
            row = Resident.objects.order_by("?").first() if count % 50 == 0 else Resident.objects.first()
            if row:
                row.address = f"예시로 {count}"
                row.save(update_fields=["address"])
                count += 1
            time.sleep(0.05)
        return count

    begun = time.monotonic()
    rotating = rotation.start(User.objects.create_user("officer"))
    with Portal() as portal, ThreadPoolExecutor(VISITORS + 1) as crowd:
        waiting = [crowd.submit(visits, n, portal.url) for n in range(VISITORS)]
        writer = crowd.submit(changes)
        worker = _worker()
        killed = False
        try:
            while rotating.finished_at is None and time.monotonic() - begun < 600:
                rotate.apply_async(queue="routine")  # as beat does
                time.sleep(2)
                rotating.refresh_from_db()
                looked = sum(rotating.columns.values_list("looked", flat=True))
                if not killed and looked > ROWS:
                    os.killpg(worker.pid, signal.SIGKILL)
                    worker.wait()
                    worker, killed = _worker(), True
            seconds = time.monotonic() - begun
        finally:
            stop.set()
            for one in waiting:
                one.result()
            changed = writer.result()
            os.killpg(worker.pid, signal.SIGTERM)
            worker.wait(60)
    left = sum(
        is_old(sealed)
        for name in ("name", "phone", "birth_date", "address")
        for sealed in Resident.objects.values_list(name, flat=True).iterator()
    )
    lost = ROWS + VISITORS - Resident.objects.count()
    opened = sum(
        row.name.startswith(("예시주민", "방문자")) for row in Resident.objects.only("name").iterator()
    )
    line = {"rows": ROWS, "killed": killed, "requests": sum(asked), "changes": changed, "failed": len(failed)}
    line |= {"wrong": len(wrong), "left": left, "lost": lost, "opened": opened, "seconds": round(seconds, 1)}
    print(json.dumps(line), flush=True)
    well = killed and rotating.finished_at and opened == ROWS + VISITORS and sum(asked) > 0
    return 0 if well and not (failed or wrong or left or lost) else 1


def _worker() -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "jinju_portal",
        "worker",
        "-Q",
        "routine",
        "--concurrency=1",
    ]
    return subprocess.Popen([*command, "--loglevel=WARNING"], start_new_session=True)


if __name__ == "__main__":
    sys.exit(main())
