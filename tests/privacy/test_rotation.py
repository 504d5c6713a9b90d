"""Rotating keys online: in steps, from where it stopped, and everybody reads all the while."""

import base64

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from people.models import Resident
from privacy import rotation
from privacy.models import Rotation
from privacy.sealing import key_of
from privacy.tasks import rotate
from repair import paper_store, papers
from repair.models import Paper
from tests import make, make_repair
from tests.privacy.mine.test_requests import officer
from tests.repair.access_cast import photo

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()
#: Two of its batches and a bit.
ROWS = 1_100

pytestmark = pytest.mark.django_db


@pytest.fixture
def residents(settings) -> list[Resident]:
    settings.DATA_KEYS = OLD
    made = Resident.objects.bulk_create(Resident(name=f"예시 {n}", phone=f"+8210{n:08}") for n in range(ROWS))
    settings.DATA_KEYS = f"{NEW},{OLD}"
    return made


def old_left() -> int:
    return sum(key_of(sealed.data) == b"old" for sealed in Resident.objects.values_list("name", flat=True))


def test_in_steps_and_on_from_where_it_died(
    residents: list[Resident], monkeypatch: pytest.MonkeyPatch
) -> None:
    started = rotation.start(make.user())
    assert rotation.start(make.user()) == started
    done = []

    def dies(field, after, batch=rotation.BATCH):
        if len(done) == 1 and field.name == "name":
            raise MemoryError
        done.append(field.name)
        return real(field, after, batch)

    real = rotation.reseal_some
    monkeypatch.setattr(rotation, "reseal_some", dies)
    monkeypatch.setattr(rotation, "sealed_fields", lambda: iter([Resident.name.field, Resident.phone.field]))
    with pytest.raises(MemoryError):
        rotation.step()
    assert old_left() == ROWS - rotation.BATCH
    column = started.columns.get(column="people.Resident.name")
    assert (column.looked, column.moved, column.is_done) == (rotation.BATCH, rotation.BATCH, False)
    monkeypatch.setattr(rotation, "reseal_some", real)
    assert rotation.step() == 2 * ROWS - rotation.BATCH
    started.refresh_from_db()
    assert started.finished_at and old_left() == 0
    column.refresh_from_db()
    assert column.moved == ROWS
    assert {one.name for one in Resident.objects.all()} == {f"예시 {n}" for n in range(ROWS)}
    assert rotation.step() == 0


def test_what_was_sealed_behind_its_back_is_moved_too(residents: list[Resident], settings) -> None:
    """A process that was not started anew yet seals with the old key while, and after, its column was done."""
    started = rotation.start(make.user())
    columns = started.columns.exclude(column="people.Resident.phone")
    columns.update(is_done=True)
    both, settings.DATA_KEYS = settings.DATA_KEYS, f"{OLD},{NEW}"
    assert rotation.step() == 0  # such a worker does nothing
    Resident.objects.create(name="늦은 예시", phone="+821099998888")
    settings.DATA_KEYS = both
    while rotation.step():
        pass
    started.refresh_from_db()
    assert started.finished_at and old_left() == rotation.to_move() == 0
    page = make.signed_in(Client(), officer()).get("/privacy/keys/").content.decode()
    assert "빼도 됩니다" in page
    settings.DATA_KEYS = f"{OLD},{NEW}"
    Resident.objects.create(name="더 늦은 예시", phone="+821099997777")
    settings.DATA_KEYS = both
    assert "아직 빼지 마세요" in make.signed_in(Client(), officer()).get("/privacy/keys/").content.decode()


def test_another_key_in_front_begins_anew(residents: list[Resident], settings) -> None:
    first = rotation.start(make.user())
    newer = "newer:" + base64.b64encode(b"m" * 32).decode()
    settings.DATA_KEYS = f"{newer},{settings.DATA_KEYS}"
    assert rotation.step() == 0
    second = rotation.start(make.user())
    assert (second.key, Rotation.objects.count()) == ("newer", 1) and second.pk != first.pk
    while rotation.step():
        pass
    assert {key_of(one.data) for one in Resident.objects.values_list("name", flat=True)} == {b"newer"}


def test_a_paper_without_its_file_stops_nothing(residents: list[Resident]) -> None:
    make_repair.programme()
    case = make_repair.case()
    papers.take_in([photo()], Paper.Kind.EVIDENCE, case=case, by=make_repair.CITIZEN)
    paper = Paper.objects.get()
    paper_store.remove(paper.file)
    started = rotation.start(make.user())
    while rotation.step():
        pass
    started.refresh_from_db()
    assert started.finished_at


def test_no_budget_no_more_than_it_may(residents: list[Resident]) -> None:
    rotation.start(make.user())
    assert rotation.step(budget=-1) == 0
    assert old_left() == ROWS


def test_only_one_at_a_time_says_the_database() -> None:
    Rotation.objects.create(key="a", started_by=make.user())
    with pytest.raises(IntegrityError, match="one_rotation"), transaction.atomic():
        Rotation.objects.create(key="b", started_by=make.user())


def test_the_officer_starts_it_and_sees_how_far_it_is(residents: list[Resident], settings) -> None:
    client = make.signed_in(Client(), officer())
    page = client.get("/privacy/keys/").content.decode()
    assert "new" in page and "예전 열쇠" in page and settings.DATA_KEYS[4:20] not in page
    assert client.post("/privacy/keys/").status_code == 302
    assert "바꾸는 중" in client.get("/privacy/keys/").content.decode()
    rotate()
    settings.DATA_KEYS = NEW
    done = client.get("/privacy/keys/").content.decode()
    assert "마지막으로 바꾼 때" in done and "예전 열쇠: 열기만" not in done
    assert Resident.objects.get(pk=residents[0].pk).name == "예시 0"
    assert make.signed_in(Client(), make.clerk()).get("/privacy/keys/").status_code == 403
