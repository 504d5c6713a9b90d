"""What citizens fill in: what they look for, who comes, and what becomes of a booking."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from people.by_phone import Phone
from people.form_fields import PhoneField, choose, text
from people.models import District
from privacy.consents import GUARDIAN, Consents, ConsentText, needs_guardian
from privacy.masking import masked_phone

from .booking import Asked
from .consent_texts import NEEDS, TEXTS
from .fields import CHOOSE, DayField
from .finding import FURTHEST, Place, Wanted
from .models import Booking, Session
from .topics import Level, Topic

SELF, OTHER = "self", "other"
ONE, ALL = "one", "all"
BOOKER, LEARNER = "booker", "learner"


class FindForm(forms.Form):
    """Filters of the list and the calendar. `known`: the centres (finding.places)."""

    topic = forms.ChoiceField(
        label="무엇을", required=False, choices=[("", "모두"), *Topic.choices], error_messages=CHOOSE
    )
    level = forms.ChoiceField(
        label="수준", required=False, choices=[("", "모두"), *Level.choices], error_messages=CHOOSE
    )
    district = forms.ChoiceField(label="우리 동네", required=False, error_messages=CHOOSE)
    centre = forms.ChoiceField(label="배움터", required=False, error_messages=CHOOSE)
    day = DayField(label="날짜", required=False)

    def __init__(self, *args: Any, known: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.districts = {d["code"]: d for d in District.objects.values("code", "name", "lat", "lon")}
        named = [(code, d["name"]) for code, d in self.districts.items()]
        self.fields["district"].choices = [("", "고르지 않음"), *named]  # type: ignore[attr-defined]
        centres = [(str(place.pk), place.name) for place in known]
        self.fields["centre"].choices = [("", "모두"), *centres]  # type: ignore[attr-defined]

    def clean_day(self) -> date | None:
        day, today = self.cleaned_data["day"], timezone.localdate()
        if day and not today <= day <= today + FURTHEST:
            raise forms.ValidationError("오늘부터 1년 안의 날짜를 적어 주세요.")
        return day

    def wanted(self) -> Wanted:
        """Whatever was asked rightly; what was not is left out."""
        data = getattr(self, "cleaned_data", {})
        return {
            "topic": data.get("topic", ""),
            "level": data.get("level", ""),
            "centre": data.get("centre", ""),
            "day": data.get("day"),
        }

    def chosen(self) -> list[str]:
        """In words, what is on."""
        data = getattr(self, "cleaned_data", {})
        named = ("topic", "level", "district", "centre")
        said = [
            next(str(label) for value, label in self.fields[name].choices if str(value) == data[name])  # type: ignore[attr-defined]
            for name in named
            if data.get(name)
        ]
        day = data.get("day")
        return [*said, *([f"{day.month}월 {day.day}일"] if day else [])]


def short_key(consent: ConsentText) -> str:
    """learning.needs → needs: a field's name."""
    return consent.key.partition(".")[2]


