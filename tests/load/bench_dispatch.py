"""How long the portal takes to reach every gateway, against a bare script that does nothing but push.

    make bench-dispatch            (or: python -m jinju_portal.launcher run -- python -m tests.load.bench_dispatch)

Real PostgreSQL, Valkey, Celery workers and beat, and the simulator as its own process. Rounds are taken in turn,
portal and bare with the same seed: every gateway's link is equally slow for both. Time counts from the call of
publish() (bare: from "go") to the moment the gateway had the command, by the clock of this machine. One JSON line a
case; figures are medians over the rounds.
"""

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import django
from django.conf import settings

PYTHON = sys.executable
LATENCY, LATENCY_P99 = 0.08, 0.6
CASES = [(358, 0.0), (358, 0.05), (10_000, 0.0), (10_000, 0.05)]
SHARES = (50, 95, 99)


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=9)
    asked.add_argument("--gateways", type=int, nargs="*", help="only cases of these sizes")
    asked.add_argument(
        "--bare-without-gc",
        action="store_true",
        help="let the bare script, too, not look for garbage while it pushes (the portal does not)",
    )
    options = asked.parse_args()
    django.setup()
    _make_tables()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for size in dict.fromkeys(size for size, _ in CASES):
            if options.gateways and size not in options.gateways:
                continue
            with Bench(size, Path(folder), options.bare_without_gc) as bench:
                for hanging in (share for case, share in CASES if case == size):
                    line = bench.measure(hanging, options.rounds)
                    print(json.dumps(line), flush=True)
                    bad += line["ratio"] > 1.15
    return 1 if bad else 0


def _make_tables() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


