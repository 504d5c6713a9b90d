"""개인정보 처리방침 (제30조), made from what the apps register: nobody writes by hand what the portal holds."""

import hashlib
import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from .access import Action, record
from .consents import texts
from .holdings import holdings
from .models import NoticeVersion, Processor
from .refusal_grounds import REMEDIES

Sections = list[list[Any]]


def sections() -> Sections:
    """[title, lines] of each item that 제30조 제1항 and 시행령 제31조 want, as it is today."""
    held = [one for one in holdings() if not one.part]
    today = timezone.localdate()
    processors = [
        f"{one.name}: {one.task} ({one.ends_on}까지)" for one in Processor.objects.filter(ends_on__gte=today)
    ]
    return [
        ["무엇을 왜 처리하나요", [f"{one.label}({one.items}): {one.ground}" for one in held]],
        ["얼마나 가지고 있나요", [f"{one.label}: {one.keeps}" for one in held]],
        ["따로 동의를 구하는 것", [f"{one.label} {one.items}. {one.keeps}" for one in texts()]],
        ["민감정보", [f"{one.label}: {one.ground}" for one in held if one.is_sensitive] or ["없습니다."]],
        ["다른 곳에 주나요", ["법률에 특별한 규정이 있는 때를 빼고는 아무에게도 주지 않습니다."]],
        ["맡겨서 처리하는 것", processors or ["없습니다."]],
        [
            "어떻게 지우나요",
            [
                "기간이 지나면 포털이 스스로 지우고 파기 대장에 적습니다. 지운 것은 백업을 복구해도 다시 지웁니다.",
                "법이 보관하라고 정한 것은 근거와 끝나는 날을 적어 따로 둡니다.",
            ],
        ],
        [
            "하실 수 있는 일",
            [
                "누리집 ‘개인정보’에서 휴대전화로 확인하고, 가진 정보와 누가 보았는지를 보실 수 있습니다.",
                "거기에서 고치기, 지우기, 쓰지 않기를 요구하실 수도 있습니다.",
                "요구하신 날부터 열흘 안에 답합니다.",
                *REMEDIES,
            ],
        ],
        [
            "어떻게 지키나요",
            [
                "이름, 전화, 주소 같은 것은 잠가서(AES-256) 보관하고, 열 때마다 누가 언제 왜 열었는지 적습니다.",
                "그 기록은 고칠 수 없는 장부에 넣고 시청 밖의 증인에게 확인표를 맡깁니다.",
                "직원은 비밀번호와 2단계 인증으로 들어오고, 맡은 일의 것만 봅니다. 매달 기록을 점검합니다.",
            ],
        ],
        [
            "쿠키",
            [
                "로그인, 글자 크기와 고대비, 고르신 읍면동을 기억하는 데만 씁니다. 광고나 분석에 쓰지 않습니다."
            ],
        ],
        [
            "책임자와 물어보실 곳",
            [f"{settings.CITY_NAME} 개인정보 보호책임자 (개인정보 보호 담당) {settings.HELP_PHONE}"],
        ],
    ]


def digest(said: Sections) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def changes(said: Sections, before: Sections) -> list[tuple[str, list[str], list[str]]]:
    """(title, lines that are new, lines that are gone) of each section that is not as it was."""
    was: dict[str, list[str]] = {str(title): lines for title, lines in before}
    found = []
    for title, lines in said:
        old = was.pop(title, [])
        new, gone = [one for one in lines if one not in old], [one for one in old if one not in lines]
        if new or gone:
            found.append((title, new, gone))
    return found + [(title, [], lines) for title, lines in was.items()]


@transaction.atomic
def publish(request: HttpRequest, from_on: date) -> NoticeVersion | None:
    """The next version, as everything is registered today. None if nothing changed."""
    said = sections()
    last = NoticeVersion.objects.select_for_update(of=("self",)).first()
    if last and last.sha256 == digest(said):
        return None
    who: Any = request.user
    made = NoticeVersion(
        number=last.number + 1 if last else 1,
        from_on=from_on,
        sections=said,
        sha256=digest(said),
        published_by=who,
    )
    made.seal()
    made.save(force_insert=True)
    record(request, Action.CREATE, detail=f"처리방침 {made}")
    return made
