"""What the coordinator fills in: courses and their conditions, classes and series, centres and rooms."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from people.models import District, User

from .fields import CHOOSE, DayField, HourField, count, words
from .models import Centre, Course, Room, Series, Session
from .series import MOST
from .topics import Level, Topic


class CourseForm(forms.Form):
    title = words("과정 이름", 80, "이름을 적어 주세요.", help_text="예: 스마트폰 첫걸음")
    topic = forms.ChoiceField(
        label="주제", choices=[("", "골라 주세요"), *Topic.choices], error_messages=CHOOSE
    )
    level = forms.TypedChoiceField(
        label="수준",
        choices=Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
        initial=1,
    )
    learn = words(
        "배우는 것",
        1000,
        "무엇을 배우는지 적어 주세요.",
        lines=4,
        help_text="신청하려는 분이 읽습니다.",
    )
    bring = words("가져올 것", 200, help_text="예: 쓰시는 휴대전화")
    minutes = count("한 번에 몇 분", 10, 600, initial=120)
    seats = count(
        "정원", 1, 500, initial=20, help_text="새로 여는 수업의 정원입니다. 수업마다 바꿀 수 있습니다."
    )
    is_active = forms.BooleanField(label="누리집에 보이기", required=False, initial=True)


class RuleForm(forms.Form):
    """A condition from a day on; none is changed, another is added."""

    from_on = DayField(label="적용하는 날", help_text="이날부터 여는 수업에 적용합니다.")
    until_on = DayField(label="마지막 날", required=False, help_text="비워 두면 따로 끝낼 때까지입니다.")
    age_from = count("몇 세부터", 1, 120, required=False, help_text="그해에 되는 나이(연 나이)로 셉니다.")
    age_until = count("몇 세까지", 1, 120, required=False)
    needs_level = forms.TypedChoiceField(
        label="먼저 들을 수준",
        required=False,
        choices=[("", "없음"), *Level.choices],
        coerce=int,
        empty_value=None,
        error_messages=CHOOSE,
    )
    reason = words(
        "까닭",
        200,
        "까닭을 적어 주세요.",
        help_text="맞지 않는 분이 읽습니다. 예: 어르신을 위한 과정입니다.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("until_on") and data.get("from_on") and data["until_on"] < data["from_on"]:
            self.add_error("until_on", "적용하는 날보다 늦은 날로 적어 주세요.")
        if data.get("age_from") and data.get("age_until") and data["age_until"] < data["age_from"]:
            self.add_error("age_until", "‘몇 세부터’보다 큰 나이로 적어 주세요.")
        asked = (data.get(name) for name in ("age_from", "age_until", "needs_level"))
        if not self.errors and not any(asked):
            raise forms.ValidationError("나이나 먼저 들을 수준 가운데 하나는 정해 주세요.")
        return data


class RoomField(forms.ModelChoiceField):
    """Rooms that are in use, with their seats."""

    def __init__(self, **kwargs: Any) -> None:
        rooms = Room.objects.filter(is_active=True, centre__is_active=True).select_related("centre")
        super().__init__(rooms, label="교실", empty_label="골라 주세요", error_messages=CHOOSE, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.seats}자리)"


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


class TimesForm(forms.Form):
    """What a class and a series have in common: where, from when to when, and how it is booked."""

    room = RoomField()
    opens_on = DayField(label="신청 시작하는 날")
    opens_time = HourField(label="신청 시작 시각", initial=time(9))
    closes_hours = count(
        "수업 몇 시간 전까지 신청", 0, 24 * 30, initial=0, help_text="0이면 시작할 때까지 받습니다."
    )

    @property
    def opens_at(self) -> datetime:
        return _at(self.cleaned_data["opens_on"], self.cleaned_data["opens_time"])


def _check_seats(form: forms.Form, data: dict[str, Any]) -> None:
    if data.get("room") and data.get("capacity") and data["capacity"] > data["room"].seats:
        form.add_error("capacity", f"이 교실에는 {data['room'].seats}자리까지 있습니다.")


class SessionForm(TimesForm):
    """One class."""

    day = DayField(label="날짜")
    starts = HourField(label="시작 시각")
    minutes = count("몇 분", 10, 600)
    capacity = count("정원", 1, 500)
    field_order = ("room", "day", "starts", "minutes", "capacity", "opens_on", "opens_time", "closes_hours")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _check_seats(self, data)
        return data

    @property
    def starts_at(self) -> datetime:
        return _at(self.cleaned_data["day"], self.cleaned_data["starts"])


class ChangeForm(TimesForm):
    """Another time or room for one class. Its seats have a page of their own."""

    day = DayField(label="날짜")
    starts = HourField(label="시작 시각")
    minutes = count("몇 분", 10, 600)
    why = words(
        "바꾸는 까닭",
        200,
        help_text="신청하신 분이 있으면 꼭 적어 주세요. 그대로 문자로 나갑니다.",
    )
    field_order = ("room", "day", "starts", "minutes", "opens_on", "opens_time", "closes_hours", "why")

    @property
    def starts_at(self) -> datetime:
        return _at(self.cleaned_data["day"], self.cleaned_data["starts"])


class SeriesForm(TimesForm):
    """Every week. What it asks for is looked at (series.preview) before it is made."""

    from_on = DayField(label="첫날", help_text="이날의 요일에 매주 엽니다. 공휴일은 건너뜁니다.")
    until_on = DayField(label="마지막 날")
    starts = HourField(label="시작 시각")
    capacity = count("정원", 1, 500)
    as_one = forms.BooleanField(label="모든 회차를 한 번에 신청합니다", required=False, initial=True)
    field_order = (
        *("room", "from_on", "until_on", "starts", "capacity", "as_one"),
        *("opens_on", "opens_time", "closes_hours"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("from_on"), data.get("until_on")
        if first and last:
            if last < first:
                self.add_error("until_on", "첫날보다 늦은 날로 적어 주세요.")
            elif last - first > timedelta(weeks=MOST - 1):
                self.add_error("until_on", "1년 안의 날짜로 적어 주세요.")
        if first and first < timezone.localdate():
            self.add_error("from_on", "오늘이나 앞으로의 날짜로 적어 주세요.")
        _check_seats(self, data)
        return data

    def series(self, course: Course, by: User) -> Series:
        """Not saved yet. Its weekday is that of its first day."""
        names = ("room", "from_on", "until_on", "starts", "capacity", "as_one")
        given = {name: self.cleaned_data[name] for name in names}
        return Series(course=course, weekday=given["from_on"].weekday(), made_by=by, **given)


def of_session(session: Session) -> dict[str, Any]:
    """What the form shows of a class as it is."""
    starts, opens = timezone.localtime(session.starts_at), timezone.localtime(session.opens_at)
    return {
        "room": session.room_id,
        "day": starts.date(),
        "starts": starts.time(),
        "minutes": session.minutes,
        "opens_on": opens.date(),
        "opens_time": opens.time().replace(microsecond=0),
        "closes_hours": int((session.starts_at - session.closes_at).total_seconds() // 3600),
    }


class CentreForm(forms.Form):
    name = words("배움터 이름", 60, "이름을 적어 주세요.")
    district = forms.ModelChoiceField(
        District.objects.defer("boundary"), label="읍면동", empty_label="골라 주세요", error_messages=CHOOSE
    )
    address = words("주소", 200)
    phone = words("전화", 20)
    way_there = words(
        "오시는 길",
        300,
        lines=2,
        help_text="예: 105번 버스 상락원앞, 2층, 승강기 있음",
    )
    travel_minutes = count(
        "시내에서 오는 데 걸리는 시간(분)",
        0,
        240,
        initial=20,
        help_text="강사를 배정할 때 오갈 시간으로 씁니다.",
    )
    is_active = forms.BooleanField(label="지금 쓰는 배움터", required=False, initial=True)

    def __init__(self, *args: Any, of: Centre | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Centre.objects.filter(name=name).exclude(pk=self.of.pk if self.of else 0).exists():
            raise forms.ValidationError("같은 이름의 배움터가 이미 있습니다. 다른 이름을 적어 주세요.")
        return name


class RoomForm(forms.Form):
    name = words("교실 이름", 40, "이름을 적어 주세요.", help_text="예: 1교실")
    seats = count("자리", 1, 500)
    equipment = words(
        "장비", 300, help_text="쉼표로 나눠 적어 주세요. 예: 키오스크 2대, 빔프로젝터, 휠체어 자리"
    )
    is_active = forms.BooleanField(label="지금 쓰는 교실", required=False, initial=True)

    def __init__(self, *args: Any, centre: Centre, of: Room | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centre, self.of = centre, of

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.centre.rooms.filter(name=name).exclude(pk=self.of.pk if self.of else 0).exists():
            raise forms.ValidationError("이 배움터에 같은 이름의 교실이 있습니다. 다른 이름을 적어 주세요.")
        return name

    def clean_equipment(self) -> list[str]:
        things = [each.strip() for each in self.cleaned_data["equipment"].split(",")]
        if any(len(each) > 40 for each in things):
            raise forms.ValidationError("장비 하나를 40자 안으로 적고, 쉼표로 나눠 주세요.")
        return [each for each in things if each]


class StaffForm(forms.Form):
    username = words(
        "직원의 아이디",
        50,
        "아이디를 적어 주세요.",
        help_text="먼저 계정이 있어야 합니다. 계정은 시스템 담당이 만듭니다.",
    )
    reason = words("까닭", 200, "까닭을 적어 주세요.", help_text="예: 2027년 배움터 근무")


class EndPostForm(forms.Form):
    reason = words("까닭", 200, "까닭을 적어 주세요.", help_text="예: 다른 곳으로 옮김")
