"""A programme year and what is settled about it: opened, its dates, dated rules, prices, who repairs. All on record.

Nothing here touches a case that was decided: it keeps its rule, its cap and its prices.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from people.models import User
from privacy.access import Action, record

from .models import Case, Contractor, PriceItem, Programme, Rule


class CannotChange(ValueError):
    """Its text says in Korean why not, and what to do."""


@dataclass(frozen=True)
class RuleWritten:
    """What a dated rule says (models.Rule)."""

    valid_from: date
    groups: Sequence[str]
    cap_won: int
    organisation_devices: int
    once_a_year: bool
    working_days: int
    counts_first_day: bool
    source: str


def _recorded(programme: Programme, by: User, what: str) -> None:
    record(None, Action.CHANGE, [programme], f"무상수리 {programme}: {what}", who=by.get_username())


def _check_dates(year: int, opens_on: date, closes_on: date) -> None:
    """One day belongs to one year: else nobody could say by which rule an application is filed."""
    if closes_on < opens_on:
        raise CannotChange("접수 끝을 접수 시작보다 늦은 날로 적어 주세요.")
    others = Programme.objects.exclude(year=year).filter(opens_on__lte=closes_on, closes_on__gte=opens_on)
    if other := others.first():
        raise CannotChange(
            f"{other} 접수 기간({other.opens_on:%Y-%m-%d} ~ {other.closes_on:%Y-%m-%d})과 겹칩니다."
        )


@transaction.atomic
def open_year(
    year: int, opens_on: date, closes_on: date, when_spent: str, by: User, *, like: Programme | None = None
) -> Programme:
    """A new year, without money. `like`: its rule, live prices and contractor are copied. CannotChange."""
    _check_dates(year, opens_on, closes_on)
    try:
        with transaction.atomic():
            programme = Programme.objects.create(
                year=year,
                opens_on=opens_on,
                closes_on=closes_on,
                when_spent=when_spent,
                contractor=like.contractor if like else None,
            )
    except IntegrityError:
        raise CannotChange(f"{year}년 사업은 이미 있습니다. 그 연도의 화면에서 고쳐 주세요.") from None
    rule = like.rules.first() if like else None
    if rule is not None:
        rule.pk, rule._state.adding = None, True
        rule.programme, rule.valid_from, rule.made_by = programme, opens_on, by
        rule.save()
    if like:
        PriceItem.objects.bulk_create(
            PriceItem(programme=programme, kind=item.kind, name=item.name, price_won=item.price_won)
            for item in like.prices.filter(is_active=True)
        )
    copied = f", {like}의 기준과 단가표를 이어받음" if like else ""
    _recorded(programme, by, f"사업연도를 엶 ({opens_on} ~ {closes_on}){copied}")
    return programme


@transaction.atomic
def change_dates(year: int, opens_on: date, closes_on: date, when_spent: str, by: User) -> Programme:
    """When applications are taken, and what happens once the money is spent. Whoever filed already stays."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=year)
    _check_dates(year, opens_on, closes_on)
    programme.opens_on, programme.closes_on, programme.when_spent = opens_on, closes_on, when_spent
    programme.save(update_fields=["opens_on", "closes_on", "when_spent"])
    said = programme.get_when_spent_display()
    _recorded(programme, by, f"접수 기간 {opens_on} ~ {closes_on}, 예산이 다하면 {said}")
    return programme


@transaction.atomic
def add_rule(year: int, written: RuleWritten, by: User) -> Rule:
    """From `valid_from` on, today at the earliest: no decision rests on a rule that came after it. CannotChange.

    The first rule of a year may hold from its first day: without one nobody could file.
    """
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=year)
    first = not programme.rules.exists() and not Case.objects.filter(programme=programme).exists()
    earliest = programme.opens_on if first else max(programme.opens_on, timezone.localdate())
    if not earliest <= written.valid_from <= max(programme.closes_on, earliest):
        raise CannotChange(
            f"적용하는 날을 {earliest:%Y-%m-%d}부터 {max(programme.closes_on, earliest):%Y-%m-%d} 사이로"
            " 적어 주세요. 이미 결정한 건은 바뀌지 않습니다."
        )
    rule = Rule.objects.create(
        programme=programme, made_by=by, **{**asdict(written), "groups": list(written.groups)}
    )
    _recorded(programme, by, f"{written.valid_from}부터 새 기준 (근거: {written.source})")
    return rule


@transaction.atomic
def add_price(year: int, kind: str, name: str, won: int, by: User) -> PriceItem:
    """A part or a piece of work. CannotChange if that name has a price: end it first, or change it."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=year)
    if programme.prices.filter(name=name, is_active=True).exists():
        raise CannotChange(f"‘{name}’은 이미 단가표에 있습니다. 값이 바뀌었으면 ‘값 바꾸기’를 눌러 주세요.")
    item = PriceItem.objects.create(programme=programme, kind=kind, name=name, price_won=won)
    _recorded(programme, by, f"단가 더함: {item}")
    return item


@transaction.atomic
def end_price(pk: int, by: User) -> PriceItem:
    """Nobody adds it to a visit any more; what was added stays as it was. Twice does nothing more."""
    item = PriceItem.objects.select_for_update(of=("self",)).select_related("programme").get(pk=pk)
    if item.is_active:
        item.is_active = False
        item.save(update_fields=["is_active"])
        _recorded(item.programme, by, f"단가 끝냄: {item}")
    return item


@transaction.atomic
def change_price(pk: int, won: int, by: User) -> PriceItem:
    """The old price ends and a new one begins. CannotChange if it has ended meanwhile."""
    item = PriceItem.objects.select_for_update(of=("self",)).get(pk=pk)
    if not item.is_active:
        raise CannotChange("이미 끝낸 단가입니다. 새 단가로 더해 주세요.")
    if item.price_won == won:
        return item
    end_price(pk, by)
    return add_price(item.programme_id, item.kind, item.name, won, by)


@transaction.atomic
def set_contractor(year: int, contractor: Contractor, by: User) -> Programme:
    """Who repairs what is selected from now on. CannotChange if the contractor is not in use."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=year)
    if not contractor.is_active:
        raise CannotChange(f"{contractor}: 지금 쓰지 않는 업체입니다.")
    programme.contractor = contractor
    programme.save(update_fields=["contractor"])
    _recorded(programme, by, f"올해의 수리 업체: {contractor}")
    return programme