class BookForm(forms.Form):
    """Who comes. `phone`: shown to be theirs by whoever books. `left`: sessions still to come of a series that need
    not be booked as a whole; 0 if there is nothing to choose."""

    whose = forms.ChoiceField(
        label="누가 배우시나요?",
        choices=[(SELF, "제가 배웁니다"), (OTHER, "부모님이나 다른 분을 대신해 신청합니다")],
        initial=SELF,
        widget=forms.RadioSelect,
        error_messages=choose("누가 배우시는지 골라 주세요."),
    )
    name = text("배우시는 분 이름", "이름을 적어 주세요.", attrs={"autocomplete": "name"})
    birth_year = text(
        "배우시는 분이 태어난 해",
        "태어난 해를 적어 주세요. 예: 1950",
        max_length=20,
        help_text="나이 조건이 있는 수업이라 여쭙니다. 예: 1950",
        attrs={"inputmode": "numeric", "autocomplete": "bday-year"},
    )
    booker_name = text("신청하시는 분(지금 적고 계신 분) 이름")
    own_phone = PhoneField(
        label="배우시는 분의 전화번호",
        help_text="집 전화도 됩니다. 전화가 없으시면 비워 두세요.",
        autocomplete="off",
    )
    contact = forms.ChoiceField(
        label="알림을 누가 받으시나요?",
        required=False,
        widget=forms.RadioSelect,
        help_text="자리가 났을 때와 수업 전날 이분께만 알려 드립니다. 집 전화면 직원이 전화드립니다.",
        error_messages=choose("알림을 받으실 분을 골라 주세요."),
    )
    whole = forms.ChoiceField(
        label="몇 번 오시나요?", widget=forms.RadioSelect, error_messages=choose("하나를 골라 주세요.")
    )
    wishes = text(
        "미리 알아 둘 것",
        max_length=300,
        help_text="예: 휠체어로 갑니다. 귀가 어두우니 크게 말해 주세요.",
        widget=forms.Textarea,
        attrs={"rows": 2},
    )

    def __init__(self, *args: Any, phone: Phone, with_birth_year: bool, left: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phone = phone
        self.fields["contact"].choices = [  # type: ignore[attr-defined]
            (BOOKER, f"신청하는 저 ({masked_phone(phone.number)})"),
            (LEARNER, "배우시는 분"),
        ]
        self.fields["whole"].choices = [(ONE, "이 날만"), (ALL, f"남은 {left}번 모두")]  # type: ignore[attr-defined]
        if not with_birth_year:
            del self.fields["birth_year"]
        if not left:
            del self.fields["whole"]
        for consent in TEXTS:
            missing = "동의하지 않으시면 자리를 잡아 드릴 수 없습니다. 동의하시면 네모를 눌러 주세요."
            self.fields[short_key(consent)] = forms.BooleanField(
                label=consent.label, required=consent.needed, error_messages={"required": missing}
            )

    def clean_birth_year(self) -> int:
        """1950, 1950년, 19500301: the year is all that is kept."""
        typed = self.cleaned_data["birth_year"]
        found = re.match(r"\s*((?:19|20)\d\d)(?!\d(?!\d{3}))", typed)
        year = int(found[1]) if found else 0
        if not 1900 <= year <= timezone.localdate().year:
            raise forms.ValidationError("태어난 해를 네 자리 숫자로 적어 주세요. 예: 1950")
        return year

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("whose") == OTHER:
            self._clean_other(data)
        elif "whose" in data:
            data["own_phone"] = data["booker_name"] = data["contact"] = ""
            if data.get("birth_year") and needs_guardian(str(data["birth_year"]), timezone.localdate()):
                self.add_error("whose", GUARDIAN)
        if data.get("wishes") and not data.get(short_key(NEEDS)):
            self.add_error(
                short_key(NEEDS),
                "‘미리 알아 둘 것’을 적으셨습니다. 동의하시면 네모를 누르시고, 아니면 적으신 것을 지워 주세요.",
            )
        return data

    def _clean_other(self, data: dict[str, Any]) -> None:
        if data.get("booker_name") == "":
            self.add_error("booker_name", "신청하시는 분의 이름도 적어 주세요.")
        if data.get("contact") == "":
            self.add_error("contact", "알림을 받으실 분을 골라 주세요.")
        elif data.get("contact") == LEARNER and data.get("own_phone") == "":
            self.add_error("own_phone", "알림을 받으실 분의 전화번호를 적어 주세요.")

    def consents_asked(self) -> list[tuple[ConsentText, forms.BoundField]]:
        return [(consent, self[short_key(consent)]) for consent in TEXTS]

    def consents(self) -> Consents:
        """What was said. Of an optional one that was not needed nothing is noted."""
        data = self.cleaned_data
        said = {text.key: bool(data[short_key(text)]) for text in TEXTS}
        if not data["wishes"]:
            said.pop(NEEDS.key)
        return said

    @property
    def takes_all(self) -> bool:
        return self.cleaned_data.get("whole") == ALL

    def asked(self) -> Asked:
        data, mine = self.cleaned_data, self.phone.number
        own = data["own_phone"] or mine
        other = data["whose"] == OTHER
        return Asked(
            name=data["name"],
            phone=own,
            birth_year=data.get("birth_year"),
            booker_phone=mine if other else "",
            booker_name=data["booker_name"],
            contact=own if data["contact"] == LEARNER else mine,
            wishes=data["wishes"],
            way=Booking.Way.FAMILY if other else Booking.Way.SELF,
        )


class CancelForm(forms.Form):
    """`left`: how many bookings of the same series the learner has besides this one."""

    which = forms.ChoiceField(
        label="무엇을 취소하시나요?",
        widget=forms.RadioSelect,
        initial=ONE,
        error_messages=choose("하나를 골라 주세요."),
    )
    why = text("취소하시는 까닭", max_length=200, help_text="적지 않으셔도 됩니다.")

    def __init__(self, *args: Any, left: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if left:
            both = [(ONE, "이 날만"), (ALL, f"남은 {left + 1}번 모두")]
            self.fields["which"].choices = both  # type: ignore[attr-defined]
        else:
            del self.fields["which"]

    @property
    def takes_all(self) -> bool:
        return self.cleaned_data.get("which") == ALL


class MoveForm(forms.Form):
    """`free`: where a seat is left, with what is said of each."""

    to = forms.ChoiceField(
        label="어느 날로 옮기시나요?",
        widget=forms.RadioSelect,
        error_messages=choose("옮기실 날을 골라 주세요. 그사이 자리가 찬 날은 목록에서 빠졌습니다."),
    )

    def __init__(self, *args: Any, free: Sequence[tuple[Session, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(session.pk), words) for session, words in free]  # type: ignore[attr-defined]
