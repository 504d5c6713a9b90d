"""How gunicorn serves the portal (gunicorn -c python:jinju_portal.gunicorn jinju_portal.wsgi). In seconds."""

import gc
import os

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 5
# Loaded once and forked: the second worker costs neither time nor its own copy of the code.
preload_app = True
# Phones keep a connection for the live parts of a page.
keepalive = 15
# No access log: an address in it may carry a person's search. What must be known is in the access record.
accesslog = None
errorlog = "-"
control_socket_disable = True


def pre_fork(server: object, worker: object) -> None:
    """What every page stands on is there for good: workers share it, and the garbage collector need not look at it."""
    gc.freeze()


def post_fork(server: object, worker: object) -> None:
    """A page makes thousands of things that are gone with it: to look through them after every 700 costs a tenth."""
    gc.set_threshold(20_000, 20, 50)
