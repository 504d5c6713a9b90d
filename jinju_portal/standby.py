"""The standby (broadcast/standby.py) as a program: `python -m jinju_portal.standby`, one beside the workers."""

import os
import signal
import threading

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")
    django.setup()
    from broadcast.standby import Standby

    from .watchdog import watch_standby

    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    watch_standby()
    Standby().keep(over.wait)


if __name__ == "__main__":
    main()
