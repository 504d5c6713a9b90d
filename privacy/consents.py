"""동의: asked for one purpose at a time, in words that have a version; what was said is kept, with the words' hash.

Each app's consent_texts.py registers its texts, found when the portal starts. A text that changes gets a new
version: nobody agreed to words that were written afterwards.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from .access import SYSTEM, Action, identifier, record, subject
from .models import Consent, ConsentWording

#: Whoever is younger agrees through a guardian (개인정보 보호법 제22조의2): 만 나이, years.
OF_AGE = 14
GUARDIAN = "만 14세가 안 된 분은 부모님이나 보호자께서 본인 휴대전화로 대신 신청해 주세요."


def needs_guardian(born: str, on: date) -> bool:
    """`born`: YYYY-MM-DD, or YYYY alone, of whom nobody knows whether they had their birthday yet: they count as
    younger. "": not told, so nobody is asked."""
    if not born:
        return False
    year = int(born[:4])
    if len(born) == 4:
        return on.year - year <= OF_AGE
    return f"{year + OF_AGE}{born[4:]}" > on.isoformat()


#: Key of a text → whether it was agreed to.
Consents = Mapping[str, bool]


@dataclass(frozen=True)
class ConsentText:
    """One purpose. 개인정보 보호법 제15조 제2항: purpose, items, how long, and what refusing means must be told.

    `sensitive`: 제23조, asked apart. `needed`: without it there is no such service; an optional one changes nothing.
    """

    key: str
    version: int
    label: str
    purpose: str
    items: str
    keeps: str
    refusing: str
    sensitive: bool = False
    needed: bool = True
    #: What is destroyed at once when it is withdrawn: given whose (subject). None: the law keeps the rest (제36조), or
    #: nothing is held because of it.
    withdrawn: Callable[[str], None] | None = None

    @property
    def words(self) -> str:
        return "\n".join((self.label, self.purpose, self.items, self.keeps, self.refusing))

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.words.encode()).hexdigest()


_texts: dict[str, ConsentText] = {}


def register(text: ConsentText) -> ConsentText:
    """ValueError if the key is taken."""
    if text.key in _texts:
        raise ValueError(f"{text.key} is registered twice")
    _texts[text.key] = text
    return text


def text(key: str) -> ConsentText:
    """The words that are asked now. KeyError."""
    return _texts[key]


def known(consent: Consent) -> ConsentText | None:
    """The words to which somebody said it; None if they were changed since, or are asked no more."""
    now = _texts.get(consent.key)
    return now if now and now.sha256 == consent.text_sha256 else None


def texts() -> list[ConsentText]:
    return [text for _, text in sorted(_texts.items())]


def keep_wordings() -> None:
    """The words of every text, once for good (after each `migrate`), so that the hash in a consent leads to them.

    ValueError for words that were changed without a new version: nobody agreed to them.
    """
    kept = {(one.key, one.version): one for one in ConsentWording.objects.all()}
    for text in texts():
        known_words = kept.get((text.key, text.version))
        if known_words is None:
            wording = ConsentWording(key=text.key, version=text.version, sha256=text.sha256, words=text.words)
            wording.seal()
            wording.save(force_insert=True)
        elif known_words.sha256 != text.sha256:
            raise ValueError(f"{text.key}: its words changed without a new version")


def rows(said: Consents, who: str) -> list[dict[str, object]]:
    """What is kept of it, but for whose it is and when: columns of Consent. `who`: whose hand pressed."""
    return [
        {
            "key": key,
            "version": text(key).version,
            "text_sha256": text(key).sha256,
            "agreed": agreed,
            "identifier": who[:150],
        }
        for key, agreed in said.items()
    ]


def keep_consents(
    person: models.Model, said: Consents, request: HttpRequest | None, who: str | None = None
) -> list[Consent]:
    """Adds what somebody said, in the caller's transaction. `who`: whose hand pressed, if there is no request."""
    if who is None:
        who = SYSTEM if request is None else identifier(request)
    return [Consent.objects.create(subject=subject(person), **row) for row in rows(said, who)]


@transaction.atomic
def withdraw(request: HttpRequest, consent: Consent) -> Consent:
    """동의 철회 (제37조), from now on; twice does nothing more. What is held because of it alone is destroyed now."""
    held = Consent.objects.select_for_update().get(pk=consent.pk)
    if held.withdrawn_at is None:
        held.withdrawn_at = timezone.now()
        held.save(update_fields=["withdrawn_at"])
        asked = _texts.get(held.key)
        if asked and asked.withdrawn:
            asked.withdrawn(held.subject)
        record(request, Action.CHANGE, [held.subject], f"동의를 거둠: {asked.label if asked else held.key}")
    return held
