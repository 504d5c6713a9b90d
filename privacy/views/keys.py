"""암호 열쇠: which keys there are (never what they are), and moving everything to the one that seals."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from .. import officer_menu, rotation
from ..access import Action, record
from ..doors import for_officers
from ..keys import ciphers, sealing_key
from ..models import Rotation


@for_officers
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        with transaction.atomic():
            started = rotation.start(request.user)
            record(request, Action.CHANGE, detail=f"암호 열쇠를 {started.key}(으)로 바꾸기 시작함")
        messages.success(request, "바꾸기 시작했습니다. 그동안 모두 평소처럼 쓰실 수 있습니다.")
        return redirect("privacy:keys")
    last = Rotation.objects.prefetch_related("columns").first()
    columns = list(last.columns.all()) if last else []
    waits = bool(last and last.finished_at is None and last.key.encode() != sealing_key()[0])
    context = {
        "waits": waits,
        # Asked while there is an old key: whether it may leave the settings.
        "to_move": rotation.to_move() if len(ciphers()) > 1 else None,
        "menu": officer_menu.menu("keys"),
        "keys": [key.decode() for key in ciphers()],
        "sealing": sealing_key()[0].decode(),
        "last": last,
        "columns": columns,
        "looked": sum(min(one.looked, one.total) for one in columns),
        "total": sum(one.total for one in columns),
        "moved": sum(one.moved for one in columns),
    }
    return render(request, "privacy/keys.html", context)
