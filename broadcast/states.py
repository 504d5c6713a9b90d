"""How a delivery moves. Pure: no database, no clock.

    waiting → sending → accepted → playing → played
                 ↓          ↘          ↘      failed     said by the gateway: the end
              waiting (again, later)                  stopped    somebody cancelled it while it played
    unreached (tried to the end)   expired   cancelled   unknown    the portal's view; a gateway that did play overrules

`unknown`: it may have played or not, and the device cannot tell: never replayed by itself, only if a person asks.

States only go up in `RANK`; what a gateway says may skip steps (a lost receipt) but never goes back.
"""

from django.db import models


class State(models.TextChoices):
    WAITING = "waiting", "기다리는 중"
    SENDING = "sending", "보내는 중"
    UNREACHED = "unreached", "연결 안 됨"
    EXPIRED = "expired", "시간 지남"
    CANCELLED = "cancelled", "취소함"
    UNKNOWN = "unknown", "알 수 없음"
    ACCEPTED = "accepted", "장비가 받음"
    PLAYING = "playing", "방송 중"
    PLAYED = "played", "방송 끝"
    FAILED = "failed", "방송 못 함"
    STOPPED = "stopped", "도중에 멈춤"


RANK = {
    State.WAITING: 0,
    State.SENDING: 0,
    State.UNREACHED: 1,
    State.EXPIRED: 1,
    State.CANCELLED: 1,
    State.UNKNOWN: 1,
    State.ACCEPTED: 2,
    State.PLAYING: 3,
    State.PLAYED: 9,
    State.FAILED: 9,
    State.STOPPED: 9,
}
#: States in which nothing more will come unless somebody acts.
ENDED = frozenset(
    {
        *(State.UNREACHED, State.EXPIRED, State.CANCELLED, State.UNKNOWN),
        *(State.PLAYED, State.FAILED, State.STOPPED),
    }
)
#: What a person may send again: the village did not hear it, or nobody knows.
RESENDABLE = frozenset({State.UNREACHED, State.EXPIRED, State.FAILED, State.UNKNOWN})
#: States that a gateway may report.
REPORTABLE = (State.ACCEPTED, State.PLAYING, State.PLAYED, State.FAILED, State.STOPPED)
#: It is with the device, or on its way there: what a cancellation has to stop.
ON_AIR = frozenset({State.SENDING, State.ACCEPTED, State.PLAYING})

#: Why a delivery is where it is: what to tell a person, with what they can do about it.
REASONS = {
    "no_answer": "장비가 대답하지 않습니다. 전원과 통신을 확인해 주세요.",
    "hung": "장비가 제시간에 대답하지 않습니다. 전원을 껐다 켜 주세요.",
    "bad_answer": "장비가 알 수 없는 대답을 했습니다. 장비 담당자에게 알려 주세요.",
    "device_error": "장비 안에서 오류가 났습니다. 장비 담당자에게 알려 주세요.",
    "refused": "장비가 명령을 거절했습니다. 장비 담당자에게 열쇠와 시각을 확인해 달라고 하세요.",
    "redirected": "장비가 다른 주소를 가리킵니다. 장비 담당자에게 알려 주세요.",
    "audio_fetch": "장비가 소리를 내려받지 못했습니다. 다시 보내 주세요.",
    "audio_decode": "장비가 소리를 풀지 못했습니다. 다시 보내 주세요.",
    "speaker": "스피커 고장입니다. 수리를 요청해 주세요.",
    "interrupted": "더 급한 방송이 나가서 끊겼습니다. 필요하면 다시 보내 주세요.",
    "expired": "방송할 시간이 지나 더 보내지 않았습니다.",
    "no_receipt": "장비가 받았지만 방송했는지 알려 오지 않았습니다. 마을에 확인하고, 필요하면 다시 보내 주세요.",
    "cut_off": "방송하는 도중에 장비와 끊겼습니다. 마을에 확인하고, 필요하면 다시 보내 주세요.",
    "worker_died": "보내던 프로그램이 멈췄습니다. 방송했는지 알 수 없으니 마을에 확인해 주세요.",
    "busy": "장비가 다른 방송을 하고 있습니다. 끝나면 보냅니다.",
    "cannot_stop": "이 장비는 도중에 멈출 수 없습니다.",
    "cancelled": "보낸 쪽에서 취소했습니다.",
    "inactive": "쓰지 않기로 한 장비입니다. 장비 담당자에게 알려 주세요.",
    "unsupported": "이 장비의 방식을 알지 못합니다. 장비 담당자에게 알려 주세요.",
}


def may_move(old: str, new: str) -> bool:
    """Whether what a gateway reports moves the delivery; an equal or lower rank does not."""
    return RANK[State(new)] > RANK[State(old)]
