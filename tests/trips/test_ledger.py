"""A citizen checks a proof in the browser, which asks nobody; it says the same as verify_ledger.py, 1,000 times."""

import json
import os
import random
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from privacy import verify_ledger
from privacy.ledger.proofs import proofs_of
from privacy.models import AccessRecord
from tests.privacy.ledger import things

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]

WAYS = [(1280, "normal", "normal"), (390, "normal", "high"), (320, "larger", "normal")]
KINDS = ["item", "salt", "digest", "drop", "more", "path", "place", "kind", "at"]
KINDS += ["note", "root", "size", "key", "borrow", "swap", "type", "missing"]
VERIFY_ALL = """async ([address, proofs, keys]) => {
  const { verify } = await import(address);
  const codes = [];
  for (const proof of proofs) codes.push((await verify(proof, keys)).code);
  return codes;
}"""


def spoiled(proof: dict, others: list[dict], dice: random.Random) -> dict:
    """One thing in it is not as it was."""
    made, other = json.loads(json.dumps(proof)), dice.choice(others)

    def letter(text: str) -> str:
        at = dice.randrange(len(text))
        return text[:at] + dice.choice("0123456789abcdefxZ가+/=\n— ") + text[at + 1 :]

    def one_of(parts: list) -> int:
        return dice.randrange(len(parts))

    kind = dice.choice(KINDS)
    item = dice.choice(made["items"])
    match kind:
        case "item":
            item["item"] = letter(item["item"])
        case "salt":
            item["salt"] = letter(item["salt"])
        case "digest":
            made["digests"][one_of(made["digests"])] = dice.choice(other["digests"])
        case "drop":
            made["digests"].pop()
        case "more":
            made["digests"].append(made["digests"][0])
        case "path":
            made["proof"][one_of(made["proof"])] = dice.choice(other["proof"])
        case "place":
            made["position"] = dice.choice([made["position"] + 1, -1, 10**6, 1.5, "3", None])
        case "kind":
            made["kind"] = dice.choice(["access.before", "erasure", "", "가", 3])
        case "at":
            made["at"] = letter(made["at"])
        case "note":
            made["checkpoint"] = letter(made["checkpoint"])
        case "root":
            lines = made["checkpoint"].split("\n")
            lines[2] = lines[2][:-3] + dice.choice("ABCw") + lines[2][-2:]
            made["checkpoint"] = "\n".join(lines)
        case "size":
            made["checkpoint"] = made["checkpoint"].replace("\n600\n", "\n601\n")
        case "key":
            made["checkpoint"] = made["checkpoint"][:-8] + "AAAAAAA\n"
        case "borrow":
            made["items"] = other["items"]
        case "swap":
            made["proof"] = made["proof"][::-1]
        case "type":
            made[dice.choice(list(made))] = dice.choice([None, 7, "x", [], {}, [{}], [None]])
        case "missing":
            del made[dice.choice(list(made))]
    return made


def test_both_verifiers_agree_on_a_thousand_proofs(screen) -> None:
    things.past(2, 300)
    dice = random.Random(20261126)
    rows = list(AccessRecord.objects.order_by("pk"))
    proofs = proofs_of(dice.sample(rows, 500))
    proofs += [spoiled(proof, proofs[:500], dice) for proof in proofs]
    keys = things.keys()
    page = screen()
    page.goto("/privacy/check/")
    told = page.evaluate(VERIFY_ALL, ["/static/js/privacy/proof.js", proofs, keys])
    expected = [verify_ledger.check_proof(proof, keys)[0] for proof in proofs]
    differ = [(n, a, b, proofs[n]) for n, (a, b) in enumerate(zip(told, expected, strict=True)) if a != b]
    assert differ == []
    assert expected[:500] == ["good"] * 500
    # What was spoiled and is good all the same was spoiled where nothing is proved (a witness's receipt, the name).
    harmless = [p for p, code in zip(proofs[500:], expected[500:], strict=True) if code == "good"]
    essential = ("kind", "at", "digests", "position", "proof", "checkpoint")
    originals = {p["checkpoint"] + str(p["position"]): p for p in proofs[:500]}
    for proof in harmless:
        original = originals[proof["checkpoint"] + str(proof["position"])]
        assert all(proof[name] == original[name] for name in essential)
        assert all(item in original["items"] for item in proof["items"])
    assert len(harmless) < 100


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS)
def test_a_citizen_checks_a_file(screen, tmp_path: Path, width: int, text: str, contrast: str) -> None:
    things.past(2, 5)
    row = AccessRecord.objects.order_by("pk")[3]
    proof = proofs_of([row], subjects=["people.resident:4"])[0]
    asked: list[Request] = []

    def listen(request: Request) -> None:
        asked.append(request)

    page = screen(width, text, contrast)
    page.goto("/privacy/checkpoints/")
    looked_at(page, f"checkpoints-{width}")
    page.get_by_role("link", name="받은 증명 파일 확인하기").click()
    chosen = page.get_by_label("증명 파일", exact=True)
    chosen.wait_for()
    looked_at(page, f"check-{width}")
    # axe, too, fetches what it looks at.
    for name, text, words in [
        ("good", json.dumps(proof), "맞습니다. 이 기록은 장부에 있는 그대로이고"),
        ("lie", json.dumps(proof).replace("kim", "lee"), "기록의 내용이 바뀌었습니다"),
        ("picture", "그림입니다", "증명 파일이 아니거나 망가졌습니다"),
    ]:
        page.on("request", listen)
        chosen.set_input_files(saved(tmp_path / f"{name}.json", text))
        page.get_by_text(words).wait_for()
        page.remove_listener("request", listen)
        looked_at(page, f"{name}-{width}")
        if name == "good":
            assert page.get_by_text("people.resident:4").is_visible()
    assert asked == []


def saved(file: Path, text: str) -> Path:
    file.write_text(text)
    return file


def looked_at(page: Page, name: str) -> None:
    """Nothing is wrong with it; kept as a picture where SCREENSHOTS says."""
    assert faults(page) == []
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
