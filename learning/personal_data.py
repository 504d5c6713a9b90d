"""What this app holds about people (privacy/holdings.py). forgetting.py keeps what `keeps` promises."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from people.phones import national
from privacy.holdings import Holding, Kept, register

from .actors import SYSTEM
from .booking import cancel
from .booking_states import LIVE, NotPossible
from .models import (
    Booking,
    BookingStep,
    CentrePost,
    Certificate,
    Instructor,
    Learner,
    VisitClass,
    VisitRequest,
    VisitStep,
)
from .visits import withdraw
from .visits_history import ENDED

#: What str(session) says.
OF_SESSION = ("session__course", "session__room__centre")
CONSENT = "개인정보 보호법 제15조 제1항 제1호 (동의)"
SENSITIVE = "개인정보 보호법 제15조 제1항 제1호, 제23조 제1항 제1호 (따로 받은 동의)"
DUTY = "개인정보 보호법 제15조 제1항 제3호 (공공기관의 소관 업무)"
#: As keeping.py counts.
THREE_YEARS = "마지막으로 신청한 수업이 끝난 해부터 3년"
PAID = "공공기록물 관리에 관한 법률 시행령 제26조 (강사료를 준 기록)"
POSTS_KEPT = "개인정보의 안전성 확보조치 기준 제5조 (권한 기록을 3년 보관)"
A_MONTH = "수업이 끝난 날부터 한 달"
VISIT_YEARS = "찾아가는 수업이나 신청이 끝난 해부터 3년"


def erase_learner(learner: Learner) -> None:
    """The row stays for the year's figures, and says nothing about anybody: no phone and no name leads to it."""
    learner.name = learner.phone = learner.phone_index = ""
    learner.birth_year = None
    learner.person_index = f"erased-{learner.pk.hex}"
    learner.save(update_fields=["name", "phone", "phone_index", "birth_year", "person_index"])


def end_booking(booking: Booking) -> None:
    """A seat that nobody will take goes to whoever waits."""
    if booking.state in LIVE and booking.session.starts_at > timezone.now():
        cancel(booking.pk, SYSTEM, "개인정보를 지움")


def erase_booking(booking: Booking) -> None:
    booking.booker_name = booking.contact = booking.wishes = None
    booking.phone_index = ""
    booking.save(update_fields=["booker_name", "contact", "wishes", "phone_index"])


def erase_booker(booking: Booking) -> None:
    """Who booked is forgotten; the seat belongs to whoever learns."""
    booking.booker_name = booking.contact = None
    booking.phone_index = booking.learner.phone_index
    booking.save(update_fields=["booker_name", "contact", "phone_index"])


def erase_step(step: BookingStep | VisitStep) -> None:
    step.why = None
    step.save(update_fields=["why"])


def erase_request(request: VisitRequest) -> None:
    request.group_name = request.contact_name = request.contact_phone = request.phone_index = ""
    request.place_name = request.address = request.words = ""
    request.refused_why = "(지움)" if request.refused_why else ""
    request.save(
        update_fields=[
            *("group_name", "contact_name", "contact_phone", "phone_index"),
            *("place_name", "address", "words", "refused_why"),
        ]
    )


def end_request(request: VisitRequest) -> None:
    """Nobody comes to a place that is forgotten. One that has begun goes on."""
    with suppress(NotPossible), transaction.atomic():
        if request.state not in ENDED:
            withdraw(request.pk, SYSTEM, "개인정보를 지움")


def erase_class(visit: VisitClass) -> bool:
    """Not while another group comes there: it goes with the last of them (forgetting.py)."""
    if VisitRequest.objects.filter(visit_class=visit).exclude(phone_index="").exists():
        return False
    visit.place_name, visit.address = "", None
    visit.save(update_fields=["place_name", "address"])
    return True


def erase_instructor(instructor: Instructor) -> None:
    """What was paid is kept with the year's accounts, without a name: that goes with the account. When they had time
    and why not is nobody's business any more."""
    instructor.days_off.all().delete()
    instructor.availability.all().delete()
    instructor.is_active = False
    instructor.save(update_fields=["is_active"])


def keep_post(post: CentrePost) -> None:
    """Posts are kept for three years by law (append-only); whose they were goes with the account."""


def keep_certificate(certificate: Certificate) -> None:
    """Has no name of its own: whose it is goes with the learner."""


def _national(phone: str | None) -> str:
    return national(phone) if phone else ""


