"""What a person fills in to make a broadcast, and to find one again."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet

from people.models import District, User

from .categories import CATEGORIES, CATEGORY_CHOICES, Lane
from .compose import NO_TEXT
from .models import Broadcast, ChiefPost, Recording, Sender, Village
from .on_behalf import posts_for
from .senders import sender_of
from .sending_rules import choices_for

#: What follows from a category: who chooses one reads it.
LANE_WORDS = {Lane.ROUTINE: "일반: 차례대로 나갑니다", Lane.URGENT: "긴급: 바로 나갑니다"}
WHERE = [("all", "모두"), ("some", "골라서")]
FOREIGN = "맡지 않은 마을이 들어 있습니다. 화면을 새로 고친 뒤 다시 골라 주세요."


def category_choices(sender: str) -> list[tuple[str, str]]:
    """What such a sender may choose, with what follows from it."""
    chosen = [CATEGORIES[key] for key in choices_for(sender)]
    return [(c.key, f"{c.label} ({LANE_WORDS[c.lane]})") for c in chosen]


class CategoryField(forms.ChoiceField):
    """Of every category that a person may choose; a form that knows who sends calls `only_for`."""

    def __init__(self, **kwargs: Any) -> None:
        errors = dict.fromkeys(("required", "invalid_choice"), "방송 종류를 골라 주세요.")
        choices = category_choices(Sender.CITY)
        super().__init__(label="방송 종류", choices=choices, initial="life", error_messages=errors, **kwargs)

    def only_for(self, sender: str) -> None:
        self.choices = category_choices(sender)
        self.initial = choices_for(sender)[0]


class TextField(forms.CharField):
    """The bound on letters is said with the count, so that a person knows how much to take away."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value).strip()
        if len(text) > (most := settings.TEXT_MAX_LETTERS):
            raise forms.ValidationError(
                f"글이 너무 깁니다. {most:,}자 안으로 줄여 주세요. (지금 {len(text):,}자)"
            )
        return text


