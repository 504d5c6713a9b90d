"""What an office does to decide on a case: evidence, selection, refusal, objection."""

from . import desk_forms, looking_up, objections, waiting_line, workflow
from .actors import Actor
from .models import Case, Programme, Step
from .office_deed import Given, OfficeDeed, from_state
from .states import OFFICE

Deed = Step.Deed


def _evidence(case: Case, by: Actor, given: Given) -> object:
    return workflow.note_evidence(case.pk, by, given["about"], given["way"], given["answer"], given["words"])


DECISIONS = [
    OfficeDeed(
        "evidence",
        "자격 근거 적기",
        "본 서류와 결과를 적습니다. 지원 대상과 진주시 거주가 모두 ‘맞음’이면 자격을 확인할 수 있습니다.",
        "근거를 적었습니다.",
        _evidence,
        lambda case, facts: case.state in OFFICE,
        form=desk_forms.EvidenceForm,
        press="적기",
    ),
    OfficeDeed(
        "look-up",
        "행정정보 조회",
        "신청한 분이 조회에 동의하셨습니다. 조회한 사람과 때가 접속기록에 남습니다.",
        "조회한 결과를 근거에 적었습니다.",
        lambda case, by, given: looking_up.look_up(case.pk, by, given["about"]),
        lambda case, facts: facts.may_look_up,
        form=desk_forms.LookUpForm,
        press="조회하기",
    ),
    OfficeDeed(
        "confirm",
        "자격 확인",
        "지원 대상이고 진주시에 사신다고 확인합니다. 같은 주소의 다른 신청이 없는지도 보아 주세요.",
        "자격을 확인했습니다. 이제 선정할 수 있습니다.",
        lambda case, by, given: workflow.confirm(case.pk, by),
        from_state(Deed.CONFIRMED, lambda case, facts: bool(case.group) and not facts.missing),
        tone="primary",
        at_once=True,
    ),
    OfficeDeed(
        "select",
        "선정",
        "",
        "선정했습니다. 신청한 분께 방문 기한을 알렸습니다.",
        lambda case, by, given: workflow.select(case.pk, by),
        from_state(
            Deed.SELECTED,
            lambda case, facts: (
                not facts.early
                and not facts.waits_before
                and not facts.short
                and not facts.missing
                and case.programme.contractor_id is not None
            ),
        ),
        press="선정하기",
        tone="primary",
    ),
    OfficeDeed(
        "wait",
        "예산을 기다리게 하기",
        "지금은 예산이 모자랍니다. 예산이 남는 대로 접수한 순서에 따라 선정한다고 신청한 분께 알립니다.",
        "예산을 기다리는 순서에 넣고 신청한 분께 알렸습니다.",
        lambda case, by, given: waiting_line.put_in_order(case.pk, by),
        from_state(
            Deed.PUT_IN_ORDER,
            lambda case, facts: (
                case.programme.when_spent == Programme.WhenSpent.WAIT
                and (facts.short or facts.waits_before is not None)
            ),
        ),
        press="기다리게 하기",
        tone="primary",
    ),
    OfficeDeed(
        "ask-paper",
        "서류 요청",
        "신청한 분께 문자로 알리고, 보내 주실 때까지 기다립니다.",
        "서류를 요청했습니다.",
        lambda case, by, given: workflow.ask_paper(case.pk, by, given["words"]),
        from_state(Deed.ASKED_PAPER),
        form=desk_forms.PaperForm,
        press="요청하기",
    ),
    OfficeDeed(
        "brought",
        "서류를 받음",
        "기다리던 서류를 받았으니 다시 살펴봅니다.",
        "서류를 받았다고 적었습니다. 이제 근거를 적어 주세요.",
        lambda case, by, given: workflow.bring_paper(case.pk, by),
        from_state(Deed.BROUGHT_PAPER),
        tone="primary",
        at_once=True,
    ),
    OfficeDeed(
        "propose-refusal",
        "불가로 올리기",
        "바로 정해지지 않습니다. 다른 담당자 한 분이 더 살펴보고 정합니다.",
        "불가로 올렸습니다. 다른 담당자가 정합니다.",
        lambda case, by, given: workflow.propose_refusal(case.pk, by, given["words"]),
        from_state(Deed.PROPOSED_REFUSAL),
        form=desk_forms.RefusalForm,
        press="불가로 올리기",
        tone="danger",
    ),
    OfficeDeed(
        "refuse",
        "불가로 정하기",
        "신청한 분께 지원 불가를 알립니다. 까닭과 이의신청 방법도 함께 보시게 됩니다.",
        "지원 불가로 정하고 신청한 분께 알렸습니다.",
        lambda case, by, given: workflow.refuse(case.pk, by),
        from_state(Deed.REFUSED, lambda case, facts: facts.proposed_by != facts.user.pk),
        press="불가로 정하기",
        tone="danger",
    ),
    OfficeDeed(
        "keep-open",
        "불가를 돌려보내기",
        "접수로 되돌려 다시 살펴봅니다. 신청한 분께는 알리지 않습니다.",
        "접수로 되돌렸습니다.",
        lambda case, by, given: workflow.keep_open(case.pk, by, given["words"]),
        from_state(Deed.KEPT_OPEN),
        form=desk_forms.WhyForm,
        press="돌려보내기",
    ),
    OfficeDeed(
        "reopen",
        "이의를 받아들이기",
        "접수로 되돌려 다시 살펴보고, 신청한 분께 알립니다.",
        "이의를 받아들이고 신청한 분께 알렸습니다.",
        lambda case, by, given: objections.reopen(case.pk, by, given["words"]),
        from_state(Deed.REOPENED),
        form=desk_forms.WhyForm,
        press="받아들이기",
        tone="primary",
    ),
    OfficeDeed(
        "uphold",
        "이의를 받아들이지 않기",
        "지원 불가로 남고, 신청한 분께 알립니다.",
        "지원 불가로 남기고 신청한 분께 알렸습니다.",
        lambda case, by, given: objections.uphold(case.pk, by, given["words"]),
        from_state(Deed.UPHELD, lambda case, facts: facts.user.pk not in facts.had_part),
        form=desk_forms.UpholdForm,
        press="받아들이지 않기",
        tone="danger",
    ),
    OfficeDeed(
        "object",
        "이의신청 대신 적기",
        "지원 불가를 알린 날부터 60일 안에 한 번 하실 수 있습니다. 다른 담당자가 판단합니다.",
        "이의신청을 적었습니다.",
        lambda case, by, given: objections.object_to(case.pk, by, given["words"]),
        from_state(Deed.OBJECTED, lambda case, facts: facts.may_object),
        form=desk_forms.ObjectionForm,
        press="이의신청 적기",
    ),
]
