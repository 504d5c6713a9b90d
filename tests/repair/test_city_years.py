"""The programme year: opened, its dates, dated rules, prices, contractor. All on record, nothing decided is changed."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from people.grants import CannotGrant
from people.models import User
from privacy.models import AccessRecord
from repair import technicians, visits, workflow, years
from repair.groups import Group
from repair.models import Case, PriceItem, Programme, Rule, TechnicianPost, Visit
from repair.states import State
from repair.years import CannotChange, RuleWritten
from tests import make, make_repair

pytestmark = pytest.mark.django_db
WAIT = Programme.WhenSpent.WAIT


@pytest.fixture
def officer() -> User:
    return make_repair.repair_officer()


@pytest.fixture
def programme() -> Programme:
    return make_repair.programme()


def written(valid_from: date, **fields) -> RuleWritten:
    given = {
        "groups": [Group.DISABLED, Group.VETERAN],
        "cap_won": 250_000,
        "organisation_devices": 3,
        "once_a_year": True,
        "working_days": 5,
        "counts_first_day": True,
        "source": "시험 공고",
    }
    return RuleWritten(valid_from=valid_from, **{**given, **fields})


def test_a_new_year_takes_over_rule_prices_and_contractor(programme: Programme, officer: User) -> None:
    years.end_price(programme.prices.get(name="점검").pk, officer)
    year = programme.year + 1
    made = years.open_year(year, date(year, 1, 5), date(year, 12, 20), WAIT, officer, like=programme)
    assert made.contractor == programme.contractor
    [rule] = made.rules.all()
    old = programme.rules.get()
    assert (rule.valid_from, rule.made_by) == (date(year, 1, 5), officer)
    assert (rule.groups, rule.cap_won, rule.source) == (old.groups, old.cap_won, old.source)
    assert set(made.prices.values_list("name", flat=True)) == {"SSD 256GB", "그래픽 카드"}
    assert (made.budget_won, made.left_won) == (0, 0)
    record = AccessRecord.objects.first()
    assert record.identifier == officer.username
    assert "사업연도를 엶" in record.detail


def test_a_year_is_opened_once_and_days_belong_to_one_year(programme: Programme, officer: User) -> None:
    year = programme.year
    later = date(year + 1, 1, 2), date(year + 1, 12, 31)
    with pytest.raises(CannotChange, match="이미 있습니다"):
        years.open_year(year, *later, WAIT, officer)
    with pytest.raises(CannotChange, match="겹칩니다"):
        years.open_year(year + 1, date(year, 12, 31), later[1], WAIT, officer)
    with pytest.raises(CannotChange, match="늦은 날"):
        years.open_year(year + 1, later[1], later[0], WAIT, officer)
    years.open_year(year + 1, *later, WAIT, officer)
    with pytest.raises(CannotChange, match="겹칩니다"):
        years.change_dates(year, programme.opens_on, later[0], WAIT, officer)
    changed = years.change_dates(
        year, programme.opens_on, date(year, 11, 30), Programme.WhenSpent.CLOSE, officer
    )
    assert (changed.closes_on, changed.when_spent) == (date(year, 11, 30), "close")


def test_a_rule_holds_from_today_at_the_earliest(programme: Programme, officer: User) -> None:
    today = timezone.localdate()
    for day in (
        today - timedelta(days=1),
        programme.opens_on - timedelta(days=1),
        date(today.year + 1, 6, 1),
    ):
        with pytest.raises(CannotChange, match="이미 결정한 건은 바뀌지 않습니다"):
            years.add_rule(programme.year, written(day), officer)
    rule = years.add_rule(programme.year, written(today), officer)
    assert Rule.objects.in_force(programme, today).first() == rule
    assert rule.made_by == officer
    assert AccessRecord.objects.filter(detail__contains="새 기준").exists()


def test_decided_cases_keep_the_rule_by_which_they_were_decided(programme: Programme, officer: User) -> None:
    decided = make_repair.selected()
    waiting = make_repair.confirmed()
    years.add_rule(programme.year, written(timezone.localdate()), officer)
    before = decided.rule, decided.cap_won, decided.deadline_on
    decided.refresh_from_db()
    assert (decided.rule, decided.cap_won, decided.deadline_on) == before
    workflow.select(waiting.pk, make_repair.staff(officer))
    assert Case.objects.get(pk=waiting.pk).cap_won == 250_000


def test_the_first_rule_of_a_year_may_hold_from_its_first_day(officer: User) -> None:
    today = timezone.localdate()
    opens = date(today.year, 1, 1)
    bare = Programme.objects.create(year=today.year, opens_on=opens, closes_on=date(today.year, 12, 31))
    assert years.add_rule(bare.year, written(opens), officer).valid_from == opens
    with pytest.raises(CannotChange):
        years.add_rule(bare.year, written(opens - timedelta(days=1)), officer)
    if opens < today:
        with pytest.raises(CannotChange):
            years.add_rule(bare.year, written(opens), officer)


def test_prices_end_and_begin_and_what_was_listed_stays(programme: Programme, officer: User) -> None:
    visit = make_repair.visit()
    make_repair.lines(visit, ["SSD 256GB"])
    item = programme.prices.get(name="SSD 256GB")
    with pytest.raises(CannotChange, match="이미 단가표에"):
        years.add_price(programme.year, "part", "SSD 256GB", 1, officer)
    new = years.change_price(item.pk, 70_000, officer)
    assert (new.price_won, new.is_active, new.pk != item.pk) == (70_000, True, True)
    assert not PriceItem.objects.get(pk=item.pk).is_active
    assert visit.lines.get().price_won == 60_000
    assert years.change_price(new.pk, 70_000, officer).pk == new.pk
    with pytest.raises(CannotChange):
        years.change_price(item.pk, 1, officer)
    years.end_price(new.pk, officer)
    years.end_price(new.pk, officer)
    assert AccessRecord.objects.filter(detail__contains="단가 끝냄").count() == 2


def test_another_contractor_gets_what_is_selected_from_now_on(programme: Programme, officer: User) -> None:
    before = make_repair.selected()
    other = make_repair.contractor()
    years.set_contractor(programme.year, other, officer)
    after = make_repair.selected()
    before.refresh_from_db()
    assert (before.contractor, after.contractor) == (programme.contractor, other)
    other.is_active = False
    other.save()
    with pytest.raises(CannotChange):
        years.set_contractor(programme.year, other, officer)


def test_technicians_are_appointed_once_and_for_one_contractor(programme: Programme, officer: User) -> None:
    user, contractor = make.user(), make_repair.contractor()
    post = technicians.appoint(user.username.upper(), contractor, reason="계약", by=officer)
    assert technicians.appoint(user.username, contractor, reason="계약", by=officer) == post
    record = AccessRecord.objects.filter(action="grant").get()
    assert (record.identifier, record.subjects) == (officer.username, [f"people.user:{user.pk}"])
    with pytest.raises(CannotGrant, match="그곳에서 먼저"):
        technicians.appoint(user.username, make_repair.contractor(), reason="계약", by=officer)
    for name in ("nobody", make.user(phone="+821099990001", phone_index="x", phone_sign_in=True).username):
        with pytest.raises(CannotGrant, match="그런 직원 아이디가 없습니다"):
            technicians.appoint(name, contractor, reason="계약", by=officer)
    with pytest.raises(CannotGrant, match="닫은"):
        technicians.appoint(make.user(is_active=False).username, contractor, reason="계약", by=officer)
    contractor.is_active = False
    contractor.save()
    with pytest.raises(CannotGrant, match="쓰지 않는 업체"):
        technicians.appoint(make.user().username, contractor, reason="계약", by=officer)
    with pytest.raises(CannotGrant, match="이미 있는 업체"):
        technicians.add_contractor(contractor.name, "", officer)


@pytest.mark.parametrize("how", ["taken", "arrived", "asked"])
def test_who_is_dismissed_gives_back_what_they_had(programme: Programme, officer: User, how: str) -> None:
    visit = make_repair.visit(arrived=how != "taken")
    if how == "asked":
        make_repair.lines(visit, ["그래픽 카드", "SSD 256GB"])
        visits.ask_consent(visit.pk, make_repair.technician_actor(visit.technician))
    post = TechnicianPost.objects.get(user=visit.technician)
    assert technicians.dismiss(post, reason="퇴사", by=officer) == 1
    case = Case.objects.get(pk=visit.case_id)
    visit.refresh_from_db()
    assert (case.state, visit.ended_at is None) == (State.SELECTED, False)
    assert visit.end == (Visit.End.GIVEN_BACK if how == "taken" else Visit.End.BROKEN_OFF)
    assert not Case.objects.for_user(User.objects.get(pk=visit.technician_id)).exists()
    colleague = make_repair.technician(case.contractor)
    assert visits.take(case.pk, make_repair.technician_actor(colleague)).technician == colleague
    assert technicians.dismiss(post, reason="퇴사", by=officer) == 0


def test_a_visit_whose_technician_was_closed_is_free_again(programme: Programme, officer: User) -> None:
    from people.accounts import close_account

    held, stays = make_repair.visit(arrived=False), make_repair.visit(arrived=False)
    close_account(held.technician, reason="퇴사", by=officer)
    assert technicians.free_visits_of_nobody() == 1
    held.refresh_from_db()
    stays.refresh_from_db()
    assert (held.ended_at is None, stays.ended_at) == (False, None)
    assert technicians.free_visits_of_nobody() == 0
