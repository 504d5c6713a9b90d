"""Pages that ask for a phone first: whose it is decides what they see."""

from django.http import HttpRequest
from django.urls import reverse

from people import by_phone as asking

#: Said to whoever sent something after their code no longer counted.
TOO_LONG = "휴대전화를 확인하신 지 시간이 지나 한 번 더 확인합니다. 방금 누르신 것만 다시 해 주시면 됩니다."


def _back(request: HttpRequest) -> str:
    """A page that only takes a button has nothing to show: one goes on from the page before it."""
    match = request.resolver_match
    if request.method == "POST" and match is not None and match.url_name and match.url_name.endswith("_do"):
        return reverse(f"learning:{match.url_name.removesuffix('_do')}", kwargs=match.kwargs)
    return request.path


by_phone = asking.by_phone(staff_page="learning/citizen_staff.html", too_long=TOO_LONG, back=_back)
