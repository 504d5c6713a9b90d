"""Each process of a parallel test run has queues of its own, as it has a database of its own.

Loaded before the settings are (`-p tests.own_queue` in pyproject.toml).
"""

import os

_process = os.environ.get("PYTEST_XDIST_WORKER", "")
if _process.startswith("gw") and "REDIS_URL" in os.environ:
    _server, _, _number = os.environ["REDIS_URL"].rpartition("/")
    if _number.isdecimal():
        os.environ["REDIS_URL"] = f"{_server}/{1 + int(_process[2:]) % 15}"
