"""Looking for somebody everywhere bytes are kept: rows (sealed ones opened), dumps, files, queue."""

import os
import subprocess
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from jinju_portal.launcher.programs import postgres_folder
from privacy.fields import SealBroken
from privacy.reseal import sealed_fields


def tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name != "django_migrations"]


def in_rows(words: list[str]) -> list[str]:
    """ "table: word" for each word in any column of any row, as text, as bytes, and inside of what is sealed."""
    found = []
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT row::text FROM "{table}" AS row')
            text = "\n".join(row for (row,) in cursor.fetchall())
            found += [f"{table}: {word}" for word in words if word in text or word.encode().hex() in text]
    for field in sealed_fields():
        for pk, sealed in field.model._base_manager.exclude(**{f"{field.name}__isnull": True}).values_list(
            "pk", field.name
        ):
            try:
                opened = field.open(sealed, pk)
            except SealBroken:
                found.append(f"{field} of {pk}: cannot be opened")
                continue
            found += [f"{field}: {word}" for word in words if word in opened]
    for session in Session.objects.all():
        said = str(session.get_decoded())
        found += [f"session: {word}" for word in words if word in said]
    return found


def in_files(words: list[str], *folders: Path) -> list[str]:
    found = []
    for path in (one for folder in folders for one in [folder, *folder.rglob("*")] if one.is_file()):
        data = path.read_bytes()
        found += [f"{path.name}: {word}" for word in words if word.encode() in data]
    return found


def server_logs() -> list[Path]:
    """What PostgreSQL and Valkey wrote, if the launcher runs them (and not somebody else, of whom we know nothing)."""
    folder = Path(os.environ["MEDIA_ROOT"]).parent
    return [path for path in (folder / "postgres.log", folder / "valkey.log") if path.exists()]


def in_queue(words: list[str]) -> list[str]:
    server = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    kept = []
    for key in server.scan_iter():
        kind = server.type(key)
        if kind == b"list":
            kept += server.lrange(key, 0, -1)
        elif kind == b"string":
            kept.append(server.get(key))
        elif kind == b"hash":
            kept += server.hvals(key)
    return [f"queue: {word}" for word in words if any(word.encode() in one for one in kept)]


def program(name: str) -> str:
    return str(postgres_folder() / name)


def address(database: str = "") -> str:
    given = settings.DATABASES["default"]
    name = database or connection.settings_dict["NAME"]
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"


def dump(to: Path) -> None:
    subprocess.run([program("pg_dump"), "--format=plain", f"--file={to}", address()], check=True)


def restore(dumped: Path, database: str) -> None:
    """Into a database of its own, as somebody does who restores a backup."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{database}"')
    subprocess.run(
        [program("psql"), "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dumped}", address(database)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
