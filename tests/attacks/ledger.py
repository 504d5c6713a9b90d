"""make attack-ledger: 10,000 random attacks on the ledger by whoever owns the database, and what the verifier says.

Each attack changes the rows with all triggers off, as deep as its depth says, in a transaction that is taken back
after the ledger was exported and checked:

    1 records    2 and their commitments    3 and leaves    4 and stored tiles    5 and checkpoints, with the stolen key

Right is what finds it, names its place (exactly, or between two checkpoints of a witness where nothing narrower can
be known), and accuses no other place. After every tenth attack the untouched ledger is checked: nothing may be wrong.
Ends with 1 if one attack was missed or one entry accused.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from people.demo_clock import clock_at  # noqa: E402
from privacy import verify_ledger  # noqa: E402
from privacy.ledger import checkpoints, expiry, export, merkle, notes, signing, tree  # noqa: E402
from privacy.ledger.sequence import sequence  # noqa: E402
from privacy.models import AccessRecord, Checkpoint, Leaf, Tile  # noqa: E402
from tests.privacy.ledger import things  # noqa: E402

#: (entries, share of the attacks).
SIZES = [(200, 0.90), (600, 0.08), (2000, 0.02)]
CHECKPOINTS = 12
EMPTY_ALL = (
    "TRUNCATE privacy_accessrecord, privacy_erasure, privacy_destruction, privacy_consentwording, privacy_leaf,"
    " privacy_tile, privacy_checkpoint CASCADE"
)


@dataclass
class City:
    """A ledger with its past: some entries expired, some erased. `places`: of entries whose record is there."""

    size: int
    witness: verify_ledger.Witness
    earlier: verify_ledger.Witness
    places: list[int]
    sizes: list[int]
    keys: list[str]


def build(size: int) -> City:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(EMPTY_ALL)
        cursor.execute("SET session_replication_role = origin")
    long_ago = timezone.now() - timedelta(days=800)
    things.written(size // 10, long_ago)
    made = [checkpoints.make(long_ago + timedelta(minutes=5))]
    with clock_at(timezone.now() - timedelta(minutes=10 * CHECKPOINTS)):  # its line is of then, too
        expiry.forget()
    for n in range(CHECKPOINTS):
        at = timezone.now() - timedelta(minutes=10 * (CHECKPOINTS - 1 - n))
        things.written((size - size // 10 - 3) // CHECKPOINTS, at - timedelta(minutes=1))
        if n == 1:
            with clock_at(at):
                for row in AccessRecord.objects.order_by("?")[:3]:
                    expiry.erase(row, "시험", subjects=["(지움)"] * len(row.subjects))
        made.append(checkpoints.make(at))
    signed = [checkpoint for checkpoint in made if checkpoint]
    kept = {
        bytes(c) for c in AccessRecord.objects.filter(salt__isnull=False).values_list("commitment", flat=True)
    }
    leaves = Leaf.objects.order_by("position")
    return City(
        size=tree.size(),
        witness=things.notes(signed),
        earlier=verify_ledger.Witness("감사", [], exported().own_hashes()),
        places=[leaf.position for leaf in leaves if bytes(leaf.commitment) in kept],
        sizes=[0, *(checkpoint.size for checkpoint in signed)],
        keys=things.keys(),
    )


def exported() -> verify_ledger.Export:
    """As the file would be read, without the file."""
    parts = {name: list(lines) for name, lines in export.parts().items() if name != "witnesses.jsonl"}
    signed = "\n".join(line["note"] for line in parts["checkpoints.jsonl"])
    return verify_ledger.Export(
        export.manifest(),
        parts["leaves.jsonl"],
        parts["records.jsonl"],
        parts["tiles.jsonl"],
        list(verify_ledger.notes_in(signed)),
    )


@dataclass
class Attack:
    """`touched`: places where something was done; `rest`: from there on nothing is as it was. `record`: one that has
    no place."""

    name: str
    touched: set[int] = field(default_factory=set)
    rest: bool = False
    record: int | None = None


Line = tuple[str, datetime, bytes]


def order() -> list[Line]:
    rows = Leaf.objects.order_by("position").values_list("kind", "at", "commitment")
    return [(kind, at, bytes(commitment)) for kind, at, commitment in rows]


def rewrite(city: City, lines: list[Line], depth: int, begin: int) -> None:
    """Writes leaves, and what hangs on them as deep as asked. `begin`: the first place that is another one."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM privacy_leaf WHERE position >= %s", [begin])
    Leaf.objects.bulk_create(
        Leaf(kind=kind, at=at, commitment=commitment, position=begin + n)
        for n, (kind, at, commitment) in enumerate(lines[begin:])
    )
    if depth >= 4:
        Tile.objects.all()._raw_delete("default")
        tree.grow(0, tree.hashes_of(lines))
    if depth >= 5:
        grown = len(lines) - city.size
        node = merkle.over(tree.hashes_of(lines))
        for checkpoint in Checkpoint.objects.filter(size__gt=begin):
            size = min(max(checkpoint.size + grown, begin), len(lines))
            said = notes.Checkpoint(
                notes.read(checkpoint.note)[0].origin, size, merkle.root(size, node), checkpoint.at
            )
            signed = notes.sign(said, signing.private_key())
            Checkpoint.objects.filter(pk=checkpoint.pk).update(size=size, root=said.root, note=signed)


