"""방송 틀: what a template says with its variables filled in, a draft made from it, and editing one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from people.models import User

from .categories import lane_of
from .compose import keep
from .models import Broadcast, Recording, Template, TemplatePart, Village
from .voice.joined import joined
from .voice.reading import spelled_out
from .voice.spoken import spoken
from .wording import fill, half_filled, variables


@dataclass(frozen=True)
class Piece:
    """A part as it will be heard. `read`: as it is read aloud; "" where a person recorded it."""

    text: str
    read: str
    recording: Recording | None


class NameTaken(ValueError):
    """There is another template of that name."""


def parts_of(template: Template) -> list[TemplatePart]:
    """In order, with their recordings. One query."""
    return list(template.parts.select_related("recording"))


def variables_of(parts: Iterable[TemplatePart]) -> list[str]:
    return variables(part.text for part in parts if not is_recorded(part))


def is_recorded(part: TemplatePart) -> bool:
    """Said by a person; one whose voice was destroyed is read aloud."""
    return bool(part.recording and part.recording.file)


def pieces(parts: Iterable[TemplatePart], values: Mapping[str, str]) -> list[Piece]:
    """As it stands while it is being filled in."""
    found = []
    for part in parts:
        text = half_filled(part.text, values)
        recorded = is_recorded(part)
        found.append(Piece(text, "" if recorded else spelled_out(text), part.recording if recorded else None))
    return found


def draft_from(
    template: Template, by: User, villages: Iterable[Village], values: Mapping[str, str]
) -> Broadcast:
    """A draft with the template's words, read aloud where nobody recorded them. Raises BadWording, BadSound."""
    parts = parts_of(template)
    texts = [fill(part.text, values) for part in parts]
    if any(map(is_recorded, parts)):
        sound = joined([_sound_of(part, text) for part, text in zip(parts, texts, strict=True)])
        source = Recording.Source.JOINED
    else:
        sound, source = spoken("\n".join(texts)), Recording.Source.TEXT
    recording = keep(sound, source, by)
    with transaction.atomic():
        draft = Broadcast.objects.create(
            author=by,
            category=template.category,
            lane=lane_of(template.category),
            text="\n".join(texts),
            recording=recording,
            template=template,
        )
        draft.villages.set(villages)
    return draft


def _sound_of(part: TemplatePart, text: str) -> str | bytes:
    if not is_recorded(part):
        return text
    with part.recording.file.open("rb") as file:  # type: ignore[union-attr]
        data: bytes = file.read()
    return data


def write_template(
    template_id: int | None,
    by: User | None,
    about: dict[str, Any],
    parts: Sequence[tuple[str, Recording | None]],
) -> Template:
    """A new one, or all of one anew. `about`: name, category, sender, agreed, is_active. What was sent with it keeps
    its own words. Raises Template.DoesNotExist, NameTaken."""
    try:
        with transaction.atomic():
            if template_id is None:
                template = Template.objects.create(**about, made_by=by)
            else:
                template = Template.objects.select_for_update(of=("self",)).get(pk=template_id)
                for name, value in about.items():
                    setattr(template, name, value)
                template.save(update_fields=list(about))
                template.parts.all().delete()
            TemplatePart.objects.bulk_create(
                TemplatePart(template=template, order=order, text=text, recording=recording)
                for order, (text, recording) in enumerate(parts, 1)
            )
    except IntegrityError as error:
        if "name" in str(error):
            raise NameTaken from error
        raise
    return template