class Bench:
    """A city of `size` gateways with its simulator, workers, and as many bare processes as pushing workers."""

    def __init__(self, size: int, folder: Path, bare_without_gc: bool = False) -> None:
        from broadcast.publish import shards_for

        self.size, self.folder = size, folder
        self.bare_flags = ["without-gc"] if bare_without_gc else []
        self.shards = shards_for(size)
        self.port = _free_port()
        self.children: list[subprocess.Popen[Any]] = []
        self.bare: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "Bench":
        self._make_city()
        simulator = [PYTHON, "-m", "broadcast.simulator", f"--gateways={self.folder / 'gateways.json'}"]
        self._start(*simulator, f"--port={self.port}", "--portal=http://127.0.0.1:9", "--push-only")
        celery = [PYTHON, "-m", "celery", "-A", "jinju_portal"]
        quiet = ["--loglevel=WARNING", "--without-gossip", "--without-mingle"]
        processes = settings.DISPATCH_SHARDS + 2
        self._start(*celery, "worker", "-n", "urgent@bench", "-Q", "urgent", f"-c{processes}", *quiet)
        self._start(*celery, "beat", "--pidfile=", f"--schedule={self.folder / 'beat'}", "--loglevel=WARNING")
        for n in range(self.shards):
            self.bare.append(self._start_bare(n))
        self._wait_for_worker()
        return self

    def __exit__(self, *exc: object) -> None:
        for child in self.bare:
            assert child.stdin
            child.stdin.close()
        for child in reversed(self.children):
            child.terminate()
        for child in [*self.children, *self.bare]:
            child.wait(30)

    def measure(self, hanging: float, rounds: int) -> dict[str, Any]:
        """One line of output. Raises AssertionError if a live gateway was not reached."""
        times: dict[str, list[list[float]]] = {"portal": [], "bare": []}
        for n in range(rounds + 1):
            ways = [("portal", self._by_portal), ("bare", self._by_bare)]
            for name, way in ways if n % 2 else reversed(ways):
                self._control("reset", {})
                behaviour = {"seed": str(n), "latency": LATENCY, "latency_p99": LATENCY_P99, "hang": hanging}
                self._control("behaviour", {**behaviour, "push_only": True})
                arrived = self._arrivals(*way(), expected=self.size - round(self.size * hanging))
                if n:  # the first round warms both up
                    times[name].append(arrived)
        line: dict[str, Any] = {"gateways": self.size, "hanging": hanging}
        for name, all_rounds in times.items():
            for share in SHARES:
                at = [arrived[max(0, -(-len(arrived) * share // 100) - 1)] for arrived in all_rounds]
                line[f"{name}_p{share}_s"] = round(statistics.median(at), 4)
        line["ratio"] = round(line["portal_p99_s"] / line["bare_p99_s"], 3)
        return line

    def _by_portal(self) -> tuple[str, float]:
        from broadcast.models import Broadcast
        from broadcast.publish import publish

        draft = Broadcast.objects.create(
            author=self.author,
            category="wildfire",
            lane="urgent",
            text="시험 방송입니다.",
            recording=self.recording,
        )
        draft.villages.set(self.villages)
        start = time.time()
        publish(draft.pk, self.author)
        return str(draft.pk), start

    def _by_bare(self) -> tuple[str, float]:
        name = f"bare-{secrets.token_hex(8)}"
        start = time.time()
        for child in self.bare:
            assert child.stdin
            child.stdin.write(f"go {name}\n")
            child.stdin.flush()
        return name, start

    def _arrivals(self, broadcast: str, start: float, expected: int) -> list[float]:
        """Seconds after the start, in order, at which live gateways had the push; then wait until all is quiet."""
        until = time.monotonic() + 90
        while len(found := self._control(f"arrivals?broadcast={broadcast}")["arrivals"]) < expected:
            assert time.monotonic() < until, f"{len(found)} of {expected} live gateways reached"
            time.sleep(1)
        if broadcast.startswith("bare"):
            for child in self.bare:
                assert child.stdout
                assert child.stdout.readline() == "done\n"
        else:
            self._end(broadcast)
        assert len(found) == expected
        return sorted(at - start for at in found.values())

    def _end(self, broadcast: str) -> None:
        """Wait for the worker, then take what still waits for a retry out of the way of the next round."""
        from django.utils import timezone

        from broadcast.models import Broadcast, Delivery

        rows = Delivery.objects.filter(broadcast=broadcast)
        while rows.filter(state="sending").exists():
            time.sleep(0.2)
        Broadcast.objects.filter(pk=broadcast).update(expires_at=timezone.now())
        while rows.filter(state__in=["waiting", "sending"]).exists():
            time.sleep(0.2)

    def _make_city(self) -> None:
        from broadcast.models import Gateway, GatewayKey, Village
        from people.models import District
        from tests import make

        old = Gateway.objects.all()
        old.update(is_active=False)
        district = District.objects.all()[0]
        self.villages = Village.objects.bulk_create(
            Village(code=f"B{self.size}-{n}", name=f"{self.size}-{n}", district=district, lat=0, lon=0)
            for n in range(self.size)
        )
        gateways = Gateway.objects.bulk_create(
            Gateway(
                code=f"B{self.size}-{n}",
                village=village,
                address=f"http://127.0.0.1:{self.port}/B{self.size}-{n}",
            )
            for n, village in enumerate(self.villages)
        )
        keys = GatewayKey.objects.bulk_create(
            GatewayKey(gateway=g, number=1, secret=secrets.token_hex(32)) for g in gateways
        )
        boxes = [
            {"code": g.code, "key": "1", "secret": k.secret, "address": g.address}
            for g, k in zip(gateways, keys, strict=True)
        ]
        (self.folder / "gateways.json").write_text(json.dumps(boxes))
        for n in range(self.shards):
            (self.folder / f"bare{n}.json").write_text(json.dumps(boxes[n :: self.shards]))
        self.author = make.city_operator()
        self.recording = make.recording(self.author)
        self._write_command()

    def _write_command(self) -> None:
        """Bare sends what the portal sends."""
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
        for n in range(self.shards):
            command = {**play_command(like), "expires_at": "2099-01-01T00:00:00+09:00"}
            (self.folder / f"bare{n}.command").write_text(json.dumps(command))

    def _start(self, *command: str) -> None:
        self.children.append(subprocess.Popen(command, env=os.environ))

    def _start_bare(self, n: int) -> subprocess.Popen[str]:
        command = [
            PYTHON,
            "-m",
            "tests.load.bare",
            str(self.folder / f"bare{n}.json"),
            str(settings.DISPATCH_WINDOW),
            *self.bare_flags,
        ]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        return child

    def _wait_for_worker(self) -> None:
        from django.utils import timezone

        from broadcast.models import Heartbeat

        start, until = timezone.now(), time.monotonic() + 60
        while not Heartbeat.objects.filter(name="worker-urgent", seen_at__gt=start).exists():
            assert time.monotonic() < until, "the worker does not start"
            time.sleep(0.3)

    def _control(self, what: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/_control/{what}", data)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")


def _free_port() -> int:
    from jinju_portal.launcher.servers import free_port

    return free_port(28600)


if __name__ == "__main__":
    sys.exit(main())
