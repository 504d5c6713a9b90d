"""POST /api/cap/: a system pushes an alert. docs/cap.md, "Sending to us"."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ..models import Alert
from .intake import Taken, take
from .reading import MOST_BYTES, too_large
from .refused import Refused
from .sources import source_of

SENTENCES = {
    Alert.Outcome.SENT: "방송을 보냈습니다.",
    Alert.Outcome.DRAFT: "초안을 만들었습니다. 시청 담당자가 확인하고 보냅니다.",
    Alert.Outcome.CANCELLED: "앞선 방송을 멈췄습니다.",
    Alert.Outcome.IGNORED: "아무것도 하지 않았습니다.",
}


@csrf_exempt
@login_not_required
@require_POST
def push(request: HttpRequest) -> JsonResponse:
    """JSON. 201 taken, 200 had come before or nothing to do, 4xx refused: {"error", "sentence", "reason"}."""
    try:
        return _answer(_taken(request))
    except Refused as refused:
        return _refusal(refused)


def _taken(request: HttpRequest) -> Taken:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    source = source_of(key.strip()) if scheme.lower() == "bearer" else None
    if source is None:
        raise Refused(
            "unknown_key",
            "열쇠를 알 수 없습니다. 시청 방송 담당에게 물어봐 주세요.",
            "send Authorization: Bearer <key>",
            status=401,
        )
    if request.headers.get("Transfer-Encoding"):  # the server would hand over an empty body
        raise Refused(
            "no_length",
            "보내는 길이(Content-Length)를 함께 알려 주세요.",
            "send Content-Length, not chunks",
            status=411,
        )
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal() or int(announced[:18]) > MOST_BYTES:
        raise too_large()
    return take(source, request.body)


def _answer(taken: Taken) -> JsonResponse:
    if taken.elsewhere:
        return _refusal(taken.elsewhere)
    alert = taken.alert
    outcome = Alert.Outcome(alert.outcome)
    body = {
        "outcome": outcome.value,
        "sentence": " ".join(filter(None, [SENTENCES[outcome], alert.why])),
        "identifier": alert.identifier,
        "again": taken.again,
        "broadcast": str(alert.broadcast_id) if alert.broadcast_id else None,
    }
    done_now = not taken.again and outcome != Alert.Outcome.IGNORED
    return JsonResponse(body, status=201 if done_now else 200, json_dumps_params={"ensure_ascii": False})


def _refusal(refused: Refused) -> JsonResponse:
    body = {"error": refused.code, "sentence": str(refused), "reason": refused.english}
    answer = JsonResponse(body, status=refused.status, json_dumps_params={"ensure_ascii": False})
    if refused.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="cap"'
    return answer
