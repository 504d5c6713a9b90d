"""What the launcher says: Korean for whoever started it, a short English line for whoever helps them."""

import sys
import time


class Trouble(Exception):
    """Something that the person at the screen can mend. Said without a traceback."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(f"{korean}\n  ({english})")


def say(line: str) -> None:
    print(line, flush=True)


def say_now(line: str) -> None:
    """With the time before it: something happened while the city was running."""
    say(f"[{time.strftime('%H:%M:%S')}] {line}")


def complain(trouble: Trouble) -> None:
    print(f"\n{trouble}\n", file=sys.stderr, flush=True)
