"""Who may have a computer repaired: the whole truth table against a list of decisions written another way."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from repair.eligibility import BRING_NOTE, Asked, Reason, Terms, Verdict, Why, judge, papers, won
from repair.groups import Group

CAP = 200_000
DAYS = {
    "before": date(2026, 2, 28),
    "first": date(2026, 3, 1),
    "last": date(2026, 11, 30),
    "after": date(2026, 12, 1),
}
TERMS = Terms(frozenset(Group), CAP, True, 5, DAYS["first"], DAYS["last"], 10_000_000, "close")
#: Won that are left, against what this applicant needs, and what happens then.
MONEY = ["enough", "short, close", "short, wait", "none, close", "none, wait"]
SAID = {"yes": True, "no": False, "unknown": None}

#: (verdict it leads to, code, when). In the order in which they are told; `w` are the words of one case of the table.
DECISIONS = [
    ("no", "not_open_yet", lambda w: w["day"] == "before"),
    ("no", "closed", lambda w: w["day"] == "after"),
    ("no", "not_here", lambda w: w["home"] == "no"),
    ("no", "no_group", lambda w: w["rule"] == "out" and w["group"]),
    ("no", "used", lambda w: w["used"] == "yes" and w["yearly"] and w["group"] != "organisation"),
    ("no", "too_many_devices", lambda w: w["devices"] > 5 and w["group"] == "organisation"),
    ("no", "spent", lambda w: "close" in w["money"] and w["day"] in ("first", "last")),
    ("ask", "home_unknown", lambda w: w["home"] == "unknown"),
    ("ask", "group_unknown", lambda w: not w["group"]),
    ("ask", "use_unknown", lambda w: w["used"] == "unknown" and w["yearly"] and w["group"] != "organisation"),
    ("ask", "several_devices", lambda w: w["devices"] > 1 and w["group"] != "organisation"),
    ("waits", "in_order", lambda w: "wait" in w["money"]),
]


def expected(w: dict) -> tuple[str, list[str]]:
    met = [(verdict, code) for verdict, code, when in DECISIONS if when(w)]
    if noes := [code for verdict, code in met if verdict == "no"]:
        return "no", noes
    if any(verdict == "ask" for verdict, _ in met):
        return "ask", [code for _, code in met]
    if met:
        return "waits", ["in_order", "pays"]
    return "yes", ["fits", "pays"]


def put(w: dict) -> tuple[Asked, Terms, date]:
    """The case in the words of the program."""
    group = Group(w["group"]) if w["group"] else None
    need = CAP * w["devices"] if w["group"] == "organisation" else CAP
    left = {"enough": need, "short": need - 1, "none": 0}[w["money"].split(",")[0]]
    terms = replace(
        TERMS,
        groups=frozenset(Group) - ({group} if w["rule"] == "out" else set()),
        once_a_year=w["yearly"],
        left_won=left,
        when_spent="wait" if "wait" in w["money"] else "close",
    )
    return Asked(group, SAID[w["home"]], SAID[w["used"]], w["devices"]), terms, DAYS[w["day"]]


NAMES = ["group", "home", "used", "money", "rule", "day", "yearly", "devices"]
WHOLE = [
    dict(zip(NAMES, values, strict=True))
    for values in product(
        [*(group.value for group in Group), ""],
        SAID,
        SAID,
        MONEY,
        ["in", "out"],
        DAYS,
        [True, False],
        [1, 2, 5, 6],
    )
]


def test_the_whole_truth_table() -> None:
    assert len(WHOLE) == 11 * 3 * 3 * 5 * 2 * 4 * 2 * 4
    wrong, met, words = [], set(), set()
    for w in WHOLE:
        asked, terms, on = put(w)
        answer = judge(asked, terms, on)
        got = answer.verdict.value, [reason.code.value for reason in answer.reasons]
        if got != expected(w):
            wrong.append((w, got, expected(w)))
        if answer.bring != (() if answer.verdict is Verdict.NO else papers(asked.group)):
            wrong.append((w, answer.bring))
        met.update(reason.code for reason in answer.reasons)
        words.update(reason.words for reason in answer.reasons)
    assert wrong[:3] == []
    assert met == set(Why)
    for sentence in words:
        is_plain(sentence)


def is_plain(words: str) -> None:
    """Whole sentences to an old lady: no officialese, no letters of a program, no particles in two forms."""
    assert words == words.strip()
    assert words.endswith(("니다.", "세요.")), words
    assert len(words) <= 110, words
    for jargon in (
        "관할",
        "당해",
        "상기",
        "구비",
        "수혜",
        "요건",
        "충족",
        "불가",
        "세대",
        "지급",
        "(는)",
        "(가)",
        "None",
    ):
        assert jargon not in words, words
    assert not any(letter.isascii() and letter.isalpha() for letter in words), words


def codes(asked: Asked, terms: Terms = TERMS, on: date = DAYS["first"]) -> tuple[Verdict, list[Why]]:
    answer = judge(asked, terms, on)
    return answer.verdict, [reason.code for reason in answer.reasons]


def test_a_household_that_fits() -> None:
    answer = judge(Asked(Group.DISABLED, True, False), TERMS, DAYS["first"])
    assert answer.verdict is Verdict.YES
    assert answer.reasons == (
        Reason(Why.FITS, "지원 대상에 해당합니다. 신청해 주세요."),
        Reason(
            Why.PAYS,
            "수리비를 20만 원까지 시에서 냅니다. 그보다 더 들면 먼저 여쭙고, 넘는 금액만 직접 내시면 됩니다.",
        ),
    )
    assert answer.bring == ("신분증", "주민등록등본", "장애인등록증(복지카드)")


def test_every_reason_for_a_no_is_told() -> None:
    asked = Asked(Group.VETERAN, False, True)
    terms = replace(TERMS, groups=frozenset({Group.DISABLED}), left_won=0)
    assert codes(asked, terms) == (Verdict.NO, [Why.NOT_HERE, Why.NO_GROUP, Why.USED, Why.SPENT])
    assert [reason.words for reason in judge(asked, terms, DAYS["last"]).reasons] == [
        "진주시에 주민등록이 된 분만 지원받으실 수 있습니다.",
        "올해는 ‘국가보훈대상자’ 지원이 없습니다.",
        "한 가구에 한 해 한 번 고쳐 드립니다. 올해 이미 지원받으셨으니 내년에 다시 신청해 주세요.",
        "올해 예산을 모두 썼습니다. 내년에 다시 신청해 주세요.",
    ]


def test_what_is_unknown_is_asked_unless_it_is_a_no_already() -> None:
    assert codes(Asked(None, None, None)) == (
        Verdict.ASK,
        [Why.HOME_UNKNOWN, Why.GROUP_UNKNOWN, Why.USE_UNKNOWN],
    )
    assert codes(Asked(None, False, None)) == (Verdict.NO, [Why.NOT_HERE])
    assert codes(Asked(None, None, True)) == (Verdict.NO, [Why.USED])
    spent = replace(TERMS, left_won=0, when_spent="wait")
    assert codes(Asked(Group.NEAR_POOR, None, False), spent) == (
        Verdict.ASK,
        [Why.HOME_UNKNOWN, Why.IN_ORDER],
    )


def test_one_won_short_of_the_cap_is_short() -> None:
    asked = Asked(Group.BASIC_LIVING, True, False)
    assert codes(asked, replace(TERMS, left_won=CAP))[0] is Verdict.YES
    assert codes(asked, replace(TERMS, left_won=CAP - 1)) == (Verdict.NO, [Why.SPENT])
    waits = replace(TERMS, left_won=CAP - 1, when_spent="wait")
    assert codes(asked, waits) == (Verdict.WAITS, [Why.IN_ORDER, Why.PAYS])


def test_an_organisation_may_come_again_with_several_devices() -> None:
    again = Asked(Group.ORGANISATION, True, True, 5)
    assert codes(again) == (Verdict.YES, [Why.FITS, Why.PAYS])
    assert codes(replace(again, devices=6)) == (Verdict.NO, [Why.TOO_MANY_DEVICES])
    answer = judge(again, replace(TERMS, left_won=3 * CAP), DAYS["first"])
    assert answer.reasons == (
        Reason(
            Why.SPENT, "올해 남은 예산으로는 컴퓨터를 3대까지만 고쳐 드릴 수 있습니다. 대수를 줄여 주세요."
        ),
    )


def test_several_devices_of_a_household_are_looked_at() -> None:
    assert codes(Asked(Group.DEFECTOR, True, False, 2)) == (Verdict.ASK, [Why.SEVERAL_DEVICES])


def test_money_says_nothing_before_the_year_opens() -> None:
    asked = Asked(Group.DISABLED, True, False)
    assert codes(asked, replace(TERMS, left_won=0), DAYS["before"]) == (Verdict.NO, [Why.NOT_OPEN_YET])
    words = judge(asked, TERMS, DAYS["before"]).reasons[0].words
    assert words == "아직 접수 기간이 아닙니다. 2026년 3월 1일부터 받습니다."


@pytest.mark.parametrize("group", Group)
def test_each_group_knows_what_to_bring(group: Group) -> None:
    bring = papers(group)
    assert len(bring) == len(set(bring)) >= 2
    assert "신분증" in bring[0]
    assert ("주민등록등본" in bring) is (group is not Group.ORGANISATION)


def test_the_note_on_papers_is_plain() -> None:
    for sentence in BRING_NOTE.split(". "):
        is_plain(sentence.rstrip(".") + ".")


def test_no_device_is_no_application() -> None:
    with pytest.raises(ValueError, match="device"):
        Asked(Group.DISABLED, True, False, 0)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(200_000, "20만 원"), (155_000, "155,000원"), (0, "0원"), (12_340_000, "1,234만 원")],
)
def test_won(amount: int, words: str) -> None:
    assert won(amount) == words
