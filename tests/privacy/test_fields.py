"""A sealed column opens in its own row and nowhere else, and nothing but sealed text gets in or out."""

import pickle

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import Message, Resident, User
from privacy.fields import EncryptedTextField, SealBroken, Sealed, opened
from privacy.sealing import SHORTEST, place, seal, unseal

pytestmark = pytest.mark.django_db

TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)


def stored(row: models.Model, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


def store(row: models.Model, column: str, data: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [data, row.pk])


def resident(**fields: str) -> Resident:
    return Resident.objects.create(
        **{"name": "홍길동", "phone": "+821012345678", "address": "진주시 문산읍", **fields}
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXTS)
def test_any_text_comes_back(text: str) -> None:
    made = resident(name=text)
    assert Resident.objects.get(pk=made.pk).name == text


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, where=st.lists(st.text(max_size=20), max_size=4), data=st.data())
def test_no_changed_byte_opens(text: str, where: list[str], data: st.DataObject) -> None:
    sealed = seal(text, place(*where))
    assert unseal(sealed, place(*where)) == text
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        unseal(bytes(changed), place(*where))


@settings(max_examples=200, deadline=None)
@given(junk=st.binary(max_size=100))
def test_no_junk_opens(junk: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(junk, b"")


@settings(max_examples=200, deadline=None)
@given(one=st.lists(st.text(max_size=5), max_size=4), other=st.lists(st.text(max_size=5), max_size=4))
def test_no_two_places_are_alike(one: list[str], other: list[str]) -> None:
    assert (place(*one) == place(*other)) == (one == other)


def test_nothing_readable_is_stored() -> None:
    made = resident()
    data = stored(made, "name")
    assert "홍길동".encode() not in data
    assert len(data) == len("홍길동".encode()) + SHORTEST + 1  # key id "k1"
    assert stored(resident(), "name") != data  # a nonce each


def test_a_flipped_byte_refuses() -> None:
    made = resident()
    data = bytearray(stored(made, "phone"))
    for at in (0, 1, 2, 5, 20, len(data) - 1):
        flipped = bytearray(data)
        flipped[at] ^= 1
        store(made, "phone", bytes(flipped))
        with pytest.raises(SealBroken):
            _ = Resident.objects.get(pk=made.pk).phone


def test_another_row_refuses() -> None:
    one, other = resident(), resident(name="김영희")
    store(one, "name", stored(other, "name"))
    found = Resident.objects.get(pk=one.pk)
    with pytest.raises(SealBroken):
        _ = found.name
    assert found.phone == "+821012345678"


def test_another_column_refuses() -> None:
    made = resident()
    store(made, "address", stored(made, "name"))
    with pytest.raises(SealBroken):
        _ = Resident.objects.get(pk=made.pk).address


def test_another_table_refuses() -> None:
    made = resident()
    user = User.objects.create_user("someone", pk=made.pk, name="다른 사람")
    store(user, "name", stored(made, "name"))
    with pytest.raises(SealBroken):
        _ = User.objects.get(pk=made.pk).name


def test_plain_text_in_the_column_refuses() -> None:
    made = resident()
    for plain in (b"", b"\x01", "홍길동".encode(), b"\x01\x02k1" + b"a" * 40):
        store(made, "name", plain)
        with pytest.raises(SealBroken):
            _ = Resident.objects.get(pk=made.pk).name


def test_a_key_that_is_gone_refuses(settings) -> None:
    made = resident()
    settings.DATA_KEYS = "k2:" + "A" * 43 + "="
    with pytest.raises(SealBroken, match="DATA_KEYS"):
        _ = Resident.objects.get(pk=made.pk).name


def test_the_error_says_where_but_not_what() -> None:
    made = resident()
    store(made, "name", "홍길동의 비밀".encode() * 5)
    with pytest.raises(SealBroken) as caught:
        _ = Resident.objects.get(pk=made.pk).name
    assert "people.Resident.name" in str(caught.value)
    assert "비밀" not in str(caught.value)


def test_every_way_of_reading_and_saving() -> None:
    made = resident()
    assert made.name == "홍길동"
    made.name = "홍길순"
    made.save()
    assert Resident.objects.only("phone").get(pk=made.pk).name == "홍길순"
    assert Resident.objects.defer("name").get(pk=made.pk).name == "홍길순"
    made.name = "홍길남"
    made.save(update_fields=["name"])
    other = Resident.objects.get(pk=made.pk)
    made.name = "안 저장함"
    made.refresh_from_db()
    assert made.name == other.name == "홍길남"
    other.refresh_from_db(fields=["name"])
    assert other.name == "홍길남"
    assert pickle.loads(pickle.dumps(Resident.objects.get(pk=made.pk))).name == "홍길남"


def test_a_value_that_was_not_read_is_written_back_as_it_was() -> None:
    made = resident()
    data = stored(made, "name")
    found = Resident.objects.get(pk=made.pk)
    found.phone = ""
    found.save()
    assert stored(made, "name") == data
    assert Resident.objects.get(pk=made.pk).phone == ""


def test_bulk_create_and_many_rows() -> None:
    rows = [Message(key=str(n), to=f"+8210{n:08}", text="가" * n, due_at=timezone.now()) for n in range(50)]
    Message.objects.bulk_create(rows)
    assert {m.key: m.text for m in Message.objects.all()} == {str(n): "가" * n for n in range(50)}
    assert {key: text for _, text, key in opened(Message.objects.all(), "text", "key")} == {
        str(n): "가" * n for n in range(50)
    }


def test_what_was_not_read_was_not_opened() -> None:
    made = resident()
    store(made, "name", b"not sealed at all, and it does not matter here")
    assert Resident.objects.get(pk=made.pk).phone == "+821012345678"


def test_querysets_neither_write_nor_search_plain_text() -> None:
    made = resident()
    with pytest.raises(FieldError, match="blind index"):
        Resident.objects.filter(name="홍길동")
    with pytest.raises(FieldError, match="blind index"):
        Resident.objects.filter(name__icontains="홍")
    with pytest.raises(FieldError, match="blind index"):
        Resident.objects.exclude(name__in=["홍길동"])
    with pytest.raises(TypeError, match=r"save\(\)"), transaction.atomic():
        Resident.objects.filter(pk=made.pk).update(name="홍길순")
    with pytest.raises(TypeError, match=r"save\(\)"), transaction.atomic():
        Resident.objects.bulk_update([made], ["name"])
    with pytest.raises(TypeError, match="text"), transaction.atomic():
        resident(name=12345)  # type: ignore[arg-type]
    assert Resident.objects.get(pk=made.pk).name == "홍길동"


def test_values_stay_sealed() -> None:
    resident()
    (value,) = Resident.objects.values_list("name", flat=True)
    assert isinstance(value, Sealed)
    assert repr(value) == str(value) == "<sealed>"


def test_fixtures_hold_no_plain_text() -> None:
    made = resident()
    with pytest.raises(TypeError, match="fixtures"):
        Resident.name.field.value_to_string(made)


def test_a_model_must_know_its_key_before_it_is_written() -> None:
    class Counted(models.Model):
        secret = EncryptedTextField()

        class Meta:
            app_label = "people"
            managed = False

        def __str__(self) -> str:
            return ""

    try:
        assert [e.id for e in Counted.check() if e.id and e.id.startswith("privacy")] == ["privacy.E002"]
        with pytest.raises(ValueError, match="primary key"):
            Counted.secret.field.seal("x", None)
    finally:
        del Counted._meta.apps.all_models["people"]["counted"]
        Counted._meta.apps.clear_cache()
