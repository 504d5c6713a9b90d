#!/usr/bin/env python3
"""장부 검사: checks an export of the ledger, or the proof of one entry, without the portal, its database or Django.

    python verify_ledger.py EXPORT.zip [WITNESS ...] [--key KEY ...] [--keep access=731]
    python verify_ledger.py PROOF.json [--key KEY ...]

WITNESS   what somebody outside kept: a file or mails with signed checkpoints, or an earlier export
--key     the portal's public key, got from elsewhere than the export (name+hash+base64)
--keep    days that entries of a kind are kept; one that is gone earlier was deleted

Needs Python 3.11 and `cryptography` (for Ed25519 only). Ends with 0 if all is well, 1 if something is wrong, 2 if a
file cannot be read. Formats: docs/privacy.md. It computes everything by itself on purpose, sharing no code with what
it checks.
"""

import argparse
import base64
import difflib
import email
import email.policy
import hashlib
import hmac
import io
import json
import re
import sys
import zipfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

EXPORT, PROOF = "jinju-ledger-export/1", "jinju-ledger-proof/1"
ITEM, COMMITMENT, LEAF = (f"jinju-ledger-{what}/v1\n".encode() for what in ("item", "commitment", "leaf"))
BEFORE, ERASURE = ".before", "erasure"
#: Days that entries are kept at least; a kind that is not here is kept for ever.
KEEP = {"access": 730}
#: Items that may be erased before that, of which kind, and what stands there instead.
ERASABLE, BLANKS = {"access": ("identifier", "address", "detail", "subject")}, ("(지움)", None)
#: How much later than its own time an entry may come into a checkpoint, and how much earlier (a clock that is off).
LATE, EARLY = timedelta(hours=1), timedelta(minutes=5)
#: How long what was there before a ledger is taken into it, from its first entry on.
TAKING_IN = timedelta(days=1)
NOTE = re.compile(
    r"^(?P<text>(?P<origin>[^\n +]+)\n(?P<size>0|[1-9][0-9]{0,14})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"time (?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n)"
    r"\n(?P<signatures>(?:— [^\n ]+ [A-Za-z0-9+/=]+\n)+)",
    re.MULTILINE,
)
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


class Unreadable(Exception):
    """Not a file of ours."""


# ---- hashes


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha(b"\x01", left, right)


def digest(salt: bytes, item: str) -> bytes:
    return sha(ITEM, salt, item.encode())


def commitment(kind: str, digests: Iterable[bytes]) -> str:
    return sha(COMMITMENT, kind.encode(), b"\n", *digests).hex()


def leaf_hash(kind: str, at: str, commitment: str) -> bytes:
    return sha(b"\x00", LEAF, f"{kind}\n{at}\n{commitment}\n".encode())