def record_at(place: int) -> AccessRecord:
    return AccessRecord.objects.get(commitment=Leaf.objects.get(position=place).commitment)


def changed(row: AccessRecord, dice: random.Random) -> AccessRecord:
    match dice.randrange(5):
        case 0:
            row.identifier += "x"
        case 1:
            row.subjects = row.subjects[1:]
        case 2:
            row.detail = f"다른 까닭 {dice.random()}"
        case 3:
            row.at += timedelta(seconds=dice.choice([-60, 1]))
        case 4:
            row.address = "198.51.100.9"
    return row


# ---- the attacks: each returns what it did


def edit(city: City, depth: int, dice: random.Random) -> Attack:
    places = dice.sample(city.places, dice.randint(1, 3) if depth <= 2 else 1)
    lines = order()
    for place in places:
        row = changed(record_at(place), dice)
        if depth >= 2:
            row.seal()
            lines[place] = ("access", row.at, bytes(row.commitment))
        row.save(force_update=True)
    if depth >= 3:
        rewrite(city, lines, depth, min(places))
    return Attack("edit", set(places))


def delete(city: City, depth: int, dice: random.Random) -> Attack:
    """At depth 2 the leaf goes too and leaves a gap; from 3 on the gap is closed."""
    place, lines = dice.choice(city.places), order()
    record_at(place).delete()
    if depth == 2:
        Leaf.objects.filter(position=place).delete()
    if depth >= 3:
        del lines[place]
        rewrite(city, lines, depth, place)
    return Attack("delete", {place}, rest=depth >= 3)


def insert(city: City, depth: int, dice: random.Random) -> Attack:
    """At depth 2 a copy with its commitment; from 3 on into the middle of the tree."""
    place = dice.choice(city.places)
    row = changed(record_at(place), dice) if depth != 2 else record_at(place)
    row.pk = None
    if depth != 2:
        row.seal()
    row.save(force_insert=True)
    if depth < 3:
        return Attack("insert", {place} if depth == 2 else set(), record=row.pk)
    lines = order()
    lines.insert(place, ("access", row.at, bytes(row.commitment)))
    rewrite(city, lines, depth, place)
    return Attack("insert", {place}, rest=True)


