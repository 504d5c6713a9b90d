"""Pages that ask for a phone first: whose it is decides what they see."""

from django.http import HttpRequest
from django.urls import reverse

from people import by_phone as asking

#: Said to whoever wrote for so long that their code no longer counts.
TOO_LONG = (
    "휴대전화를 확인하신 지 시간이 지나 한 번 더 확인합니다. 앞에서 저장한 내용은 그대로 있고,"
    " 방금 보던 쪽만 다시 적어 주시면 됩니다."
)


def _back(request: HttpRequest) -> str:
    """A page that only takes a button has nothing to show: one goes on from the list."""
    return request.path if "remove" not in request.path else reverse("repair:apply")


by_phone = asking.by_phone(staff_page="repair/citizen_staff.html", too_long=TOO_LONG, back=_back)
