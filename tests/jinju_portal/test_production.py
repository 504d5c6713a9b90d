"""What production is made of: static files as the Dockerfile collects them, and pages that find them there."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from jinju_portal.launcher.surroundings import new_secrets

PAGES = ["/", "/people/sign-in/", "/healthz/"]
ASK = """
import django, json, re, sys
django.setup()
from django.test import Client
client = Client(headers={"host": "portal.example.kr", "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1"})
answers = {path: client.get(path) for path in sys.argv[1:]}
html = answers["/"].content.decode()
by_content = bool(re.search(r"/static/css/theme\\.[0-9a-f]{12}\\.css", html))
print(json.dumps([{path: answer.status_code for path, answer in answers.items()}, by_content]))
"""


def collecting() -> tuple[dict[str, str], list[str]]:
    """(environment, command) of the Dockerfile's RUN line that collects static files."""
    lines = (settings.BASE_DIR / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    (run,) = [line for line in lines if "collectstatic" in line]
    words = shlex.split(run.removeprefix("RUN").split("&&")[0])
    given = [word for word in words if re.match(r"[A-Z_]+=", word)]
    return dict(word.split("=", 1) for word in given), words[len(given) :]


def python(command: list[str], env: dict[str, str]) -> str:
    """Run it in nothing but this environment, as a container would. Returns what it printed."""
    kept = {"PATH": os.environ["PATH"], "ENV_FILE": "none", "DJANGO_SETTINGS_MODULE": "jinju_portal.settings"}
    done = subprocess.run(
        [sys.executable, *command],
        env={**kept, **env},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def production(**more: str) -> dict[str, str]:
    """An environment that production accepts, with secrets made up for the question."""
    secrets = {name: value for name, value in new_secrets().items() if not name.endswith("PASSWORD")}
    return {
        "PORTAL_MODE": "production",
        "PORTAL_URL": "https://portal.example.kr",
        "ALLOWED_HOSTS": "portal.example.kr",
        "TRUSTED_PROXIES": "1",
        "HELP_PHONE": "055-000-0000",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        **secrets,
        **more,
    }


@pytest.mark.django_db
def test_pages_of_production_find_what_the_image_collected(tmp_path: Path) -> None:
    image, (_, *command) = collecting()
    python(command, {**image, "STATIC_ROOT": str(tmp_path)})
    # The tests' own database, whose tables stand.
    database = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    env = production(STATIC_ROOT=str(tmp_path), DATABASE_URL=database)
    statuses, by_content = json.loads(python(["-W", "ignore", "-c", ASK, *PAGES], env))
    assert statuses == dict.fromkeys(PAGES, 200)
    assert by_content


def test_what_the_database_address_asks_for_is_done() -> None:
    tell = "import json; from jinju_portal.settings import DATABASES; print(json.dumps(DATABASES['default']))"
    url = "postgresql://jinju@db.example.kr/jinju?sslmode=verify-full&connect_timeout=9&conn_max_age=5"
    made = json.loads(python(["-c", tell], production(DATABASE_URL=url)))
    assert made["OPTIONS"] == {"sslmode": "verify-full", "connect_timeout": 9, "tcp_user_timeout": 5000}
    assert (made["CONN_MAX_AGE"], made["CONN_HEALTH_CHECKS"]) == (5, True)


def test_a_mail_provider_can_be_named() -> None:
    ask = (
        "import django; django.setup(); from django.core.mail import get_connection as c; print(c().api_key)"
    )
    asked = {"EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend", "ANYMAIL": "MAILGUN_API_KEY=made-up"}
    assert python(["-c", ask], production(**asked)).strip() == "made-up"


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "HELP_PHONE"])
def test_production_names_what_is_missing(name: str) -> None:
    with pytest.raises(AssertionError, match=f"{name} is not set; see .env.example"):
        python(["-c", "import jinju_portal.settings"], production(**{name: ""}))
