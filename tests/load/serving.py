"""The portal as it is served: gunicorn with its processes and threads, on a port of its own."""

import os
import subprocess
import sys
import time
import urllib.request


class Portal:
    """`with Portal() as portal: portal.url`. Ends with the block."""

    def __enter__(self) -> "Portal":
        from jinju_portal.launcher.servers import free_port

        port = free_port(28000, 1000)
        self.url = f"http://127.0.0.1:{port}"
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "python:jinju_portal.gunicorn",
            "jinju_portal.wsgi",
        ]
        self.process = subprocess.Popen(command, env={**os.environ, "PORT": str(port)})
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz/", timeout=5):
                    return self
            except OSError:
                assert time.monotonic() < until, "the portal does not start"
                assert self.process.poll() is None, "the portal ended"
                time.sleep(0.2)

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(30)
