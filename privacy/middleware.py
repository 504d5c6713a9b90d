"""What a person is told when personal data stays hidden because its showing could not be recorded."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .access import NotRecorded

SORRY = "지금은 개인정보를 보여 드릴 수 없습니다. 누가 보았는지 적어 두지 못했기 때문입니다. 잠시 뒤 다시 해 주세요."


class FailClosedMiddleware:
    """Answers NotRecorded with 503, without a template: the database may be what failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotRecorded):
            return HttpResponse(SORRY, status=503, content_type="text/plain; charset=utf-8")
        return None
