"""The rules with which a city begins (docs/sending-rules.md says why); it edits them on its pages afterwards."""

from datetime import time
from typing import Any

#: The button that stops the police switches this one; so it has a fixed name (views/rules.py).
POLICE_STOP = "경찰 방송 멈춤"

SENDING_RULES: list[dict[str, Any]] = [
    {
        "order": 0,
        "name": POLICE_STOP,
        "is_active": False,
        "sender": "police",
        "outcome": "refuse",
        "reason": "시청이 경찰 방송을 멈춰 두었습니다. 시청 방송 담당에게 물어봐 주세요.",
    },
    {
        "order": 10,
        "name": "긴급한 재난 경보",
        "sender": "alert",
        "lane": "urgent",
        "outcome": "send",
        "reason": "긴급한 재난 경보라 바로 보냅니다.",
    },
    {
        "order": 20,
        "name": "긴급하지 않은 재난 경보",
        "sender": "alert",
        "outcome": "second_person",
        "reason": "긴급하지 않은 경보는 사람이 확인한 뒤에 보냅니다.",
    },
    {
        "order": 30,
        "name": "이장이 보내는 국가위기",
        "sender": "chief",
        "category": "crisis",
        "outcome": "second_person",
        "reason": "국가위기 방송은 다른 사람이 확인한 뒤에 나갑니다.",
    },
    {
        "order": 40,
        "name": "읍면동이 보내는 국가위기",
        "sender": "office",
        "category": "crisis",
        "outcome": "second_person",
        "reason": "국가위기 방송은 다른 사람이 확인한 뒤에 나갑니다.",
    },
    {
        "order": 50,
        "name": "틀을 쓰지 않은 경찰 방송",
        "sender": "police",
        "with_template": False,
        "outcome": "second_person",
        "reason": "미리 정한 틀을 쓰지 않은 경찰 방송은 다른 사람이 확인한 뒤에 나갑니다.",
    },
    {
        "order": 60,
        "name": "밤에 보내는 이장의 일반 방송",
        "sender": "chief",
        "lane": "routine",
        "hour_from": time(22),
        "hour_until": time(6),
        "outcome": "second_person",
        "reason": "밤 10시부터 아침 6시까지 보내는 일반 방송은 다른 사람이 확인한 뒤에 나갑니다.",
    },
    {
        "order": 70,
        "name": "읍면동이 40개 마을 넘게 보내는 일반 방송",
        "sender": "office",
        "lane": "routine",
        "villages_from": 41,
        "outcome": "second_person",
        "reason": "한 번에 40개 마을이 넘는 일반 방송은 다른 사람이 확인한 뒤에 나갑니다.",
    },
    {
        "order": 80,
        "name": "시 전체에 보내는 일반 방송",
        "is_active": False,
        "sender": "city",
        "lane": "routine",
        "villages_from": 300,
        "outcome": "second_person",
        "reason": "시 전체에 나가는 일반 방송은 다른 사람이 확인한 뒤에 나갑니다.",
    },
]

SOUND_RULES: list[dict[str, Any]] = [
    {
        "name": "밤에는 조용히",
        "lane": "routine",
        "hour_from": time(21),
        "hour_until": time(7),
        "is_quiet": True,
    },
]