def date_back(city: City, depth: int, dice: random.Random) -> Attack:
    """By the regular way: its time is a lie."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
    things.written(1, timezone.now() - timedelta(hours=dice.randint(3, 2000)))
    sequence()
    return Attack("date back", {city.size})


def older(city: City, depth: int, dice: random.Random) -> Attack:
    """As if it had been there before the ledger: put in bare (1), or taken in by the portal itself (2)."""
    row = changed(record_at(dice.choice(city.places)), dice)
    row.pk, row.salt, row.commitment = None, None, None
    row.at -= timedelta(days=dice.randint(2, 400))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_accessrecord DROP CONSTRAINT privacy_accessrecord_committed")
    row.save(force_insert=True)
    if depth == 1:
        return Attack("older", record=row.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
    sequence()
    return Attack("older", {city.size})


def under_an_erasure(city: City, depth: int, dice: random.Random) -> Attack:
    """An erasure by the regular way; then the record says something else (1), or is gone (2)."""
    place = dice.choice(city.places)
    row = record_at(place)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
        expiry.erase(row, "시험", identifier="(지움)")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
    row = AccessRecord.objects.get(pk=row.pk)
    if depth == 2:
        row.delete()
    else:
        changed(row, dice).save(force_update=True)
    return Attack("under an erasure", {place})


def unsigned(city: City, depth: int, dice: random.Random) -> Attack:
    """Checkpoints of the last hour and more are gone; everything after them was written anew."""
    begin = dice.choice([size for size in city.sizes if 0 < size < city.size][:-7])
    Checkpoint.objects.filter(size__gt=begin)._raw_delete("default")
    lines = order()
    rows = {bytes(row.commitment): row for row in AccessRecord.objects.filter(salt__isnull=False)}
    anew = []
    for place in range(begin, city.size):
        if row := rows.get(lines[place][2]):
            anew.append(place)
            row.detail = f"다른 까닭 {dice.random()}"
            row.seal()
            row.save(force_update=True)
            lines[place] = ("access", row.at, bytes(row.commitment))
    rewrite(city, lines, 4, begin)
    # A line of 파기 대장 at the beginning says what it said.
    return Attack("unsigned", set(range(anew[0], city.size)), rest=True)


def reorder(city: City, depth: int, dice: random.Random) -> Attack:
    """At depth 1 two records change what they say; at 2 they change their commitments; from 3 on leaves move."""
    one, other = sorted(dice.sample(city.places, 2))
    if depth <= 2:
        a, b = record_at(one), record_at(other)
        names = ["identifier", "subjects", "detail", "at"] if depth == 1 else ["commitment", "salt"]
        for name in names:
            first, second = getattr(a, name), getattr(b, name)
            setattr(a, name, second)
            setattr(b, name, first)
        a.save()
        b.save()
        return Attack("reorder", {one, other})
    lines = order()
    if dice.random() < 0.5:
        lines[one], lines[other] = lines[other], lines[one]
        touched = {one, other}
    else:
        lines.insert(other, lines.pop(one))
        touched = set(range(one, other + 1))
    rewrite(city, lines, depth, one)
    return Attack("reorder", touched, rest=True)


def cut(city: City, depth: int, dice: random.Random) -> Attack:
    """Records and leaves; from 4 on tiles; at 5 checkpoints are cut too."""
    begin = dice.randrange(city.sizes[4], city.size)
    lines = order()
    gone = [commitment for _, _, commitment in lines[begin:]]
    AccessRecord.objects.filter(commitment__in=gone)._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM privacy_erasure WHERE commitment = ANY(%s)", [gone])
    if depth == 5:
        Checkpoint.objects.filter(size__gt=begin)._raw_delete("default")
    rewrite(city, lines[:begin], min(depth, 4) if depth >= 4 else 3, begin)
    return Attack("cut", set(range(begin, city.size)), rest=True)


def rewrite_all(city: City, depth: int, dice: random.Random) -> Attack:
    """Everything from one place on anew, signed with the stolen key: without witnesses nobody would know."""
    begin = dice.choice(city.places)
    lines = order()
    rows = {bytes(row.commitment): row for row in AccessRecord.objects.filter(salt__isnull=False)}
    changes = []
    for place in range(begin, city.size):
        if row := rows.get(lines[place][2]):
            if place == begin:
                changed(row, dice)
            row.seal()
            lines[place] = ("access", row.at, bytes(row.commitment))
            changes.append(row)
    fields = ["identifier", "subjects", "detail", "at", "address"]
    AccessRecord.objects.bulk_update(changes[:1], fields)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE privacy_accessrecord AS row SET salt = new.salt, commitment = new.commitment"
            " FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS new(id, salt, commitment)"
            " WHERE row.id = new.id",
            [[row.pk for row in changes], [row.salt for row in changes], [row.commitment for row in changes]],
        )
    rewrite(city, lines, 5, begin)
    return Attack("rewrite", set(range(begin, city.size)), rest=True)


ATTACKS = [
    (edit, (1, 2, 3, 4, 5)),
    (delete, (1, 2, 3, 4, 5)),
    (insert, (1, 2, 3, 4, 5)),
    (date_back, (1,)),
    (older, (1, 2)),
    (under_an_erasure, (1, 2)),
    (unsigned, (4,)),
    (reorder, (1, 2, 3, 4, 5)),
    (cut, (3, 4, 5)),
    (rewrite_all, (5,)),
]


def judged(city: City, attack: Attack, findings: list[verify_ledger.Finding]) -> str:
    """What is wrong with the verdict; "" if it is right."""
    if not findings:
        return "missed"
    exact = {n for f in findings if f.exact and f.first is not None for n in range(f.first, f.last + 1)}
    between = [(f.first, f.last) for f in findings if not f.exact and f.first is not None]
    if attack.record is not None and not attack.touched:
        named = any(f"access {attack.record}:" in f.words for f in findings)
        return "" if named and not exact and not between else "not the record"
    if exact - attack.touched:
        return f"accused {sorted(exact - attack.touched)[:5]}"
    for first, last in between:
        if not attack.touched & set(range(first, last + 1)):
            return f"accused {first} to {last}"
        if sum(first < size <= last for size in city.sizes) and attack.name != "cut":
            return f"wider than between two checkpoints: {first} to {last}"
    located = exact | {n for first, last in between for n in range(first, last + 1)}
    if attack.name == "reorder":  # of two that changed places, one may be said to have moved
        return "" if located & attack.touched else "not located"
    wanted = {min(attack.touched)} if attack.rest else attack.touched
    return "" if wanted <= located else f"not located: {sorted(wanted - located)[:5]}"


def attacked(city: City, deed, depth: int, dice: random.Random, with_export: bool) -> tuple[str, str]:
    """(name, what is wrong with the verdict); everything is as before afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        attack = deed(city, depth, dice)
        witnesses = [city.witness, city.earlier] if with_export else [city.witness]
        findings = verify_ledger.check(exported(), witnesses, city.keys)
        transaction.set_rollback(True)
    wrong = judged(city, attack, findings)
    if wrong:
        wrong = f"{wrong}; touched {sorted(attack.touched)[:5]}; {findings[:4]}"
    return f"{attack.name} {depth}", wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.ledger")
    parser.add_argument("--attacks", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    asked = parser.parse_args()
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        return run(asked.attacks, asked.seed)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def run(count: int, seed: int) -> int:
    dice, begun = random.Random(seed), time.monotonic()
    done, wrong, controls, accused = Counter(), Counter(), 0, 0
    for size, share in SIZES:
        city = build(size)
        for n in range(round(count * share)):
            deed, depths = dice.choice(ATTACKS)
            name, problem = attacked(city, deed, dice.choice(depths), dice, dice.random() < 0.3)
            done[name] += 1
            if problem:
                wrong[name] += 1
                print(f"WRONG ({size} entries): {name}: {problem}")
            if n % 10 == 0:
                controls += 1
                found = verify_ledger.check(exported(), [city.witness, city.earlier], city.keys)
                accused += bool(found)
                for finding in found:
                    print(f"ACCUSED: {finding}")
    print(
        f"seed {seed}; depth 1 records, 2 commitments, 3 leaves, 4 tiles, 5 checkpoints with the stolen key"
    )
    for name in sorted(done):
        print(f"  {name:20} {done[name] - wrong[name]:6} of {done[name]:6} found and located")
    print(f"{sum(done.values())} attacks, {sum(wrong.values())} not found or not located")
    print(
        f"{controls} checks of the untouched ledger, {accused} with an accusation; {time.monotonic() - begun:.0f} s"
    )
    return 1 if wrong or accused else 0


if __name__ == "__main__":
    sys.exit(main())
