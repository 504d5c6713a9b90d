"""The environment that the city's programs run in: addresses, and secrets that production would refuse."""

import base64
import json
import os
import secrets
from pathlib import Path
from urllib.parse import quote

from .folder import PROJECT, write_private

#: What is made up once for a demo and kept: without the data keys its rows could not be read again.
Secrets = dict[str, str]


def demo_secrets(path: Path) -> Secrets:
    """Those of the file, made at the first start; with a "demo-" that production refuses (settings.py)."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    made = {**new_secrets("demo-"), **kept}
    if made != kept:
        write_private(path, json.dumps(made, indent=1))
    return made


def new_secrets(prefix: str = "") -> Secrets:
    """Made up. `prefix` stands before each that the portal checks."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return {
        "SECRET_KEY": prefix + secrets.token_urlsafe(48),
        "DATA_KEYS": f"{prefix or 'k'}1:{key()}",
        "INDEX_KEY": prefix + key(),
        "LEDGER_KEY": prefix + key(),
        "DATABASE_PASSWORD": secrets.token_urlsafe(24),
        "QUEUE_PASSWORD": secrets.token_urlsafe(24),
    }


def portal_env(mode: str, var: Path, made: Secrets, database_url: str, queue_url: str) -> dict[str, str]:
    """The whole environment for the portal's programs: ours over what the launcher was given.

    ENV_FILE names no file, so that a developer's .env does not leak into the demo or the tests. Compiled Python
    is kept whatever the machine says: five programs that compile the same code take twice as long to start.
    """
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if mode == "demo":
        given.setdefault("LEDGER_WITNESSES", f"보관함=file://{quote(str(var / 'witness.txt'))}")
    return {
        **given,
        "PORTAL_MODE": mode,
        "ENV_FILE": str(var / "no.env"),
        "DJANGO_SETTINGS_MODULE": "jinju_portal.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": queue_url,
        **{name: made[name] for name in ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "LEDGER_KEY")},
        "STATIC_ROOT": str(var / "static"),
        "MEDIA_ROOT": str(var / "media"),
        "ERASURE_REGISTER": str(var / "erasures.jsonl"),
        "PYTHONPATH": str(PROJECT),
        "PYTHONUNBUFFERED": "1",
    }
