"""How gunicorn serves the portal (gunicorn -c python:jinju_portal.gunicorn jinju_portal.wsgi). In seconds."""

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