class ComposeForm(forms.Form):
    """A broadcast from text, or from a recording, to villages that are the user's.

    `cleaned_data["villages"]` holds those to which it goes, whatever way they were chosen.
    """

    where = forms.ChoiceField(
        label="방송할 마을",
        choices=WHERE,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "어느 마을인지 골라 주세요."),
    )
    districts = forms.ModelMultipleChoiceField(
        District.objects.none(), label="읍면동", required=False, error_messages={"invalid_choice": FOREIGN}
    )
    villages = forms.ModelMultipleChoiceField(
        Village.objects.none(),
        label="방송할 마을",
        required=False,
        error_messages={"invalid_choice": FOREIGN, "invalid_pk_value": FOREIGN},
    )
    category = CategoryField()
    text = TextField(label="방송할 글", required=False, help_text="쓰신 글을 기계 목소리가 읽습니다.")
    sound = forms.FileField(
        label="녹음 파일",
        help_text="녹음해 둔 소리 파일입니다. 글도 적으시면 소리와 함께 남습니다.",
        required=False,
        error_messages={"empty": "녹음이 비어 있습니다. 다시 녹음해 주세요."},
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": True}),
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    instead = forms.UUIDField(required=False, widget=forms.HiddenInput)
    corrects = forms.ModelChoiceField(
        Broadcast.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={
            "invalid_choice": "바로잡을 방송을 찾지 못했습니다. 그 방송의 결과 화면에서 다시 눌러 주세요."
        },
    )
    on_behalf_of = forms.ModelChoiceField(
        ChiefPost.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "이 이장을 대신할 수 없습니다. 현황 화면에서 다시 골라 주세요."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.own = Village.objects.for_user(user)
        self.fields["category"].only_for(sender_of(user))  # type: ignore[attr-defined]
        self.fields["villages"].queryset = self.own  # type: ignore[attr-defined]
        sent = Broadcast.objects.cancellable_by(user).filter(published_at__isnull=False)
        self.fields["corrects"].queryset = sent  # type: ignore[attr-defined]
        self.fields["on_behalf_of"].queryset = posts_for(user)  # type: ignore[attr-defined]
        own_districts = District.objects.filter(pk__in=self.own.values("district")).defer("boundary")
        self.fields["districts"].queryset = own_districts  # type: ignore[attr-defined]

    def clean_key(self) -> uuid.UUID | None:
        key = self.cleaned_data["key"]
        if key and Broadcast.objects.filter(pk=key).exclude(author=self.user).exists():
            raise forms.ValidationError("다시 녹음해 주세요.")
        return key

    def clean_sound(self) -> Any:
        sound = self.cleaned_data["sound"]
        if sound and sound.size > settings.RECORDING_MAX_BYTES:
            megabytes = settings.RECORDING_MAX_BYTES // 1024**2
            raise forms.ValidationError(
                f"녹음 파일이 너무 큽니다. {megabytes}MB보다 작게 다시 녹음해 주세요."
            )
        return sound

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors.keys() & {"where", "districts", "villages"}:
            data["villages"] = self._chosen(data)
            if not data["villages"]:
                self.add_error("villages", "방송할 마을을 한 곳 이상 골라 주세요.")
        if not data.get("text") and not data.get("sound") and not self.errors.keys() & {"text", "sound"}:
            self.add_error("text", "방송할 글을 적거나 녹음해 주세요.")
        return data

    def _chosen(self, data: dict[str, Any]) -> list[Village]:
        chosen: QuerySet[Village] = self.own
        if post := data.get("on_behalf_of"):  # a chief speaks to that village only, whoever lends the voice
            return list(chosen.filter(pk=post.village_id))
        if data["where"] == "some":
            chosen = chosen.filter(Q(pk__in=data["villages"]) | Q(district__in=data["districts"]))
        return list(chosen)

    def voice(self) -> bytes | None:
        sound = self.cleaned_data["sound"]
        return sound.read() if sound else None


class ReviewForm(forms.Form):
    """The last look at a draft."""

    category = CategoryField()
    text = TextField(
        label="방송할 글", required=False, error_messages={"required": "방송할 글을 적어 주세요."}
    )

    def __init__(self, *args: Any, draft: Broadcast, **kwargs: Any) -> None:
        self.is_read_aloud = draft.recording.source == Recording.Source.TEXT
        text = "" if draft.text == NO_TEXT else draft.text
        kwargs["initial"] = {"category": draft.category, "text": text}
        super().__init__(*args, **kwargs)
        self.fields["category"].only_for(sender_of(draft.author))  # type: ignore[attr-defined]
        if self.is_read_aloud:
            self.fields["text"].required = True
            self.fields["text"].help_text = "고치면 소리도 새로 만듭니다."
        else:
            self.fields["text"].label = "말한 내용을 글로"
            self.fields["text"].help_text = "소리를 듣지 못하는 분이 읽습니다. 보낸 뒤에 적어도 됩니다."


class TextForm(forms.Form):
    """What was said, written down afterwards."""

    text = TextField(
        label="말한 내용을 글로",
        help_text="소리를 듣지 못하는 분이 읽습니다. 한 번만 적을 수 있습니다.",
        error_messages={"required": "말한 내용을 적어 주세요."},
    )


class HistoryForm(forms.Form):
    """Filters of the history; an address that can be kept."""

    DATES = ["%Y-%m-%d", "%Y.%m.%d", "%Y.%m.%d.", "%Y%m%d"]
    BAD_DATE = "날짜를 2026-01-31처럼 적어 주세요."
    STATES = [("", "모두"), ("going", "나가는 중"), ("trouble", "못 한 곳 있음"), ("done", "모두 방송함")]
    STATES += [("unknown", "알 수 없는 곳 있음"), ("stopped", "멈춘 방송")]

    category = forms.ChoiceField(
        label="종류",
        required=False,
        choices=[("", "모두"), *CATEGORY_CHOICES],
        error_messages={"invalid_choice": "없는 종류입니다. 목록에서 골라 주세요."},
    )
    state = forms.ChoiceField(
        label="상태",
        required=False,
        choices=STATES,
        error_messages={"invalid_choice": "없는 상태입니다. 목록에서 골라 주세요."},
    )
    district = forms.ModelChoiceField(
        District.objects.none(),
        label="읍면동",
        required=False,
        empty_label="모두",
        error_messages={"invalid_choice": "볼 수 없는 읍면동입니다. 목록에서 골라 주세요."},
    )
    since = forms.DateField(
        label="언제부터",
        required=False,
        error_messages={"invalid": BAD_DATE},
        input_formats=DATES,
        widget=forms.DateInput(attrs={"type": "date"}, format=DATES[0]),
    )
    until = forms.DateField(
        label="언제까지",
        required=False,
        error_messages={"invalid": BAD_DATE},
        input_formats=DATES,
        widget=forms.DateInput(attrs={"type": "date"}, format=DATES[0]),
    )
    mine = forms.BooleanField(label="내가 보낸 것만", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Village.objects.for_user(user).values("district")
        self.fields["district"].queryset = (  # type: ignore[attr-defined]
            District.objects.filter(pk__in=own).defer("boundary")
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "끝 날짜가 시작 날짜보다 빠릅니다. 날짜를 바꿔 주세요.")
        for name in self.errors.keys() & {"since", "until"}:
            # A browser's date field shows nothing of what it cannot read; a person wants to see what they typed.
            self.fields[name].widget.input_type = "text"
        return data


def same_draft(value: str) -> uuid.UUID | None:
    """The draft that a new one is to take the place of, from an address that anybody may have typed."""
    try:
        return uuid.UUID(value)
    except ValueError:
        return None
