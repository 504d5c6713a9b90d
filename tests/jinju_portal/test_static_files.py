"""Style sheets and fonts come from npm packages: only what is used, and every reference leads somewhere."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client

from jinju_portal.npm_files import NpmFinder

STORES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "jinju_portal.static_files.HashedFiles"},
}


def test_collected_pages_find_all_that_they_name(settings, tmp_path: Path, capsys) -> None:
    """As in production; a reference that leads nowhere would stop collectstatic."""
    settings.STATIC_ROOT, settings.STORAGES = tmp_path, STORES
    call_command("collectstatic", interactive=False, verbosity=0)
    ours = (tmp_path / staticfiles_storage.stored_name("css/krds.css")).read_text()
    assert staticfiles_storage.stored_name("krds/css/component/output.css").rsplit("/", 1)[1] in ours
    compose = (tmp_path / staticfiles_storage.stored_name("js/broadcast/compose.js")).read_text()
    for module in ("microphone", "once", "unsent", "unsent_list", "upload", "where"):
        assert staticfiles_storage.stored_name(f"js/broadcast/{module}.js").rsplit("/", 1)[1] in compose
        assert f'/{module}.js"' not in compose
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    html = Client().get("/help/").content.decode()
    assert staticfiles_storage.url("css/theme.css") in html
    assert staticfiles_storage.url("css/theme.css") != "/static/css/theme.css"


@pytest.mark.parametrize(
    "path",
    [
        "krds/cdn/krds.min.css",
        "krds/css/component/component.css",
        "krds/../package.json",
        "krds/css/../../../../../../manage.py",
        "pretendard/woff2-dynamic-subset/../PretendardGOVVariable-VF.css",
        "axe-core/axe.min.js",
    ],
)
def test_nothing_else_is_served(path: str) -> None:
    assert NpmFinder().find(path) == []
    assert Client().get(f"/static/{path}").status_code in (400, 404)


def test_found_one_by_one_as_in_the_list() -> None:
    finder = NpmFinder()
    listed = [f"{storage.prefix}/{path}" for path, storage in finder.list([])]
    assert "krds/css/component/output.css" in listed
    assert all(finder.find(path) for path in listed)


@pytest.mark.django_db  # closing a response looks after the connection
def test_fonts_and_styles_are_sent(client: Client) -> None:
    font = next(f"pretendard/{path}" for path, _ in NpmFinder().list([]) if path.endswith(".woff2"))
    sheets = ["krds/css/token/krds_tokens.css", "css/theme.css"]
    for path, kind in [(font, "font/woff2"), *((sheet, "text/css") for sheet in sheets)]:
        response = client.get(f"/static/{path}")
        assert response["Content-Type"].startswith(kind)
        response.close()


def test_missing_packages_are_said(monkeypatch, tmp_path: Path, settings) -> None:
    assert NpmFinder().check() == []
    settings.BASE_DIR = tmp_path
    assert "npm ci" in NpmFinder().check()[0].hint
    assert list(NpmFinder().list([])) == []


def test_nothing_of_theirs_is_in_the_repository() -> None:
    kept = subprocess.run(["git", "ls-files"], cwd=settings.BASE_DIR, capture_output=True, text=True).stdout
    assert "node_modules" not in kept and "krds_tokens" not in kept and ".woff" not in kept
