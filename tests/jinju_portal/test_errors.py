"""Error pages come even when the database, the session or the pages themselves do not."""

from types import SimpleNamespace

from django.test import Client, RequestFactory
from django.urls import path

from jinju_portal import errors
from jinju_portal.urls import handler400, handler500  # noqa: F401 - this module is a ROOT_URLCONF below


def broken(request):
    raise RuntimeError("something that nobody thought of")


broken.login_required = False
urlpatterns = [path("broken/", broken)]


def test_broken_page_needs_no_database(settings) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    response = client.get("/broken/")
    html = response.content.decode()
    assert response.status_code == 500
    assert "잠시 문제가 생겼습니다" in html and "tel:055-000-0000" in html
    assert "RuntimeError" not in html
    assert "microphone=(self)" in response.headers["Permissions-Policy"]


def test_page_for_a_request_that_cannot_be_read() -> None:
    response = errors.bad_request(RequestFactory().get("/"), SimpleNamespace())
    assert response.status_code == 400
    assert "알아볼 수 없는 요청입니다" in response.content.decode()


def test_last_resort(settings) -> None:
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [], "APP_DIRS": False}]
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "전화해 주세요" in response.content.decode()
