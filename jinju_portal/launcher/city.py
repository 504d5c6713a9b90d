"""The example city from start to stop: what `make demo` is."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import children, prepare, screen
from .folder import PROJECT, Folder
from .postgres import Postgres
from .processes import identity
from .servers import Server, free_port, is_free, tail, wait_until_up
from .supervisor import Child, Supervisor
from .surroundings import demo_secrets, portal_env
from .valkey import Valkey
from .words import Trouble, say, say_now

#: Where to look for free ports: below the range from which outgoing connections take theirs.
PORTS = {"web": 18000, "postgres": 20000, "valkey": 23000, "simulator": 26000}
SPREAD = 2000


class City:
    """One example city in one folder, on one port. `run` blocks until a signal."""

    def __init__(self, folder: Folder, port: int) -> None:
        self.folder = folder
        self.port = port or free_port(PORTS["web"], SPREAD)
        self.url = f"http://127.0.0.1:{self.port}"
        self.signals = 0
        self.supervisor = Supervisor(self._note)
        self.env: dict[str, str] = {}

    def run(self) -> None:
        self.folder.take()
        if leftovers := self.folder.clear_leftovers():
            say(f"지난번에 갑자기 꺼져 남아 있던 것을 정리했습니다: {', '.join(leftovers)}")
        self._check_port()
        self.folder.shorten_logs()
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._signalled)
        try:
            self._start()
            self._wait_until_ready()
            if not self.signals:
                screen.show(self.url, self.folder.path)
            while not self.signals:
                self.supervisor.look_after()
                time.sleep(0.2)
        finally:
            say("\n끄는 중입니다. 잠시 기다려 주세요. (stopping)")
            self.signals = 0
            self.supervisor.stop(in_a_hurry=lambda: self.signals > 0)
            self.folder.note.unlink(missing_ok=True)
            say("모두 껐습니다. 다시 켜려면 make demo (stopped)")

    def _start(self) -> None:
        made = demo_secrets(self.folder.path / "secrets.json")
        database_url, queue_url = self._servers(made)
        ports = self._simulator_ports()
        gateways = self.folder.path / "gateways.json"
        self.env = portal_env("demo", self.folder.path, made, database_url, queue_url)
        self.env |= {"PORTAL_URL": self.url, "PORT": str(self.port)}
        self._prepare(ports["url"], gateways)
        simulator = {"gateways": str(gateways), "port": ports["port"], "portal": self.url}
        for name, command in children.commands(self.folder, self.env, simulator).items():
            self.supervisor.add(children.child(name, command, self.folder, self.env))

    def _servers(self, made: dict[str, str]) -> tuple[str, str]:
        """Start those that the environment does not name. Returns the addresses of database and queue."""
        ours: list[Server] = []
        urls = {}
        if not (url := os.environ.get("DATABASE_URL")):
            ours.append(
                Postgres(
                    self.folder.path / "postgres",
                    free_port(PORTS["postgres"], SPREAD),
                    made["DATABASE_PASSWORD"],
                    self.folder.log("postgres"),
                )
            )
            url = ours[-1].url
        urls["database"] = url
        if not (url := os.environ.get("REDIS_URL")):
            ours.append(
                Valkey(
                    self.folder.path / "valkey",
                    free_port(PORTS["valkey"], SPREAD),
                    made["QUEUE_PASSWORD"],
                    self.folder.log("valkey"),
                )
            )
            url = ours[-1].url
        for server in ours:
            stop = signal.SIGINT if server.name == "postgres" else signal.SIGTERM
            self.supervisor.add(Child(server.name, server.start, stop, patience=20, is_server=True))
        for server, child in zip(ours, self.supervisor.children, strict=True):
            if child.process is None:
                raise Trouble(f"{server.name} 을(를) 시작하지 못했습니다.", f"{server.name} did not start")
            wait_until_up(server, child.process, self.folder.log(server.name))
        return urls["database"], url

    def _simulator_ports(self) -> dict[str, str]:
        """The simulator's port stays the same from start to start, since the gateways' addresses hold it."""
        kept = self.folder.path / "simulator.port"
        port = int(kept.read_text()) if kept.exists() else 0
        if not port or not is_free(port):
            port = free_port(PORTS["simulator"], SPREAD)
            kept.write_text(str(port))
        return {"port": str(port), "url": f"http://127.0.0.1:{port}"}

    def _prepare(self, simulator_url: str, gateways: Path) -> None:
        done = self.folder.path / "prepared"
        now = prepare.stamp(self.env["DATABASE_URL"].rpartition("@")[2].rpartition("/")[2], simulator_url)
        own_database = "DATABASE_URL" not in os.environ
        if own_database and gateways.exists() and done.exists() and done.read_text() == now:
            return
        say("예시 도시를 준비합니다. 처음에는 1분쯤 걸립니다. (preparing the example city)")
        log = self.folder.log("prepare")
        with log.open("ab") as out:
            command = children.prepare_command(simulator_url, gateways)
            code = subprocess.call(command, stdout=out, stderr=out, env=self.env, cwd=PROJECT)
        if self.signals:
            sys.exit(130)
        if code:
            last = "\n    ".join(tail(log, 8))
            raise Trouble(
                f"준비하지 못했습니다. {log} 파일을 봐 주세요.\n    {last}", f"preparing failed, see {log}"
            )
        done.write_text(now)

    def _check_port(self) -> None:
        if not is_free(self.port):
            raise Trouble(
                f"{self.port}번 포트를 다른 프로그램이 쓰고 있습니다. 그 프로그램을 끄거나"
                f" 다른 번호로 시작해 주세요:  PORT={free_port(self.port + 1)} make demo",
                f"port {self.port} is taken",
            )

    def _wait_until_ready(self, patience: float = 300) -> None:
        """Until all is well and every box reports; what is still missing is said now and then."""
        say("켜는 중입니다. (starting)")
        until, say_next = time.monotonic() + patience, time.monotonic() + 20
        while not self.signals:
            ok, missing = ask_ready(self.url)
            if ok:
                return
            if time.monotonic() > say_next:
                say_now(f"아직 기다리는 중입니다. {missing}")
                say_next += 20
            if time.monotonic() > until:
                raise Trouble(
                    f"{patience:.0f}초가 지나도 다 켜지지 않았습니다: {missing}"
                    f" {self.folder.logs} 를 봐 주세요.",
                    f"not ready: {missing}",
                )
            self.supervisor.look_after()
            self._give_up_on_the_hopeless()
            time.sleep(0.2)

    def _give_up_on_the_hopeless(self) -> None:
        """At the start only: what ends again and again will not come up by being started again."""
        for child in self.supervisor.children:
            if child.ends >= 4:
                log = self.folder.log(child.name)
                last = "\n    ".join(tail(log, 8))
                raise Trouble(
                    f"{child.name} 이(가) 자꾸 멈춥니다. {log} 파일을 봐 주세요.\n    {last}",
                    f"{child.name} keeps ending",
                )

    def _signalled(self, number: int, frame: object) -> None:
        self.signals += 1

    def _note(self, running: dict[str, dict[str, object]]) -> None:
        self.folder.write(
            {
                "pid": os.getpid(),
                "identity": identity(os.getpid()),
                "url": self.url,
                "env": {k: v for k, v in self.env.items() if os.environ.get(k) != v},
                "children": running,
            }
        )


#: Straight to this machine, whatever proxy the environment names for the world outside.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask_ready(url: str) -> tuple[bool, str]:
    """Ask /readyz/ of the portal at `url`: (all is well and every gateway on line, else what is not).

    Never raises for what a portal that is coming up may answer: nothing, half of it, a page of errors.
    """
    try:
        try:
            with _DIRECT.open(f"{url}/readyz/", timeout=15) as answer:
                parts = json.load(answer)["parts"]
        except urllib.error.HTTPError as error:
            with error:
                parts = json.load(error)["parts"]
        missing = [part["words"] for part in parts.values() if not part["ok"]]
        gateways = parts["gateways"]
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
        return False, f"포털이 아직 답하지 않습니다. ({type(error).__name__})"
    # Without a database nobody knows how many there are.
    if gateways["ok"] and gateways["online"] < gateways["total"]:
        missing.append(gateways["words"])
    return not missing, " ".join(missing)
