"""PostgreSQL for one folder: its data, its start, its address. Loopback with a password; no other way in."""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

from . import owner, processes, programs
from .folder import write_private
from .words import Trouble

ROLE, DATABASE = "portal", "jinju"
# No ICU needed: text sorts by code point, which for Hangul is the alphabet. docker-compose.yml has the same.
LOCALE = ("--encoding=UTF8", "--locale=C")


#: A statement that failed says in the log what it was, with whole rows in its details: names would stay there after
#: somebody was erased. So the log has the error alone (docker-compose.yml says the same).
SAYS_NOBODY = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}


class Postgres:
    """durable=False is for tests: nothing is kept over a power cut."""

    name = "postgres"

    def __init__(self, folder: Path, port: int, password: str, log: Path, *, durable: bool = True) -> None:
        self.port, self.password, self.log, self.durable = port, password, log, durable
        self.url = f"postgresql://{ROLE}:{password}@127.0.0.1:{port}/{DATABASE}"
        found = programs.postgres_folder()
        self.user = owner.server_user(folder)
        self.home = owner.home_for(self.user, folder)
        self.programs = owner.programs_for(self.user, found, folder)
        self.data = self.home / "data"

    def start(self) -> subprocess.Popen[bytes]:
        self._make_data()
        self._clear_pid_file()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 200,
            "fsync": "on" if self.durable else "off",
            "synchronous_commit": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
            # Beside whoever asks, who works too: of three on two cores each has its own table to fill.
            "max_parallel_workers_per_gather": max(1, min(2, (os.cpu_count() or 2) - 1)),
            **SAYS_NOBODY,
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return processes.start(
            [self.programs / "postgres", "-D", self.data, *settings],
            log=self.log,
            env=self._env(),
            cwd=self.home,
            user=self.user,
            death_signal=signal.SIGINT,  # a fast shutdown: clients are sent away, data are written
        )

    def is_up(self) -> bool:
        """postmaster.pid ends with a word on how far it is."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def _env(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.home)}

    def _make_data(self) -> None:
        """initdb and our database, under another name until both are done: a kill leaves no half."""
        if (self.data / "PG_VERSION").exists():
            return self._check_version()
        new = self.home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        password = self.home / "password.new"
        write_private(password, self.password)
        if self.user:
            os.chown(password, *self.user)
        self._run("initdb", "-D", new, "-U", ROLE, "--auth=scram-sha-256", f"--pwfile={password}", *LOCALE)
        password.unlink()
        self._run("postgres", "--single", "-D", new, "postgres", said=f"CREATE DATABASE {DATABASE}")
        new.rename(self.data)
        return None

    def _check_version(self) -> None:
        made_by, ours = int((self.data / "PG_VERSION").read_text()), programs.major(self.programs)
        if made_by != ours:
            raise Trouble(
                f"자료는 PostgreSQL {made_by} 것인데 지금 프로그램은 {ours} 입니다. 예시 자료를 버려도 되면"
                f" {self.home} 폴더를 지우고 다시 시작해 주세요.",
                f"data of PostgreSQL {made_by}, programs of {ours}",
            )

    def _run(self, program: str, *args: str | Path, said: str = "") -> None:
        done = subprocess.run(
            [self.programs / program, *args],
            input=said + "\n",
            text=True,
            capture_output=True,
            env=self._env(),
            cwd=self.home,
            **processes.as_user(self.user),
        )
        with self.log.open("a") as log:
            log.write(done.stdout + done.stderr)
        if done.returncode:
            raise Trouble(
                f"데이터베이스를 만들지 못했습니다. {self.log} 파일을 봐 주세요."
                f"\n    {done.stderr.strip()[-300:]}",
                f"{program} failed, see {self.log}",
            )

    def _clear_pid_file(self) -> None:
        """End a server that an earlier launcher left on these data, or remove the note of one that is gone.

        PostgreSQL does so itself, unless the pid has been given to another process of the same user.
        """
        note = self.data / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError):
            pid = int(note.read_text().splitlines()[0])
            if str(self.data) in processes.command(pid):
                processes.end_group(pid, signal.SIGINT, 15)
            note.unlink()
