"""The portal's own programs: how each is called. docker-compose.yml calls the same ones."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from . import processes
from .folder import PROJECT, Folder
from .supervisor import Child

PYTHON = sys.executable


def worker(name: str, queue: str, at_once: int, pool: str = "prefork") -> list[str]:
    """A Celery worker for one queue. Workers have nothing to tell each other: no gossip, no mingle."""
    flags = ["--without-gossip", "--without-mingle", "--loglevel=WARNING"]
    return [
        PYTHON,
        "-m",
        "celery",
        "-A",
        "jinju_portal",
        "worker",
        "-n",
        f"{name}@%h",
        "-Q",
        queue,
        f"-P{pool}",
        f"-c{at_once}",
        *flags,
    ]


def commands(folder: Folder, env: Mapping[str, str], simulator: Mapping[str, str]) -> dict[str, list[str]]:
    """Name → command line, in the order in which they start."""
    shards = int(env.get("DISPATCH_SHARDS", "2"))
    made = {
        "simulator": [
            PYTHON,
            "-m",
            "broadcast.simulator",
            *(f"--{name}={value}" for name, value in simulator.items()),
        ],
        "web": [PYTHON, "-m", "gunicorn", "-c", "python:jinju_portal.gunicorn", "jinju_portal.wsgi"],
        # Beside the shards one for retries, and one that the sweep and the heartbeat find free during a broadcast.
        "worker-urgent": worker("worker-urgent", "urgent", shards + 2),
        "worker-routine": worker("worker-routine", "routine", 3),
        # Where the portal holds the line a push lasts as long as the sound, and mostly waits: threads, one a broadcast.
        "worker-calls-urgent": worker("worker-calls-urgent", "calls-urgent", 16, "threads"),
        "worker-calls-routine": worker("worker-calls-routine", "calls-routine", 16, "threads"),
        "standby": [PYTHON, "-m", "jinju_portal.standby"],
        "beat": [
            PYTHON,
            "-m",
            "celery",
            "-A",
            "jinju_portal",
            "beat",
            "--pidfile=",
            f"--schedule={folder.path / 'beat'}",
            "--loglevel=WARNING",
        ],
    }
    if env.get("MQTT_URL"):
        made["mqtt-listener"] = [PYTHON, "manage.py", "listen_mqtt"]
    return made


def child(name: str, command: list[str], folder: Folder, env: Mapping[str, str]) -> Child:
    # A worker whose launcher is gone does not finish its tasks: the rows know what was not done, and its last
    # seconds would only delay the next start. Its pool goes with it.
    death = signal.SIGKILL if name.startswith("worker") else signal.SIGTERM
    return Child(
        name,
        lambda: processes.start(command, log=folder.log(name), env=env, cwd=PROJECT, death_signal=death),
    )


def prepare_command(simulator_url: str, gateways_file: Path) -> list[str]:
    return [PYTHON, "-m", "jinju_portal.launcher.prepare", simulator_url, str(gateways_file)]
