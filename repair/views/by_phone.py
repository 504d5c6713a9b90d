"""Pages that ask for a phone first: whose it is decides what they see."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from ..drafts import Phone, phone_of_request

#: Said to whoever wrote for so long that their code no longer counts.
TOO_LONG = (
    "휴대전화를 확인하신 지 시간이 지나 한 번 더 확인합니다. 앞에서 저장한 내용은 그대로 있고,"
    " 방금 보던 쪽만 다시 적어 주시면 됩니다."
)


def by_phone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """view(request, phone, …). Without a phone: to the code and back. Staff are told where they do it."""

    @login_not_required
    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated and not request.user.phone_sign_in:
            return render(request, "repair/citizen_staff.html", status=403)
        phone: Phone | None = phone_of_request(request)
        if phone is None:
            if request.method == "POST":
                messages.warning(request, TOO_LONG)
            # A page that only takes a button has nothing to show: one goes on from the list.
            back = request.path if "remove" not in request.path else reverse("repair:apply")
            return redirect(f"{reverse('people:sign_in')}?{urlencode({'next': back})}")
        return view(request, phone, *args, **kwargs)

    return asked
