"""What an office does to keep a case in order: papers, corrections, whose it is, its deadline, its end."""

from . import corrections, desk_forms, papers, pauses, technicians, workflow
from .actors import Actor, is_officer
from .groups import Group
from .models import Case, Paper, Step
from .office_deed import Given, OfficeDeed, from_state
from .states import OFFICE, State

Deed = Step.Deed


def _paper(case: Case, by: Actor, given: Given) -> None:
    """The file is there before the case moves: what cannot be kept moves nothing."""
    papers.take_in(given["received"], Paper.Kind.EVIDENCE, case=case, by=by)
    if case.state == State.PAPERS:
        workflow.bring_paper(case.pk, by)


KEEPING = [
    OfficeDeed(
        "paper",
        "받은 서류 올리기",
        "창구에서 받은 서류를 사진이나 PDF로 올립니다. 안전한지 검사한 뒤에 열어 볼 수 있습니다.",
        "서류를 올렸습니다. 검사가 끝나면 열어 볼 수 있습니다.",
        _paper,
        lambda case, facts: case.state in OFFICE,
        form=desk_forms.UploadForm,
        press="올리기",
    ),
    OfficeDeed(
        "group",
        "지원 대상 고치기",
        "신청한 분이 잘못 고르셨거나 모르셨을 때 고칩니다. 근거도 다시 적어 주세요.",
        "지원 대상을 고쳤습니다.",
        lambda case, by, given: corrections.name_group(case.pk, by, Group(given["group"])),
        lambda case, facts: case.state in OFFICE and not case.is_organisation,
        form=desk_forms.GroupForm,
        press="고치기",
        of_case=True,
    ),
    OfficeDeed(
        "correct",
        "연락처와 주소 고치기",
        "신청한 분이 바뀌었다고 하신 것을 고칩니다. 고친 사람과 때가 남습니다.",
        "고쳤습니다.",
        lambda case, by, given: corrections.correct(case.pk, by, corrections.Corrected(**given)),
        lambda case, facts: case.state in corrections.OPEN,
        form=desk_forms.CorrectForm,
        press="고치기",
        of_case=True,
    ),
    OfficeDeed(
        "resume",
        "기한 다시 세기",
        "오늘부터 다시 셉니다.",
        "기한을 오늘부터 다시 셉니다.",
        lambda case, by, given: pauses.resume(case.pk, by),
        from_state(Deed.RESUMED, lambda case, facts: facts.paused),
        tone="primary",
        at_once=True,
    ),
    OfficeDeed(
        "pause",
        "기한 멈추기",
        "오늘부터 날을 세지 않습니다. 다시 셀 때까지 기한이 뒤로 밀립니다.",
        "기한을 멈췄습니다.",
        lambda case, by, given: pauses.pause(case.pk, by, given["words"]),
        from_state(Deed.PAUSED, lambda case, facts: not facts.paused),
        form=desk_forms.PauseForm,
        press="멈추기",
    ),
    OfficeDeed(
        "take",
        "내가 맡기",
        "이 신청의 담당이 됩니다.",
        "이 신청을 맡으셨습니다.",
        lambda case, by, given: workflow.hand_over(case.pk, by, by.user) if by.user else None,
        from_state(Deed.HANDED_OVER, lambda case, facts: case.officer_id != facts.user.pk),
        at_once=True,
    ),
    OfficeDeed(
        "hand-over",
        "다른 직원에게 넘기기",
        "이 읍면동의 신청을 맡을 수 있는 직원에게 넘깁니다.",
        "담당을 바꿨습니다.",
        lambda case, by, given: workflow.hand_over(case.pk, by, given["to"], given["words"]),
        from_state(Deed.HANDED_OVER),
        form=desk_forms.HandOverForm,
        press="넘기기",
        of_case=True,
    ),
    OfficeDeed(
        "move",
        "다른 읍면동으로 넘기기",
        "다른 읍면동에 사시는 분이면 그곳으로 넘깁니다. 넘긴 뒤에는 그 읍면동과 시청에서만 볼 수 있습니다.",
        "다른 읍면동으로 넘겼습니다.",
        lambda case, by, given: workflow.move_district(case.pk, by, given["to"], given["words"]),
        from_state(Deed.MOVED),
        form=desk_forms.MoveForm,
        press="넘기기",
        of_case=True,
    ),
    OfficeDeed(
        "contractor",
        "수리 업체 바꾸기",
        "방문 기한은 그대로입니다. 맡은 기사가 있으면 그 방문은 거두어지고, 새 업체의 기사가 맡습니다."
        " 신청한 분과 두 업체에 문자로 알립니다.",
        "수리 업체를 바꿨습니다. 휴대전화가 아닌 업체에는 전화로도 알려 주세요.",
        lambda case, by, given: technicians.change_contractor(case.pk, by, given["to"], given["words"]),
        from_state(Deed.CHANGED_CONTRACTOR, lambda case, facts: is_officer(facts.user)),
        form=desk_forms.ContractorForm,
        press="바꾸기",
        of_case=True,
    ),
    OfficeDeed(
        "exception",
        "같은 가구 예외",
        "주소가 같아도 다른 가구라고 적습니다. 이 신청은 그 주소의 한 해 한 번에 들지 않습니다.",
        "같은 가구 예외를 적었습니다.",
        lambda case, by, given: workflow.make_exception(case.pk, by, given["words"]),
        from_state(
            Deed.EXCEPTED, lambda case, facts: not case.is_organisation and not case.household_exception
        ),
        form=desk_forms.ExceptionForm,
        press="예외로 적기",
    ),
    OfficeDeed(
        "withdraw",
        "신청 거두기",
        "신청한 분이 거두겠다고 하실 때만 누릅니다. 거둔 신청은 되살릴 수 없고, 다시 신청하실 수는 있습니다.",
        "신청을 거두고 신청한 분께 알렸습니다.",
        lambda case, by, given: workflow.withdraw(case.pk, by, given["words"]),
        from_state(Deed.WITHDREW),
        form=desk_forms.WhyForm,
        press="신청 거두기",
        tone="danger",
    ),
]
