"""The portal for a WSGI server (gunicorn jinju_portal.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")
application = get_wsgi_application()