def roots(hashes: Iterable[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """Size → root (RFC 9162, 2.1.1) for each of the sizes that there are hashes for."""
    wanted = set(sizes)
    found: dict[int, bytes] = {}
    peaks: list[bytes] = []
    if 0 in wanted:
        found[0] = sha()
    for count, one in enumerate(hashes, 1):
        peaks.append(one)
        rest = count
        while rest % 2 == 0:  # two subtrees of one height become one
            right = peaks.pop()
            peaks[-1] = node(peaks[-1], right)
            rest //= 2
        if count in wanted:
            whole = peaks[-1]
            for peak in reversed(peaks[:-1]):
                whole = node(peak, whole)
            found[count] = whole
    return found


def root_by(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which a path leads (RFC 9162, 2.1.3.2); None if it cannot be one."""
    here, last, result = index, size - 1, leaf
    for part in path:
        if last == 0:
            return None
        if here % 2 or here == last:
            result = node(part, result)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            result = node(result, part)
        here, last = here // 2, last // 2
    return result if last == 0 else None


# ---- signed checkpoints


@dataclass(frozen=True)
class Note:
    text: str
    origin: str
    size: int
    root: bytes
    at: datetime
    signatures: str

    @property
    def name(self) -> str:
        return f"{self.size}개, {self.at:%Y-%m-%d %H:%M} UTC"

    def signed_by(self, keys: Sequence[str]) -> bool:
        for line in self.signatures.removesuffix("\n").split("\n"):
            name, _, data = line.removeprefix("— ").rpartition(" ")
            for key in keys:
                if name == self.origin == key.split("+", 1)[0] and verifies(key, data, self.text.encode()):
                    return True
        return False


@cache
def verifies(key: str, data: str, message: bytes) -> bool:
    try:
        name, key_hash, public = key.split("+", 2)
        raw, signature = base64.b64decode(public, validate=True), base64.b64decode(data, validate=True)
        if not raw.startswith(b"\x01") or sha(name.encode(), b"\n", raw)[:4].hex() != key_hash:
            return False
        if signature[:4].hex() != key_hash or base64.b64encode(signature).decode() != data:
            return False
        Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature[4:], message)
    except (ValueError, InvalidSignature):
        return False
    return True


def notes_in(text: str) -> Iterator[Note]:
    """Every checkpoint that stands somewhere in a text."""
    for found in NOTE.finditer(text):
        root = base64.b64decode(found["root"])
        if base64.b64encode(root).decode() == found["root"]:
            try:
                at = datetime.strptime(found["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            except ValueError:
                continue
            yield Note(found["text"], found["origin"], int(found["size"]), root, at, found["signatures"])


# ---- what is read


@dataclass
class Export:
    manifest: dict[str, Any]
    #: {"n": place or null, "kind", "at", "commitment"} in the order of their places; those that wait come last.
    leaves: list[dict[str, Any]]
    #: {"id", "kind", "items": ['["at","…"]', …], "salt", "commitment"}.
    records: list[dict[str, Any]]
    #: {"level", "index", "root", "hashes"}.
    tiles: list[dict[str, Any]]
    notes: list[Note]

    def own_hashes(self) -> list[bytes]:
        placed = [leaf for leaf in self.leaves if leaf["n"] is not None]
        return [leaf_hash(leaf["kind"], leaf["at"], leaf["commitment"]) for leaf in placed]


@dataclass
class Witness:
    name: str
    notes: list[Note] = field(default_factory=list)
    #: Of an earlier export.
    hashes: list[bytes] | None = None


def read_export(data: bytes) -> Export:
    """Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            manifest = json.loads(archive.read("manifest.json"))

            def lines(name: str) -> list[dict[str, Any]]:
                return [json.loads(line) for line in archive.read(name).decode().split("\n") if line]

            if manifest.get("format") != EXPORT:
                raise Unreadable("장부를 내려받은 파일이 아닙니다.")
            signed = "\n".join(line["note"] for line in lines("checkpoints.jsonl"))
            return Export(
                manifest,
                lines("leaves.jsonl"),
                lines("records.jsonl"),
                lines("tiles.jsonl"),
                list(notes_in(signed)),
            )
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Unreadable(f"읽을 수 없습니다 ({type(error).__name__}).") from None


def read_witness(name: str, data: bytes) -> Witness:
    """An earlier export, mails, or any text with checkpoints in it. Unreadable if there is none."""
    if data.startswith(b"PK"):
        earlier = read_export(data)
        return Witness(name, earlier.notes, earlier.own_hashes())
    text = data.decode(errors="replace")
    if re.match(r"(?i)(from |[a-z-]+: )", text):
        message = email.message_from_bytes(data, policy=email.policy.default)
        body = message.get_body(("plain",)) if hasattr(message, "get_body") else None
        text = body.get_content() if body else text
    found = list(notes_in(text.replace("\r\n", "\n")))
    if not found:
        raise Unreadable("확인표가 들어 있지 않습니다.")
    return Witness(name, found)


# ---- what is wrong


@dataclass(frozen=True)
class Finding:
    """`first` to `last`: places in the tree, if it is known where; `exact`: it is just these."""

    what: str
    words: str
    first: int | None = None
    last: int | None = None
    exact: bool = True

    def covers(self, other: "Finding") -> bool:
        if self.first is None or self.last is None or other.first is None:
            return False
        return self.first <= other.first <= self.last

    def __str__(self) -> str:
        if self.first is None:
            return self.words
        if self.first == self.last:
            return f"{self.first}번 항목: {self.words}"
        return f"{self.first}번부터 {self.last}번 항목{'' if self.exact else ' 사이'}: {self.words}"


def check(
    export: Export,
    witnesses: Sequence[Witness] = (),
    keys: Sequence[str] = (),
    keep: dict[str, int] | None = None,
    now: datetime | None = None,
) -> list[Finding]:
    """All that is wrong, by place; empty if nothing is. Without `keys` those of the export are believed."""
    keys = keys or export.manifest.get("keys", [])
    made_at = datetime.fromisoformat(export.manifest["made_at"])
    now = min(now or datetime.now(UTC), made_at)
    placed = [leaf for leaf in export.leaves if leaf["n"] is not None]
    findings = list(_places(placed))
    if not findings:
        own = export.own_hashes()
        findings += _trees(export, own, witnesses, keys)
    whole = not findings
    findings += _checkpoints(export, witnesses, keys)
    findings += _records(export, placed, {**KEEP, **(keep or {})}, now)
    notes = [note for note in _all_notes(export, witnesses) if note.signed_by(keys)]
    findings += _unsigned(export, notes, now)
    if whole:  # else places are not what they were
        findings += _times(placed, notes)
    return sorted(set(findings), key=lambda f: (f.first is None, f.first or 0, f.what))


def _all_notes(export: Export, witnesses: Sequence[Witness]) -> list[Note]:
    return [*export.notes, *(note for witness in witnesses for note in witness.notes)]


def _places(placed: list[dict[str, Any]]) -> Iterator[Finding]:
    """Places go from 0 up without a gap."""
    counted = Counter(leaf["n"] for leaf in placed)
    expected = 0
    for n, times in sorted(counted.items()):
        if n > expected:
            yield Finding("leaf deleted", "장부에서 지워졌습니다.", expected, n - 1)
        if times > 1:
            yield Finding("leaf inserted", f"같은 자리가 {times}번 있습니다.", n, n)
        expected = n + 1


def _differences(ours: list[bytes], theirs: list[bytes], whose: str) -> list[Finding]:
    """How the beginning of our tree differs from what somebody else has: place by place, or by what was put in and
    taken out, whichever says it in fewer words."""
    if ours[: len(theirs)] == theirs:
        return []
    begin = next(n for n, (a, b) in enumerate(zip([*ours, b""], theirs, strict=False)) if a != b)
    us, them = ours[begin:], theirs[begin:]
    moved = set(us) & set(them)
    edits = list(_edits(us, them, begin, moved, whose))
    others = [n for n, (a, b) in enumerate(zip(us, them, strict=False)) if a != b]
    if len(us) < len(them) or len(others) > len(edits):
        return edits
    return [_moved(begin + n, whose) if us[n] in moved else _changed(begin + n, whose) for n in others]


def _moved(place: int, whose: str) -> Finding:
    return Finding("moved", f"{whose}와 순서가 다릅니다.", place, place)


def _changed(place: int, whose: str) -> Finding:
    return Finding("leaf changed", f"{whose}와 다릅니다.", place, place)


def _edits(
    us: list[bytes], them: list[bytes], begin: int, moved: set[bytes], whose: str
) -> Iterator[Finding]:
    matcher = difflib.SequenceMatcher(None, us, them, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        pairs = min(j - i, m - k) if tag == "replace" else 0
        for n in range(i, j):
            if us[n] in moved:
                yield _moved(begin + n, whose)
            elif n < i + pairs:
                yield _changed(begin + n, whose)
            elif j < len(us):  # at the end stands what came after theirs was made
                yield Finding("leaf inserted", f"{whose}에 없는 항목입니다.", begin + n, begin + n)
        for n in range(k + pairs, m):
            if them[n] not in moved:
                what = "tail cut" if i >= len(us) else "leaf deleted"
                yield Finding(what, f"{whose}에 있던 항목이 없습니다.", begin + n, begin + n)


def _trees(
    export: Export, own: list[bytes], witnesses: Sequence[Witness], keys: Sequence[str]
) -> Iterator[Finding]:
    """Our leaves against stored tiles, signed checkpoints and what witnesses kept."""
    tiles = {(t["level"], t["index"]): t for t in export.tiles}
    stored = _stored(tiles, len(own))
    signed = [("", note) for note in export.notes if note.signed_by(keys)]
    theirs = [(w.name, n) for w in witnesses for n in w.notes if n.signed_by(keys)]
    sizes = {note.size for _, note in signed + theirs}
    ours = roots(own, sizes)
    count = len(own)
    exact = [
        f
        for w in witnesses
        if w.hashes is not None
        for f in _differences(own, w.hashes, f"증인({w.name})의 옛 장부")
    ]
    # A checkpoint that the tiles fit and the leaves do not tells which leaves were changed.
    wrong = [note for _, note in theirs or signed if ours.get(note.size, note.root) != note.root]
    mended = [(len(leaves), roots(leaves, sizes)) for leaves in _with_tiles(stored, own)]
    fits = [sum(by_tiles.get(note.size) == note.root for note in wrong) for _, by_tiles in mended]
    if any(fits):
        exact += _differences(own, stored, "저장된 나무")
        count, ours = mended[fits.index(max(fits))]
    else:
        exact += _broken_tiles(tiles, own)
    yield from exact
    by_us, by_them = (
        list(_brackets(signed, ours, "서명한 확인표")),
        list(_brackets(theirs, ours, "증인이 가진 확인표")),
    )
    # Our own checkpoints are closer together, but may have been signed anew by who stole the key.
    brackets = by_us if not by_them or (by_us and by_them[0].covers(by_us[0])) else by_them
    for found in brackets:
        if not any(found.covers(f) for f in exact if f.what != "tile changed"):
            yield found
    most = max((note.size for _, note in signed + theirs), default=0)
    if most > count:
        words = f"{most - count}개가 모자랍니다. 서명한 확인표에는 {most}개가 있습니다."
        if exact or brackets:
            yield Finding("fewer", words)
        else:
            sure = max((n.size for _, n in theirs or signed if ours.get(n.size) == n.root), default=0)
            yield Finding("tail cut", f"끝이 잘렸습니다: {words}", sure, most - 1, exact=sure == count)


def _brackets(notes: list[tuple[str, Note]], ours: dict[int, bytes], what: str) -> Iterator[Finding]:
    """Between which checkpoints our leaves left the signed tree."""
    good = [note.size for _, note in notes if ours.get(note.size) == note.root]
    bad = sorted(note.size for _, note in notes if note.size in ours and ours[note.size] != note.root)
    if bad:
        below = max((size for size in good if size < bad[0]), default=0)
        names = sorted({name for name, note in notes if name and note.size == bad[0]})
        whose = f"{what}({', '.join(names)})" if names else what
        yield Finding(
            "rewritten",
            f"{whose}와 맞지 않습니다. 그 뒤의 항목도 그대로라고 할 수 없습니다.",
            below,
            max(bad[0] - 1, below),
            exact=False,
        )


def _stored(tiles: dict[tuple[int, int], dict[str, Any]], most: int) -> list[bytes]:
    """Leaf hashes as the lowest tiles hold them, up to the first tile that is missing."""
    found: list[bytes] = []
    while len(found) + 256 <= most and (tile := tiles.get((0, len(found) // 256))):
        whole = bytes.fromhex(tile["hashes"])
        parts = [whole[i : i + 32] for i in range(0, len(whole), 32)]
        found += (parts + [b""] * 256)[:256]
    return found


def _with_tiles(stored: list[bytes], own: list[bytes]) -> Iterator[list[bytes]]:
    """What the tiles say, and after it what our leaves do: as if some were put in or taken out, or only changed."""
    if stored != own[: len(stored)]:
        known = {one: n for n, one in enumerate(own)}
        last = next((known[one] for one in reversed(stored) if one in known), -1)
        for after in {last + 1, len(stored)}:
            yield stored + own[after:]


def _broken_tiles(tiles: dict[tuple[int, int], dict[str, Any]], own: list[bytes]) -> Iterator[Finding]:
    """Tiles are only a help to compute proofs quickly, but they too are never changed."""
    level, row = 0, own
    while len(row) >= 256:
        above = []
        for index in range(len(row) // 256):
            part = row[index * 256 : (index + 1) * 256]
            above.append(roots(part, [256])[256])
            tile = tiles.get((level, index))
            if tile is None or (tile["hashes"], tile["root"]) != (b"".join(part).hex(), above[-1].hex()):
                wide = 256 ** (level + 1)
                yield Finding(
                    "tile changed",
                    "저장된 나무가 고쳐졌습니다.",
                    index * wide,
                    (index + 1) * wide - 1,
                    exact=False,
                )
        level, row = level + 1, above


def _checkpoints(export: Export, witnesses: Sequence[Witness], keys: Sequence[str]) -> Iterator[Finding]:
    """Signed, none contradicting another, and none of a witness missing in the portal."""
    for note in export.notes:
        if not note.signed_by(keys):
            yield Finding("checkpoint forged", f"확인표({note.name})의 서명이 틀립니다.")
    have = {note.text for note in export.notes}
    if export.manifest.get("checkpoints") != len(export.notes):
        yield Finding("checkpoint forged", "읽을 수 없는 확인표가 있습니다.")
    for witness in witnesses:
        for note in witness.notes:
            whose = f"증인({witness.name})이 가진 확인표({note.name})"
            if not note.signed_by(keys):
                yield Finding("witness doubtful", f"{whose}가 이 열쇠로 서명되지 않았습니다.")
            elif note.text not in have:
                yield Finding("checkpoint gone", f"{whose}가 없거나 다릅니다.")


def _unsigned(export: Export, notes: list[Note], now: datetime) -> Iterator[Finding]:
    """What is older than an hour has a place in a tree that was signed; and signing went on until the export."""
    signed = max((note.size for note in notes), default=0)
    old = [one for one in export.leaves if datetime.fromisoformat(one["at"]) + LATE < now]
    old = [one for one in old if not one["kind"].endswith(BEFORE)]
    beyond = [one["n"] for one in old if one["n"] is not None and one["n"] >= signed]
    if beyond:
        words = "아무 확인표도 서명하지 않은 항목입니다. 서명이 멈췄거나, 확인표를 지우고 다시 쓴 것입니다."
        yield Finding("unsigned", words, min(beyond), max(beyond), exact=False)
    waits = sum(one["n"] is None for one in old)
    if waits:
        yield Finding("unsigned", f"한 시간 넘게 장부에 자리를 얻지 못한 기록이 {waits}건 있습니다.")
    last = max((note.at for note in notes if note.at <= now + EARLY), default=None)
    if last and last + LATE < now and not beyond:
        words = f"마지막 확인표({last:%Y-%m-%d %H:%M} UTC) 뒤로 서명이 없습니다."
        yield Finding("unsigned", f"{words} 서명이 멈췄거나, 그 뒤의 확인표를 지운 것입니다.")


def _first_of_each_kind(leaves: list[dict[str, Any]]) -> dict[str, datetime]:
    """Since when entries of a kind were committed to when they were written."""
    first: dict[str, datetime] = {}
    for leaf in leaves:
        if leaf["n"] is not None and not leaf["kind"].endswith(BEFORE):
            at = datetime.fromisoformat(leaf["at"])
            first[leaf["kind"]] = min(first.get(leaf["kind"], at), at)
    return first


def _records(
    export: Export, placed: list[dict[str, Any]], keep: dict[str, int], now: datetime
) -> Iterator[Finding]:
    """Each record fits its leaf, each leaf that is young enough has its record."""
    by_commitment = {leaf["commitment"]: leaf for leaf in export.leaves}
    erased = {
        dict(map(json.loads, record["items"]))["erased"]: record.get("left")
        for record in export.records
        if record["kind"] == ERASURE and _fits(record, by_commitment.get(record["commitment"]))
    }
    seen, first = set(), _first_of_each_kind(export.leaves)
    for record in export.records:
        leaf, name = by_commitment.get(record["commitment"]), f"{record['kind']} {record['id']}"
        if record["commitment"] is None and record["salt"] is None:
            if record["kind"] in first and first[record["kind"]] + TAKING_IN < now:
                yield Finding(
                    "inserted", f"{name}: 봉인되지 않은 기록입니다. 장부가 생긴 뒤에 끼워 넣었습니다."
                )
            continue  # older than the ledger; its turn comes
        if leaf is None:
            words = "장부에 없는 기록입니다. 나중에 끼워 넣었거나 봉인을 고쳤습니다."
            yield Finding("inserted", f"{name}: {words}")
            continue
        place = leaf["n"]
        if leaf["commitment"] in seen:
            yield Finding("inserted", f"{name}: 다른 기록을 베낀 것입니다.", place, place)
            continue
        seen.add(leaf["commitment"])
        if record["salt"] is None:
            if leaf["commitment"] not in erased:
                yield Finding("changed", "근거 없이 봉인이 망가졌습니다(소금이 지워짐).", place, place)
            elif not _only_blanked(record, leaf, erased[leaf["commitment"]]):
                words = "지운다는 이름으로 다른 것을 바꿨습니다. 지워진 것은 ‘(지움)’이어야 합니다."
                yield Finding("changed", f"{words} ({name}, 쓴 때 {leaf['at']})", place, place)
        elif not _fits(record, leaf):
            yield Finding(
                "changed",
                f"내용이 바뀌었습니다. ({name}, 쓴 때 {leaf['at']})",
                place,
                place,
            )
    for leaf in export.leaves:
        if leaf["commitment"] not in seen and not _expired(leaf, keep, now):
            yield Finding(
                "deleted", f"기록이 지워졌습니다. ({leaf['kind']}, 쓴 때 {leaf['at']})", leaf["n"], leaf["n"]
            )


def _fits(record: dict[str, Any], leaf: dict[str, Any] | None) -> bool:
    try:
        if leaf is None or leaf["kind"] not in (record["kind"], record["kind"] + BEFORE):
            return False
        salt, items = bytes.fromhex(record["salt"]), record["items"]
        salts = (hmac.digest(salt, b"%d" % n, "sha256") for n in range(len(items)))
        made = commitment(leaf["kind"], map(digest, salts, items))
        return made == leaf["commitment"] and json.loads(items[0]) == ["at", leaf["at"]]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return False


def _only_blanked(record: dict[str, Any], leaf: dict[str, Any], left: Any) -> bool:
    """Whether an erased record says what it said when it was committed to, but for blanks where names were."""
    try:
        digests, salts = left["digests"], left["salts"]
        made = commitment(leaf["kind"], map(bytes.fromhex, digests))
        if (
            record["kind"] not in ERASABLE
            or made != leaf["commitment"]
            or len(record["items"]) != len(digests)
        ):
            return False
        for n, said in enumerate(record["items"]):
            if (salt := salts.get(str(n))) is None:
                name, value = json.loads(said)
                if name not in ERASABLE[record["kind"]] or value not in BLANKS:
                    return False
            elif digest(bytes.fromhex(salt), said).hex() != digests[n]:
                return False
        return json.loads(record["items"][0]) == ["at", leaf["at"]]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return False


def _expired(leaf: dict[str, Any], keep: dict[str, int], now: datetime) -> bool:
    days = keep.get(leaf["kind"].removesuffix(BEFORE))
    return days is not None and datetime.fromisoformat(leaf["at"]) + timedelta(days=days) <= now


def _times(placed: list[dict[str, Any]], notes: list[Note]) -> Iterator[Finding]:
    """An entry comes into the tree soon after its time: neither long after (dated back) nor before."""
    ordered = sorted(notes, key=lambda note: (note.size, note.at))
    sizes = [note.size for note in ordered]
    #: When a tree that is no smaller was signed first; so a clock that was once ahead accuses nothing that came later.
    signed = list(accumulate((note.at for note in reversed(ordered)), min))[::-1]
    begun = _first_of_each_kind(placed)
    for leaf in placed:
        n, written = leaf["n"], datetime.fromisoformat(leaf["at"])
        first = bisect_right(sizes, n)  # that holds it
        if leaf["kind"].endswith(BEFORE):
            since = begun.get(leaf["kind"].removesuffix(BEFORE))
            if first and since and since + TAKING_IN < signed[first - 1]:
                words = f"장부가 생기기 전의 것({leaf['at']})이라면서 한참 뒤에 들어왔습니다."
                yield Finding("dated back", words, n, n)
            continue
        if first and written + LATE < signed[first - 1]:
            yield Finding("dated back", f"쓴 때({leaf['at']})보다 한참 뒤에 장부에 들어왔습니다.", n, n)
        elif first < len(sizes) and written - EARLY > signed[first]:
            yield Finding("dated ahead", f"장부에 들어온 뒤의 시각({leaf['at']})이 적혀 있습니다.", n, n)


# ---- the proof of one entry


def check_proof(proof: Any, keys: Sequence[str] = ()) -> tuple[str, str]:
    """(code, Korean words): good, format, record, tree or signature. Without `keys` those of the proof are believed."""
    try:
        kind, at, digests, items = proof["kind"], proof["at"], proof["digests"], proof["items"]
        place, path, note = proof["position"], proof["proof"], proof["checkpoint"]
        hashes = [*digests, *path, *(item["salt"] for item in items)]
        if not (
            proof["format"] == PROOF
            and all(isinstance(part, list) for part in (digests, items, path))
            and re.fullmatch(r"[a-z_.]{1,40}", kind)
            and MOMENT.fullmatch(at)
            and all(re.fullmatch(r"[0-9a-f]{64}", text) for text in hashes)
            and all(type(n) is int and 0 <= n < 2**53 for n in (place, *(item["n"] for item in items)))
            and all(_spelled(item["item"]) for item in items)
            and len(path) <= 64
            and NOTE.fullmatch(note)
        ):
            raise ValueError
        signed = next(notes_in(note))
    except (KeyError, ValueError, TypeError, StopIteration):
        return "format", "증명 파일이 아니거나 망가졌습니다."
    for item in items:
        made = digest(bytes.fromhex(item["salt"]), item["item"]).hex()
        if item["n"] >= len(digests) or made != digests[item["n"]]:
            return "record", "기록의 내용이 바뀌었습니다. 장부에 봉인된 것과 다릅니다."
        name, value = json.loads(item["item"])
        if name == "at" and value != at:
            return "record", "기록의 때가 장부에 적힌 것과 다릅니다."
    leaf = leaf_hash(kind, at, commitment(kind, map(bytes.fromhex, digests)))
    if (
        place >= signed.size
        or root_by(leaf, place, signed.size, list(map(bytes.fromhex, path))) != signed.root
    ):
        return "tree", "이 기록은 확인표가 서명한 장부에 들어 있지 않습니다."
    if not signed.signed_by(keys or proof.get("keys", [])):
        return "signature", "확인표의 서명이 포털의 것이 아닙니다."
    return (
        "good",
        f"맞습니다. 이 기록은 {signed.at:%Y-%m-%d %H:%M} UTC 에 서명한 장부의 {place}번 항목입니다.",
    )


def _spelled(item: str) -> bool:
    """Whether it is ["name",value] in the one spelling that there is. ValueError, TypeError."""
    name, _ = parts = json.loads(item)
    return isinstance(name, str) and json.dumps(parts, separators=(",", ":"), ensure_ascii=False) == item


# ---- the program


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify_ledger.py", description="장부나 증명 파일을 검사합니다.")
    parser.add_argument("file", type=Path)
    parser.add_argument("witness", type=Path, nargs="*")
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--keep", action="append", default=[], metavar="KIND=DAYS")
    asked = parser.parse_args(arguments)
    try:
        keep = {kind: int(days) for kind, days in (text.split("=") for text in asked.keep)}
        data = asked.file.read_bytes()
        if not data.startswith(b"PK"):
            code, words = check_proof(json.loads(data), asked.key)
            print(words)
            if code == "good" and not asked.key:
                print("주의: --key 로 포털의 열쇠를 주지 않아, 파일 안에 적힌 열쇠로 보았습니다.")
            return 0 if code == "good" else 1
        export = read_export(data)
        witnesses = [read_witness(path.name, path.read_bytes()) for path in asked.witness]
        findings = check(export, witnesses, asked.key, keep)
    except (OSError, ValueError, KeyError, TypeError, Unreadable) as error:
        print(f"검사하지 못했습니다: {error}", file=sys.stderr)
        return 2
    return report(export, witnesses, findings, bool(asked.key))


def grounds(export: Export) -> list[tuple[str, int]]:
    """On which grounds entries were erased before their time, and how many; for whoever knows what was asked for."""
    erasures = (one for one in export.records if one["kind"] == ERASURE)
    return sorted(Counter(str(dict(map(json.loads, one["items"])).get("ground")) for one in erasures).items())


def report(export: Export, witnesses: list[Witness], findings: list[Finding], own_keys: bool) -> int:
    placed = sum(leaf["n"] is not None for leaf in export.leaves)
    counts = f"항목 {placed}개, 남아 있는 기록 {len(export.records)}건, 확인표 {len(export.notes)}장"
    print(f"장부 {export.manifest.get('origin')}: {counts}")
    waiting = len(export.leaves) - placed
    if waiting:
        print(f"아직 나무에 자리가 없는 기록이 {waiting}건 있습니다. 다음에 내려받은 장부에서 확인해 주세요.")
    for ground, count in grounds(export):
        print(f"기한 전에 누구인지를 지운 기록 {count}건: {ground}")
    for witness in witnesses:
        most = max(note.size for note in witness.notes)
        print(f"증인 {witness.name}: 확인표 {len(witness.notes)}장, {most}개까지")
    if not witnesses:
        print("주의: 증인 없이 보았습니다. 서명 열쇠까지 훔쳐 통째로 다시 쓴 것은 증인이 있어야 드러납니다.")
    if not own_keys:
        print("주의: --key 로 포털의 열쇠를 주지 않아, 파일 안에 적힌 열쇠로 보았습니다.")
    for finding in findings:
        print(f"틀림: {finding}")
    print(f"틀린 곳 {len(findings)}군데" if findings else "틀린 곳이 없습니다.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
