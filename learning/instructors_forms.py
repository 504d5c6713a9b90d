"""What is filled in about instructors, their hours and their fees."""

from datetime import time
from typing import Any

from django import forms
from django.utils import timezone

from people.form_fields import WonField, choose
from people.models import District

from .fields import CHOOSE, DayField, HourField, words
from .models import Instructor
from .models.assignment import Part
from .topics import Level, Topic

WEEKDAYS = list(enumerate(("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일")))
#: More than a class is ever paid an hour: a number with too many zeros is a slip.
MOST_AN_HOUR = 1_000_000


def _district() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        District.objects.only("name"), label="사는 읍면동", empty_label="골라 주세요", error_messages=CHOOSE
    )


class AppointForm(forms.Form):
    username = words("강사의 아이디", 50, "아이디를 적어 주세요.", help_text="먼저 계정이 있어야 합니다.")
    home = _district()
    reason = words("까닭", 200, "까닭을 적어 주세요.", help_text="예: 2026년 위촉")


class InstructorForm(forms.Form):
    """Fields topic_<topic>: the level up to which they teach it, or none."""

    home = _district()
    may_lead = forms.BooleanField(label="주강사를 맡습니다", required=False)
    may_assist = forms.BooleanField(label="보조강사를 맡습니다", required=False)
    is_active = forms.BooleanField(label="지금 활동합니다", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [("", "가르치지 않음"), *((n, f"{label}까지") for n, label in Level.choices)]
        for topic, label in Topic.choices:
            self.fields[f"topic_{topic}"] = forms.ChoiceField(
                label=str(label), choices=levels, required=False, error_messages=CHOOSE
            )

    def skills(self) -> dict[str, int]:
        data = self.cleaned_data
        return {topic: int(data[f"topic_{topic}"]) for topic in Topic.values if data[f"topic_{topic}"]}


def instructor_initial(row: Instructor) -> dict[str, Any]:
    given = {"home": row.home_id, "may_lead": row.may_lead, "may_assist": row.may_assist}
    skills = {f"topic_{skill.topic}": skill.level for skill in row.skills.all()}
    return {**given, "is_active": row.is_active, **skills}


class HoursForm(forms.Form):
    weekdays = forms.TypedMultipleChoiceField(
        label="요일",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages=choose("요일을 하나라도 골라 주세요."),
    )
    starts = HourField(label="몇 시부터", initial=time(9))
    ends = HourField(label="몇 시까지", initial=time(18))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", "시작보다 늦은 시각을 적어 주세요.")
        return data


class DayOffForm(forms.Form):
    first = DayField(label="쉬는 날")
    last = DayField(label="마지막 날", required=False, help_text="하루만 쉬시면 비워 두세요.")
    words = words("적어 둘 것", 100)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("first"):
            data["last"] = data.get("last") or data["first"]
            if data["last"] < data["first"]:
                self.add_error("last", "쉬기 시작하는 날보다 늦은 날을 적어 주세요.")
            elif data["last"] < timezone.localdate():
                self.add_error("first", "이미 지난 날입니다. 오늘이나 그 뒤의 날을 적어 주세요.")
        return data


class RateForm(forms.Form):
    part = forms.ChoiceField(
        label="맡은 일",
        choices=Part.choices,
        widget=forms.RadioSelect,
        error_messages=choose("하나를 골라 주세요."),
    )
    won_an_hour = WonField(label="시간당(원)", most=MOST_AN_HOUR)
    valid_from = DayField(label="적용하는 날", help_text="이날부터 하는 수업에 적용합니다.")
    source = words("근거", 200, "근거를 적어 주세요.", help_text="예: 2026년 강사 운영 계획")


class FileForm(forms.Form):
    reason = words(
        "받는 까닭", 200, "왜 받으시는지 적어 주세요. 접속기록에 남습니다.", help_text="예: 9월분 강사료 지급"
    )
