"""Command line of the launcher; see the package's docstring."""

import argparse
import os
import sys
from pathlib import Path

from . import around, city
from .folder import PROJECT, Folder
from .words import Trouble, complain


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m jinju_portal.launcher")
    parser.add_argument("what", nargs="?", default="demo", choices=["demo", "run", "exec", "alive"])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args(argv)
    command = asked.command[1:] if asked.command[:1] == ["--"] else asked.command
    if asked.what in ("run", "exec") and not command:
        parser.error(f"{asked.what} -- COMMAND")
    try:
        if asked.what == "run":
            return around.run(command)
        if asked.what == "alive":
            return around.alive()
        folder = Folder(Path(os.environ.get("VAR_DIR") or PROJECT / "var").resolve())
        if asked.what == "exec":
            return around.exec_in_city(folder, command)
        city.City(folder, _port()).run()
    except Trouble as trouble:
        complain(trouble)
        return 1
    return 0


def _port() -> int:
    """PORT from the environment; 0 takes a free one."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isdigit() and int(text) < 65536):
        raise Trouble(
            f"PORT={text} 은(는) 포트 번호가 아닙니다. 예: PORT=8001 make demo", "PORT is no port number"
        )
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
