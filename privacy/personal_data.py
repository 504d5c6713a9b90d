"""What this app holds about people (privacy/holdings.py): what they asked of their own data."""

from .holdings import Holding, register
from .models import ErasurePlan, Request

#: Whole years after the one of the answer (requesting.forget_answered).
KEPT_YEARS = 3
KEPT = f"답한 해부터 {KEPT_YEARS}년"


def erase_request(request: Request) -> None:
    """That there was one, when, and how it ended stays, without whose it was."""
    request.phone = request.name_code = request.words = request.postponed = request.answer = ""
    request.save(update_fields=["phone", "phone_index", "name_code", "words", "postponed", "answer"])


def erase_plan(plan: ErasurePlan) -> None:
    """That something was planned, and how it ended, stays without whose it was."""
    plan.phone, plan.name_code = None, ""
    plan.save(update_fields=["phone", "phone_index", "name_code"])


register(
    Holding(
        model="privacy.Request",
        label="개인정보에 대한 요구",
        fields=("phone", "words", "postponed", "answer"),
        ground="개인정보 보호법 제15조 제1항 제2호 (제35조부터 제37조에 따른 처리)",
        keeps=KEPT,
        export=lambda one: {
            "요구": one.get_kind_display(),
            "상태": one.get_state_display(),
            "내용": one.words,
            "답": one.answer,
        },
        erase=erase_request,
        of=lambda person: Request.objects.filter(phone_index=person.index),
        phones=("phone",),
    )
)
register(
    Holding(
        model="privacy.ErasurePlan",
        label="파기 계획",
        fields=("phone",),
        ground="개인정보 보호법 제15조 제1항 제2호 (제36조에 따른 처리)",
        keeps="정할 때까지",
        export=lambda plan: {"올린 때": f"{plan.proposed_at:%Y-%m-%d}", "상태": plan.get_state_display()},
        erase=erase_plan,
        of=lambda person: ErasurePlan.objects.filter(phone_index=person.index),
    )
)
