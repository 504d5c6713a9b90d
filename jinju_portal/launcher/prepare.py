"""Tables, files and example data, in one Django process: what must be there before the city's programs start.

    python -m jinju_portal.launcher.prepare SIMULATOR_URL GATEWAYS_FILE

Run only when `stamp` has changed, since it takes seconds and later starts should not.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from .folder import PROJECT

#: Whose content decides whether tables, files or example data may have changed.
SOURCES = (
    "jinju_portal/settings.py",
    "*/migrations/*.py",
    "*/management/commands/*.py",
    "*/example*/**/*",
    "*/example*.py",
    "*/demo*.py",
    "*/data/*",
    "static/**/*",
    "requirements/demo.txt",
    "package-lock.json",
)


def stamp(*more: str) -> str:
    """A digest of everything that preparing depends on, and of `more`."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(PROJECT)}\0".encode())
        digest.update(path.read_bytes())
    digest.update("\0".join(more).encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for pattern in SOURCES:
        for path in sorted(PROJECT.glob(pattern)):
            top = path.relative_to(PROJECT).parts[0]
            if (
                path.is_file()
                and "__pycache__" not in path.parts
                and top not in ("var", "node_modules", "tests")
            ):
                yield path


def main(simulator_url: str, gateways_file: str) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False)
    call_command("createcachetable")
    call_command("collectstatic", interactive=False, clear=False, verbosity=0)
    call_command("seed_demo", simulator_url=simulator_url, gateways_file=gateways_file)
    call_command("seed_demo_repair")
    call_command("seed_demo_learning")


if __name__ == "__main__":
    main(*sys.argv[1:])
