"""What this app holds about people (privacy/holdings.py). forgetting.py keeps what `keeps` promises."""

import json
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from people.phones import national
from privacy.holdings import Holding, Kept, register

from . import papers
from .actors import SYSTEM
from .models import (
    Agreement,
    Case,
    Device,
    Draft,
    Evidence,
    Paper,
    Pause,
    SentDeed,
    Step,
    TechnicianPost,
    Visit,
)
from .states import RUNNING

#: Stands where somebody's words stood that must not be empty.
ERASED = "(지움)"
CONSENT = "개인정보 보호법 제15조 제1항 제1호 (동의)"
SENSITIVE = "개인정보 보호법 제15조 제1항 제1호, 제23조 제1항 제1호 (따로 받은 동의)"
DUTY = "개인정보 보호법 제15조 제1항 제3호 (공공기관의 소관 업무)"
POSTS_KEPT = "개인정보의 안전성 확보조치 기준 제5조 (권한 기록을 3년 보관)"
FIVE_YEARS = "수리가 끝난 해부터 5년"
#: Whole years after the one in which it ended: so public records are counted (공공기록물법 시행령 제26조).
CASE_KEPT_YEARS = 5
ONE_YEAR = "결정한 날부터 1년"


def erase_case(case: Case) -> None:
    """The row stays for the year's money and figures, and says nothing about anybody. Its household is forgotten too:
    no address leads to it any more."""
    case.organisation = case.group = case.phone_index = ""
    case.helper_name = case.helper_phone = case.helper_phone_index = ""
    case.unit = case.wishes = case.satisfaction_words = ""
    case.household_index = f"erased-{case.pk.hex}"
    if case.household_claim is not None:
        case.household_claim = case.household_index
    if case.household_exception:
        case.household_exception = ERASED
    # Not its state: somebody may be moving it at this moment.
    case.save(
        update_fields=[
            *("organisation", "group", "phone_index", "helper_name", "helper_phone", "helper_phone_index"),
            *("unit", "wishes", "satisfaction_words"),
            *("household_index", "household_claim", "household_exception"),
        ]
    )


def erase_device(device: Device) -> None:
    device.brand = device.trouble_words = ""
    device.save(update_fields=["brand", "trouble_words"])


def erase_step(step: Step) -> None:
    step.why = None
    step.save(update_fields=["why"])


def erase_evidence(evidence: Evidence) -> None:
    evidence.words = None
    evidence.save(update_fields=["words"])


def erase_agreement(agreement: Agreement) -> None:
    agreement.name = None
    agreement.save(update_fields=["name"])


def erase_pause(pause: Pause) -> None:
    pause.why = ERASED
    pause.save(update_fields=["why"])


def erase_sent_deed(sent: SentDeed) -> None:
    """That it was refused stays: "" would say that it was done."""
    if sent.trouble:
        sent.trouble = ERASED
        sent.save(update_fields=["trouble"])


def erase_visit(visit: Visit) -> None:
    visit.diagnosis = visit.end_words = ""
    visit.save(update_fields=["diagnosis", "end_words"])


def erase_draft(draft: Draft) -> None:
    for paper in draft.papers.all():
        erase_paper(paper)
    draft.delete()


def erase_paper(paper: Paper) -> None:
    papers.forget(paper, SYSTEM)


def keep_post(post: TechnicianPost) -> None:
    """Posts are kept for three years by law (append-only); whose they were goes with the account."""


def keep_case(case: Case) -> Kept | None:
    """What public money was promised or spent on, and why, is a public record until CASE_KEPT_YEARS are over."""
    ground = "공공기록물 관리에 관한 법률 시행령 제26조 (지원금을 쓴 기록을 5년 보관)"
    if case.state in RUNNING:
        return Kept(ground, None)
    if case.done_at is None:
        return None
    return Kept(ground, date(timezone.localdate(case.done_at).year + CASE_KEPT_YEARS, 12, 31))


def keep_of_case(row: Device | Step | Visit | Pause | Agreement | SentDeed) -> Kept | None:
    """As the case to which it belongs."""
    visit = getattr(row, "visit", None)
    return keep_case(visit.case if visit else row.case)  # type: ignore[union-attr]