def _at(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


register(
    Holding(
        model="learning.Learner",
        label="배우는 분",
        fields=("name", "phone", "birth_year"),
        ground=CONSENT,
        keeps=THREE_YEARS,
        export=lambda one: {
            "이름": one.name,
            "전화": _national(one.phone),
            "태어난 해": one.birth_year or "",
        },
        erase=erase_learner,
        of=lambda person: Learner.objects.filter(phone_index=person.index),
        named=lambda one: one.name,
        phones=("phone",),
    )
)
register(
    Holding(
        model="learning.Booking",
        label="수업 신청",
        fields=("booker_name", "contact", "wishes"),
        ground=SENSITIVE,
        keeps=f"{THREE_YEARS}, 미리 알아 둘 것은 {A_MONTH}",
        export=lambda one: {
            "수업": str(one.session),
            "신청한 때": _at(one.booked_at),
            "상태": one.get_state_display(),
            "출석": one.get_attendance_display() if one.attendance else "",
            "나이대": one.get_age_band_display() if one.age_band else "",
            "대신 신청한 분": one.booker_name or "",
            "알림 받을 전화": _national(one.contact),
            "미리 알아 둘 것": one.wishes or "",
        },
        erase=erase_booking,
        ends=end_booking,
        of=lambda person: Booking.objects.filter(learner__phone_index=person.index).select_related(
            "learner", *OF_SESSION
        ),
        named=lambda one: one.learner.name,
        phones=("contact", "learner__phone"),
    )
)
register(
    Holding(
        model="learning.Booking",
        part="booker",
        label="다른 분을 위해 한 수업 신청",
        fields=("booker_name", "contact"),
        ground=CONSENT,
        keeps=THREE_YEARS,
        export=lambda one: {
            "수업": str(one.session),
            "대신 신청한 분": one.booker_name or "",
            "알림 받을 전화": _national(one.contact),
        },
        erase=erase_booker,
        of=lambda person: (
            Booking.objects.filter(phone_index=person.index)
            .exclude(learner__phone_index=person.index)
            .select_related("learner", *OF_SESSION)
        ),
        named=lambda one: one.booker_name or "",
    )
)
register(
    Holding(
        model="learning.BookingStep",
        label="수업 신청을 처리한 기록의 까닭",
        fields=("why",),
        ground=DUTY,
        keeps=THREE_YEARS,
        export=lambda one: {"한 일": one.get_deed_display(), "때": _at(one.at), "까닭": one.why or ""},
        erase=erase_step,
        of=lambda person: BookingStep.objects.filter(
            booking__learner__phone_index=person.index
        ).select_related("booking__learner"),
        named=lambda one: one.booking.learner.name,
    )
)
register(
    Holding(
        model="learning.Certificate",
        label="수료증",
        fields=("learner",),
        ground=CONSENT,
        keeps=THREE_YEARS,
        export=lambda one: {"번호": one.number, "과정": str(one.course), "낸 때": _at(one.issued_at)},
        erase=keep_certificate,
        of=lambda person: Certificate.objects.filter(learner__phone_index=person.index).select_related(
            "course", "learner"
        ),
        named=lambda one: one.learner.name,
    )
)
register(
    Holding(
        model="learning.VisitRequest",
        label="찾아가는 수업 신청",
        fields=("group_name", "contact_name", "contact_phone", "place_name", "address", "words"),
        ground=CONSENT,
        keeps=VISIT_YEARS,
        export=lambda one: {
            "접수번호": one.number,
            "상태": one.get_state_display(),
            "모임·기관 이름": one.group_name,
            "연락하실 분": one.contact_name,
            "연락처": _national(one.contact_phone),
            "곳": one.place_name,
            "주소": one.address,
            "하실 말씀": one.words,
        },
        erase=erase_request,
        ends=end_request,
        of=lambda person: VisitRequest.objects.for_phone(person.index),
        named=lambda one: one.contact_name,
        phones=("contact_phone",),
    )
)
register(
    Holding(
        model="learning.VisitClass",
        label="찾아가는 수업을 한 곳",
        fields=("place_name", "address"),
        ground=CONSENT,
        keeps=VISIT_YEARS,
        export=lambda one: {"때": _at(one.starts_at), "곳": one.place_name, "주소": one.address or ""},
        erase=erase_class,
        of=lambda person: VisitClass.objects.for_phone(person.index),
    )
)
register(
    Holding(
        model="learning.VisitStep",
        label="찾아가는 수업을 처리한 기록의 까닭",
        fields=("why",),
        ground=DUTY,
        keeps=VISIT_YEARS,
        export=lambda one: {"한 일": one.deed, "때": _at(one.at), "까닭": one.why or ""},
        erase=erase_step,
        of=lambda person: VisitStep.objects.filter(
            Q(request__in=VisitRequest.objects.for_phone(person.index))
            | Q(visit_class__in=VisitClass.objects.for_phone(person.index))
        ).select_related("request"),
        named=lambda one: one.request.contact_name if one.request else "",
    )
)
register(
    Holding(
        model="learning.Instructor",
        label="강사",
        fields=("user", "home"),
        ground=DUTY,
        keeps="강사료 장부와 함께 (이름은 계정을 닫은 날부터 3년)",
        export=lambda one: {
            "사는 곳": str(one.home),
            "가르치는 것": ", ".join(map(str, one.skills.all())),
            "가능한 시간": ", ".join(map(str, one.availability.all())),
            "쉬는 날": ", ".join(map(str, one.days_off.all())),
        },
        erase=erase_instructor,
        of=lambda person: Instructor.objects.filter(user__phone_index=person.index).select_related("home"),
        kept=lambda one: Kept(PAID, None),
        phones=("user__phone",),
    )
)
register(
    Holding(
        model="learning.CentrePost",
        label="배움터 직원으로 정한 기록",
        fields=("user",),
        ground=DUTY,
        keeps="그만둔 날부터 3년 (개인정보의 안전성 확보조치 기준 제5조)",
        export=lambda post: {"배움터": str(post.centre), "맡은 때": f"{post.granted_at:%Y-%m-%d}"},
        erase=keep_post,
        of=lambda person: CentrePost.objects.filter(user__phone_index=person.index).select_related("centre"),
        kept=lambda post: Kept(POSTS_KEPT, None),
    )
)
