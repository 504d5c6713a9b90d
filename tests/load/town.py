"""A town of simulated gateways for a measurement: its rows, its simulators, and when a broadcast arrived where."""

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

LATENCY, LATENCY_P99 = 0.08, 0.6
#: Boxes that one simulator plays: one process and one address more from there on, since an address has only so many
#: ports for those who call it.
BOXES = 10_000


class Simulator:
    """`boxes` that listen at `host`; each gets its address."""

    def __init__(self, boxes: list[dict[str, str]], host: str, file: Path, *, aside: bool) -> None:
        self.boxes = boxes
        file.write_text(json.dumps(boxes))
        command = [sys.executable, "-m", "broadcast.simulator", f"--gateways={file}", f"--listen={host}:0"]
        # Real boxes take nothing from the portal's machine; these do, so that those aside yield to those looked at.
        front = ["nice", "-n", "10"] if aside else []
        self.process = subprocess.Popen(
            [*front, *command, "--portal=http://127.0.0.1:9", "--push-only"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().split()[-1]
        for box in boxes:
            box["address"] = f"{self.address}/{box['code']}"

    def control(self, what: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.address}/_control/{what}", data, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def live(self, hanging: float) -> int:
        return len(self.boxes) - round(len(self.boxes) * hanging)


class Town:
    """`aside`: there to be in the way of another, at low priority."""

    def __init__(self, size: int, folder: Path, *, aside: bool = False) -> None:
        self.size, self.folder, self.name = size, folder, f"B{secrets.token_hex(3)}"
        self.aside = aside
        self.simulators: list[Simulator] = []
        self._make()

    def _make(self) -> None:
        from broadcast.models import Gateway, GatewayKey, Village
        from people.models import District
        from tests import make

        self.boxes = [
            {"code": f"{self.name}-{n}", "key": "1", "secret": secrets.token_hex(32)}
            for n in range(self.size)
        ]
        for n in range(-(-self.size // BOXES)):
            own, file = self.boxes[n * BOXES : (n + 1) * BOXES], self.folder / f"{self.name}-{n}.json"
            self.simulators.append(Simulator(own, f"127.0.0.{1 + n}", file, aside=self.aside))
        district = District.objects.all()[0]
        self.villages = Village.objects.bulk_create(
            Village(code=b["code"], name=b["code"], district=district, lat=0, lon=0) for b in self.boxes
        )
        gateways = Gateway.objects.bulk_create(
            Gateway(code=b["code"], village=v, address=b["address"])
            for b, v in zip(self.boxes, self.villages, strict=True)
        )
        GatewayKey.objects.bulk_create(
            GatewayKey(gateway=g, number=1, secret=b["secret"])
            for b, g in zip(self.boxes, gateways, strict=True)
        )
        self.author = make.city_operator(username=self.name)
        self.recording = make.recording(self.author)

    def close(self) -> None:
        for simulator in self.simulators:
            simulator.process.terminate()
        for simulator in self.simulators:
            simulator.process.wait(30)

    def behave(self, seed: object, hanging: float) -> None:
        """As new, slow by the seed."""
        links = {"seed": str(seed), "latency": LATENCY, "latency_p99": LATENCY_P99, "hang": hanging}
        for simulator in self.simulators:
            simulator.control("reset", {})
            simulator.control("behaviour", {**links, "push_only": True})

    def publish(self, category: str = "wildfire") -> tuple[str, float]:
        """(broadcast, Unix seconds when publish() was called)."""
        from broadcast.models import Broadcast
        from broadcast.publish import publish

        draft = Broadcast.objects.create(
            author=self.author, category=category, text="시험 방송입니다.", recording=self.recording
        )
        draft.villages.set(self.villages)
        start = time.time()
        publish(draft.pk, self.author)
        return str(draft.pk), start

    def command(self) -> dict[str, Any]:
        """What the portal pushes, but for ids and times."""
        from django.utils import timezone

        from broadcast.dispatch import play_command
        from broadcast.models import Broadcast

        like = Broadcast(
            category="wildfire",
            lane="urgent",
            text="시험 방송입니다.",
            recording=self.recording,
            expires_at=timezone.now(),
        )
        return {**play_command(like), "expires_at": "2099-01-01T00:00:00+09:00"}

    def count(self, broadcast: str) -> int:
        """How many boxes have it."""
        return sum(s.control("")["arrivals"].get(broadcast, 0) for s in self.simulators)

    def missed(self, broadcast: str, hanging: float) -> int:
        """Live gateways that do not have it, a second after whoever pushed was done."""
        time.sleep(1)
        return sum(s.live(hanging) for s in self.simulators) - self.count(broadcast)

    def arrivals(self, broadcast: str, hanging: float) -> list[float]:
        """Unix seconds, in order, at which live gateways had it. Raises AssertionError if some had not."""
        until, live = time.monotonic() + 90, sum(s.live(hanging) for s in self.simulators)
        while (found := self.count(broadcast)) < live:
            assert time.monotonic() < until, f"{found} of {live} live gateways reached"
            time.sleep(0.5)
        assert found == live
        question = f"arrivals?broadcast={broadcast}"
        return sorted(at for s in self.simulators for at in s.control(question)["arrivals"].values())


def settle(broadcast: str) -> None:
    """Wait for the workers, then take what still waits for a retry out of the way of the next round."""
    from django.utils import timezone

    from broadcast.models import Broadcast, Delivery

    rows = Delivery.objects.filter(broadcast__id=broadcast)
    while rows.filter(state="sending").exists():
        time.sleep(0.2)
    Broadcast.objects.filter(pk=broadcast).update(expires_at=timezone.now())
    while rows.filter(state__in=["waiting", "sending"]).exists():
        time.sleep(0.2)


def no_other_gateways() -> None:
    from broadcast.models import Gateway

    Gateway.objects.update(is_active=False)


class Workers:
    """The portal's own: Celery workers of these queues, and beat."""

    def __init__(self, folder: Path, *queues: str) -> None:
        from django.conf import settings
        from django.utils import timezone

        start = timezone.now()
        celery = [sys.executable, "-m", "celery", "-A", "jinju_portal"]
        quiet = ["--loglevel=WARNING", "--without-gossip", "--without-mingle"]
        processes = settings.DISPATCH_SHARDS + 2
        self.workers = [
            _started([*celery, "worker", "-n", f"{q}@bench", "-Q", q, f"-c{processes}", *quiet])
            for q in queues
        ]
        self.beat = _started(
            [*celery, "beat", "--pidfile=", f"--schedule={folder / 'beat'}", "--loglevel=WARNING"]
        )
        _wait_for([f"worker-{q}" for q in queues], start)

    def memory_mb(self) -> list[int]:
        """The most that each process had at any time, resident; empty where there is no /proc."""
        return sorted((_peak(child) for w in self.workers for child in _children(w.pid)), reverse=True)

    def close(self) -> None:
        for child in (self.beat, *self.workers):
            child.terminate()
        for child in (self.beat, *self.workers):
            child.wait(30)


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=os.environ)


def _wait_for(names: list[str], start: Any) -> None:
    from broadcast.models import Heartbeat

    until = time.monotonic() + 60
    while Heartbeat.objects.filter(name__in=names, seen_at__gt=start).count() < len(names):
        assert time.monotonic() < until, "the workers do not start"
        time.sleep(0.3)


def _children(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