def keep_paper(paper: Paper) -> Kept | None:
    return keep_case(paper.case) if paper.case and paper.kind != Paper.Kind.EVIDENCE else None


def erase_helper(case: Case) -> None:
    """Who helped is forgotten; whose case it is stays, and is told itself from now on."""
    case.helper_name = case.helper_phone = case.helper_phone_index = ""
    case.tells = Case.Tells.APPLICANT
    case.save(update_fields=["helper_name", "helper_phone", "helper_phone_index", "tells"])


def _national(phone: str) -> str:
    return national(phone) if phone else ""


def _at(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _typed(draft: Draft) -> dict[str, str]:
    typed = json.loads(draft.answers)
    return {f"{step} {name}": value for step, fields in typed.items() for name, value in fields.items()}


register(
    Holding(
        model="repair.Case",
        label="무상수리 신청",
        fields=(
            *("organisation", "group", "unit", "wishes", "helper_name", "helper_phone"),
            *("household_exception", "satisfaction_words"),
        ),
        ground=SENSITIVE,
        keeps=FIVE_YEARS,
        export=lambda c: {
            "접수번호": c.number,
            "상태": c.get_state_display(),
            "지원 대상": c.group,
            "단체 이름": c.organisation,
            "동·호": c.unit,
            "방문 때 알아 둘 것": c.wishes,
            "도와주시는 분": f"{c.helper_name} {_national(c.helper_phone)}".strip(),
            "같은 가구가 아닌 까닭": c.household_exception or "",
            "하신 말씀": c.satisfaction_words,
        },
        erase=erase_case,
        of=lambda person: Case.objects.filter(phone_index=person.index).select_related("resident"),
        named=lambda case: case.resident.name,
        kept=keep_case,
        phones=("resident__phone", "helper_phone"),
    )
)
register(
    Holding(
        model="repair.Case",
        part="helper",
        label="신청을 도와주신 분",
        fields=("helper_name", "helper_phone"),
        ground=CONSENT,
        keeps=FIVE_YEARS,
        export=lambda c: {"접수번호": c.number, "이름": c.helper_name, "전화": _national(c.helper_phone)},
        erase=erase_helper,
        of=lambda person: Case.objects.filter(helper_phone_index=person.index),
        named=lambda case: case.helper_name,
    )
)
register(
    Holding(
        model="repair.Device",
        label="고칠 기기",
        fields=("brand", "trouble_words"),
        ground=CONSENT,
        keeps=FIVE_YEARS,
        export=lambda d: {"기기": str(d), "고장": d.get_trouble_display(), "고장 설명": d.trouble_words},
        erase=erase_device,
        of=lambda person: Device.objects.filter(case__phone_index=person.index).select_related(
            "case__resident"
        ),
        named=lambda row: row.case.resident.name,
        kept=keep_of_case,
    )
)
register(
    Holding(
        model="repair.Step",
        label="신청을 처리한 기록의 까닭",
        fields=("why",),
        ground=DUTY,
        keeps=FIVE_YEARS,
        export=lambda s: {
            "한 일": s.get_deed_display(),
            "때": _at(s.at),
            "까닭": s.why or "",
        },
        erase=erase_step,
        of=lambda person: Step.objects.filter(case__phone_index=person.index).select_related(
            "case__resident"
        ),
        named=lambda row: row.case.resident.name,
        kept=keep_of_case,
    )
)
register(
    Holding(
        model="repair.Evidence",
        label="자격을 확인한 근거",
        fields=("words",),
        ground=SENSITIVE,
        keeps=ONE_YEAR,
        export=lambda e: {
            "무엇을": e.get_about_display(),
            "어떻게": e.get_way_display(),
            "결과": e.get_answer_display(),
            "내용": e.words or "",
        },
        erase=erase_evidence,
        of=lambda person: Evidence.objects.filter(case__phone_index=person.index).select_related(
            "case__resident"
        ),
        named=lambda row: row.case.resident.name,
    )
)
register(
    Holding(
        model="repair.Paper",
        label="서류와 사진",
        fields=("name", "file"),
        ground=SENSITIVE,
        keeps=f"증명서는 {ONE_YEAR}, 사진은 {FIVE_YEARS}, 내지 않은 신청서의 것은 30일",
        export=lambda p: {"종류": p.get_kind_display(), "이름": p.name, "보낸 때": _at(p.at)},
        erase=erase_paper,
        of=lambda person: Paper.objects.filter(
            Q(case__phone_index=person.index) | Q(draft__phone_index=person.index)
        ).select_related("case__resident"),
        named=lambda paper: paper.case.resident.name if paper.case else "",
        kept=keep_paper,
        phones=("case__resident__phone", "case__helper_phone"),
    )
)
register(
    Holding(
        model="repair.Visit",
        label="수리 기사의 방문",
        fields=("diagnosis", "end_words"),
        ground=CONSENT,
        keeps=FIVE_YEARS,
        export=lambda v: {"맡은 때": f"{v.taken_at:%Y-%m-%d}", "진단": v.diagnosis, "까닭": v.end_words},
        erase=erase_visit,
        of=lambda person: Visit.objects.filter(case__phone_index=person.index).select_related(
            "case__resident"
        ),
        named=lambda row: row.case.resident.name,
        kept=keep_of_case,
        phones=("case__resident__phone", "case__helper_phone"),
    )
)
register(
    Holding(
        model="repair.SentDeed",
        label="수리 기사의 전화가 보낸 일이 거절된 까닭",
        fields=("trouble",),
        ground=DUTY,
        keeps=FIVE_YEARS,
        export=lambda sent: {"때": _at(sent.done_at), "까닭": sent.trouble},
        erase=erase_sent_deed,
        of=lambda person: SentDeed.objects.filter(visit__case__phone_index=person.index).select_related(
            "visit__case__resident"
        ),
        named=lambda sent: sent.visit.case.resident.name,
        kept=keep_of_case,
    )
)
register(
    Holding(
        model="repair.Agreement",
        label="수리와 본인 부담을 확인한 분",
        fields=("name",),
        ground=CONSENT,
        keeps=FIVE_YEARS,
        export=lambda a: {
            "무엇을": a.get_about_display(),
            "수리비": f"{a.total_won:,}원",
            "본인 부담": f"{a.own_share_won:,}원",
            "확인한 분": a.name or "",
        },
        erase=erase_agreement,
        of=lambda person: Agreement.objects.filter(visit__case__phone_index=person.index).select_related(
            "visit__case__resident"
        ),
        named=lambda one: one.visit.case.resident.name,
        kept=keep_of_case,
    )
)
register(
    Holding(
        model="repair.Pause",
        label="방문 기한을 멈춘 까닭",
        fields=("why",),
        ground=DUTY,
        keeps=FIVE_YEARS,
        export=lambda p: {"멈춘 날": f"{p.from_on:%Y-%m-%d}", "까닭": p.why},
        erase=erase_pause,
        of=lambda person: Pause.objects.filter(case__phone_index=person.index).select_related(
            "case__resident"
        ),
        named=lambda row: row.case.resident.name,
        kept=keep_of_case,
    )
)
register(
    Holding(
        model="repair.Draft",
        label="쓰다 만 무상수리 신청서",
        fields=("answers",),
        ground="개인정보 보호법 제15조 제1항 제4호 (요청에 따른 절차)",
        keeps="마지막으로 쓴 날부터 30일",
        export=_typed,
        erase=erase_draft,
        of=lambda person: Draft.objects.filter(phone_index=person.index),
    )
)
register(
    Holding(
        model="repair.TechnicianPost",
        label="수리 기사로 정한 기록",
        fields=("user",),
        ground=DUTY,
        keeps="그만둔 날부터 3년 (개인정보의 안전성 확보조치 기준 제5조)",
        export=lambda post: {"업체": str(post.contractor), "맡은 때": f"{post.granted_at:%Y-%m-%d}"},
        erase=keep_post,
        of=lambda person: TechnicianPost.objects.filter(user__phone_index=person.index).select_related(
            "contractor"
        ),
        kept=lambda post: Kept(POSTS_KEPT, None),
    )
)
