"""What groups, staff and instructors fill in about visits."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from people.form_fields import choose
from people.models import District

from .consent_texts import VISIT
from .fields import CHOOSE, DayField, HourField, PhoneField, count, words
from .models import Institution, VisitClass, VisitRequest
from .topics import Level, Topic
from .visits import Asked
from .visits_joining import LESSON, MOST_PEOPLE, Times
from .visits_report import Written

WISHES = 3
#: From when on one may wish: somebody has to be found who comes.
LEAST_AHEAD, MOST_AHEAD = timedelta(days=3), timedelta(days=180)
#: Part of a day → its hours.
PARTS = {
    "am": ("오전 (9시~12시)", time(9), time(12)),
    "pm": ("오후 (1시~5시)", time(13), time(17)),
    "day": ("오전이나 오후 아무 때나", time(9), time(17)),
    "evening": ("저녁 (6시~8시)", time(18), time(20)),
}
EQUIPMENT = ("텔레비전이나 큰 화면", "와이파이", "책상과 의자", "컴퓨터")


def at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


class AskForm(forms.Form):
    """`asks_phone`: for staff, who write down what a caller says; a group's own phone is known by its code."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label="누가 신청하시나요?",
        choices=[
            (VisitRequest.Kind.GROUP, "이웃이나 모임"),
            (VisitRequest.Kind.INSTITUTION, "경로당, 복지관, 노인대학 같은 기관"),
        ],
        widget=forms.RadioSelect,
        error_messages=choose("이웃·모임인지 기관인지 골라 주세요."),
    )
    group_name = words(
        "모임이나 기관 이름", 80, help_text="예: 상이마을 경로당. 모임 이름이 없으면 비워 두세요."
    )
    contact_name = words("연락하실 분 이름", 50, "연락하실 분의 이름을 적어 주세요.")
    contact_phone = PhoneField("연락하실 전화번호", "연락하실 전화번호를 적어 주세요.")
    people = count(
        "몇 분이 들으시나요?",
        1,
        MOST_PEOPLE,
        help_text="두 분이어도 신청하세요. 가까운 분들과 세 분이 되면 찾아갑니다.",
    )
    topic = forms.ChoiceField(
        label="무엇을 배우고 싶으신가요?",
        choices=Topic.choices,
        widget=forms.RadioSelect,
        error_messages=choose("배우고 싶은 것을 하나 골라 주세요."),
    )
    level = forms.TypedChoiceField(
        label="어느 정도 하시나요?",
        choices=[
            (Level.FIRST, "처음입니다"),
            (Level.BASIC, "조금 해 봤습니다"),
            (Level.USING, "더 잘 쓰고 싶습니다"),
        ],
        coerce=int,
        initial=Level.FIRST,
        widget=forms.RadioSelect,
        error_messages=choose("하나를 골라 주세요."),
    )
    district = forms.ModelChoiceField(
        District.objects.only("name"), label="읍면동", empty_label="골라 주세요", error_messages=CHOOSE
    )
    place_name = words(
        "모일 곳", 80, help_text="예: 상이마을회관. 모일 곳이 없으면 비워 두세요. 함께 찾아 드립니다."
    )
    address = words("모일 곳의 주소", 200)
    equipment = forms.MultipleChoiceField(
        label="그곳에 있는 것",
        choices=[(each, each) for each in EQUIPMENT],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    joins_others = forms.TypedChoiceField(
        label="가까운 다른 분들과 함께 들으셔도 되나요?",
        choices=[("yes", "네, 함께 들어도 됩니다"), ("no", "아니요, 저희끼리 듣겠습니다")],
        coerce=lambda said: said == "yes",
        initial="yes",
        widget=forms.RadioSelect,
        error_messages=choose("하나를 골라 주세요."),
    )
    words = words("더 하실 말씀", 300, lines=3)
    consent = forms.BooleanField(
        label=VISIT.label,
        error_messages={
            "required": "동의하지 않으시면 찾아가 드릴 수 없습니다. 동의하시면 네모를 눌러 주세요."
        },
    )

    def __init__(self, *args: Any, asks_phone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_phone:
            del self.fields["contact_phone"]
        choices = [("", "고르지 않음"), *((key, label) for key, (label, _, _) in PARTS.items())]
        for n in range(1, WISHES + 1):
            first = n == 1
            self.fields[f"day{n}"] = DayField(label=f"바라는 날 {n}", required=first)
            self.fields[f"part{n}"] = forms.ChoiceField(
                label=f"바라는 시간 {n}",
                required=first,
                choices=choices,
                error_messages=dict.fromkeys(("required", "invalid_choice"), "바라는 시간을 골라 주세요."),
            )

        names = list(self.fields)
        wished = names[-2 * WISHES :]
        at = names.index("district")  # the summary of what is wrong goes down the page
        self.order_fields([*names[:at], *wished, *names[at : -2 * WISHES]])

    def wish_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"day{n}"], self[f"part{n}"]) for n in range(1, WISHES + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == VisitRequest.Kind.INSTITUTION:
            for name, missing in (
                ("group_name", "기관 이름을 적어 주세요."),
                ("place_name", "어디로 찾아갈지 적어 주세요. 기관이면 기관 이름을 적으시면 됩니다."),
            ):
                if data.get(name) == "":
                    self.add_error(name, missing)
        if data.get("place_name") and data.get("address") == "":
            self.add_error("address", "모일 곳의 주소를 적어 주세요. 강사가 찾아갑니다.")
        today = timezone.localdate()
        for n in range(1, WISHES + 1):
            day, part = data.get(f"day{n}"), data.get(f"part{n}")
            if day and not today + LEAST_AHEAD <= day <= today + MOST_AHEAD:
                earliest = today + LEAST_AHEAD
                said = f"강사를 정해야 하니 {earliest.month}월 {earliest.day}일부터 여섯 달 안의 날로 적어 주세요."
                self.add_error(f"day{n}", said)
            if n > 1 and bool(day) != bool(part) and f"day{n}" not in self.errors:
                missing = f"part{n}" if day else f"day{n}"
                self.add_error(missing, "날짜와 시간을 둘 다 적어 주세요.")
        return data

    def wishes(self) -> list[Times]:
        data, found = self.cleaned_data, []
        for n in range(1, WISHES + 1):
            if data.get(f"day{n}") and data.get(f"part{n}"):
                _, starts, ends = PARTS[data[f"part{n}"]]
                found.append((at(data[f"day{n}"], starts), at(data[f"day{n}"], ends)))
        return list(dict.fromkeys(found))

    def asked(self, phone: str = "") -> Asked:
        """`phone`: E.164, of a group that asks by itself. Links an institution that is known by that name there."""
        data = self.cleaned_data
        institution = None
        if data["kind"] == VisitRequest.Kind.INSTITUTION:
            institution = known_institution(data["district"], data["group_name"])
        return Asked(
            phone=phone or data["contact_phone"],
            wishes=self.wishes(),
            institution=institution,
            **{name: data[name] for name in _ASKED},
        )


_ASKED = (
    *("once", "kind", "contact_name", "district", "topic", "level", "people", "group_name"),
    *("place_name", "address", "equipment", "words", "joins_others"),
)


def known_institution(district: District, name: str) -> Institution | None:
    """By its name in that district; spaces do not count."""
    spelled = "".join(name.split())
    rows = Institution.objects.filter(district=district, is_active=True)
    return next((row for row in rows if "".join(row.name.split()) == spelled), None)


class TimesForm(forms.Form):
    """From when to when, and why if it is a move."""

    day = DayField(label="날짜")
    starts = HourField(label="시작")
    ends = HourField(label="끝")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", "시작보다 늦은 시각을 적어 주세요.")
        if data.get("day") and data.get("starts") and at(data["day"], data["starts"]) <= timezone.now():
            self.add_error("day", "앞으로 올 날짜와 시간으로 적어 주세요.")
        return data

    def times(self) -> Times:
        data = self.cleaned_data
        return at(data["day"], data["starts"]), at(data["day"], data["ends"])


class PlanForm(TimesForm):
    """A class for a request, with others if some fit (`others`: value and words of each)."""

    others = forms.MultipleChoiceField(
        label="함께 들을 신청", required=False, widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE
    )
    travel_minutes = count(
        "강사 이동 시간(분)",
        0,
        180,
        help_text="시내 한가운데에서 가는 시간. 앞뒤 수업과의 사이를 이만큼 비웁니다.",
    )

    def __init__(self, *args: Any, others: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = list(others)
        self.fields["others"].choices = listed  # type: ignore[attr-defined]
        if not listed:
            del self.fields["others"]


class MoveForm(TimesForm):
    why = words("바꾸는 까닭", 200, "바꾸는 까닭을 적어 주세요. 신청한 분과 강사가 읽습니다.")


class WhyForm(forms.Form):
    """`label`, `missing`: of the reason."""

    def __init__(self, *args: Any, label: str = "까닭", missing: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"] = words(label, 200, missing)


class LinkForm(forms.Form):
    """Which institution of its district a request is of; or that its name becomes a new one."""

    institution = forms.ModelChoiceField(
        Institution.objects.none(),
        label="기관",
        required=False,
        empty_label="목록에 없음: 이 이름으로 더하기",
    )
    kind = forms.ChoiceField(label="구분", choices=Institution.Kind.choices, error_messages=CHOOSE)

    def __init__(self, *args: Any, request_row: VisitRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Institution.objects.filter(district=request_row.district_id, is_active=True)
        self.fields["institution"].queryset = rows  # type: ignore[attr-defined]


class ReportForm(forms.Form):
    came = count("몇 분이 오셨나요?", 0, 200)
    taught = words("무엇을 가르치셨나요?", 1000, "가르친 것을 적어 주세요.", lines=4)
    next_time = words(
        "다음에 필요한 것", 1000, lines=3, help_text="예: 사진 보내기를 한 번 더. 이름은 적지 마세요."
    )

    def written(self) -> Written:
        return Written(**self.cleaned_data)


def times_initial(starts_at: datetime, ends_at: datetime | None = None) -> dict[str, Any]:
    """For TimesForm: local."""
    starts = timezone.localtime(starts_at)
    ends = timezone.localtime(ends_at or starts_at + LESSON)
    return {"day": starts.date(), "starts": starts.time(), "ends": ends.time()}


def class_times(visit: VisitClass) -> dict[str, Any]:
    return times_initial(visit.starts_at, visit.ends_at)
