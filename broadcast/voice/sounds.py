"""Sound changes of Korean that espeak-ng 1.52 does not make: written as they are heard.

Source: 표준 발음법 (Standard Pronunciation, 국립국어원), articles 5, 10, 12, 18 to 20, 26 to 29.
espeak-ng itself links (옷이), makes aspirates (축하), palatalises (같이), tenses after stops (국밥) and drops
ㅎ (많이): not done here. What is done here leaves it nothing to do twice.
"""

import re

FIRST = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
LAST = ["", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"]

# What a final consonant turns into before ㄴ or ㅁ (article 18; ㄹ-clusters: 20).
NASAL = {
    **dict.fromkeys(["ㄱ", "ㄲ", "ㅋ", "ㄳ", "ㄺ"], "ㅇ"),
    **dict.fromkeys(["ㄷ", "ㅅ", "ㅆ", "ㅈ", "ㅊ", "ㅌ"], "ㄴ"),
    **dict.fromkeys(["ㅂ", "ㅍ", "ㅄ", "ㄿ"], "ㅁ"),
}

# Heard otherwise than any rule of letters could know: ㄴ put in between (article 29), tense sounds inside a
# word (26 to 28), ㄴㄹ that stays ㄴㄴ (20). Words that notices to a village use.
WORDS = {
    "꽃잎": "꼰닙", "나뭇잎": "나문닙", "깻잎": "깬닙", "한여름": "한녀름", "집안일": "지반닐",
    "밭일": "반닐", "들일": "들릴", "솜이불": "솜니불", "담요": "담뇨", "알약": "알략", "물약": "물략",
    "소독약": "소동냑", "휘발유": "휘발류", "식용유": "시굥뉴", "서울역": "서울력", "부산역": "부산녁",
    "농업용": "농엄뇽", "생산량": "생산냥", "결단력": "결딴녁", "판단력": "판단녁", "입원료": "이붠뇨",
    "의견란": "의견난", "공권력": "공꿘녁", "산불": "산뿔", "들불": "들뿔", "물고기": "물꼬기",
    "눈길": "눈낄", "밤길": "밤낄", "산길": "산낄", "강가": "강까", "물가에": "물까에", "길가": "길까",
    "문자": "문짜", "사건": "사껀", "조건": "조껀", "안건": "안껀", "인기": "인끼", "안과": "안꽈",
    "내과": "내꽈", "외과": "외꽈", "치과": "치꽈", "성과": "성꽈", "발생": "발쌩", "출동": "출똥",
    "활동": "활똥", "결정": "결쩡", "실시": "실씨", "일정": "일쩡", "일시": "일씨", "발전": "발쩐",
    "물질": "물찔", "열사병": "열싸병", "질식": "질씩", "실종": "실쫑", "절대": "절때", "철도": "철또",
    "출장": "출짱", "설사": "설싸", "밀집": "밀찝", "절도": "절또", "갈등": "갈뜽", "맛있": "마싯",
    "멋있": "머싯", "맨입": "맨닙", "색연필": "생년필", "전염병": "전염뼝", "감염병": "감염뼝",
}  # fmt: skip
# Only where a word starts: 방문자 holds no 문자, 건강가정 no 강가. Or after one of these.
COMPOUNDS = "재난|안내|안전|긴급|대형|지역|유해|위험|오염|화재|사고|봉사|체육|교통"
LEXICON = re.compile(f"(?<![가-힣])({COMPOUNDS})?({'|'.join(WORDS)})")

# ㄴㄹ is ㄹㄹ within a word (신라), but ㄴㄴ before these ends of a longer one: 횡단로 → 횡단노 (article 20).
ENDS = "란|량|력|령|례|로|론|료|류"
ENDED = re.compile(f"(?<=[가-힣])([가-힣])({ENDS})")
NASAL_ENDS = {
    "란": "난", "량": "냥", "력": "녁", "령": "녕", "례": "녜", "로": "노", "론": "논", "료": "뇨", "류": "뉴",
}  # fmt: skip
# Words of their own, whatever stands before them: 무료진료, 공공근로.
WHOLE = {
    *("곤란", "논란", "혼란", "산란", "반란", "환란", "민란", "분란", "분량", "전력", "권력", "인력", "연령"),
    *("관령", "전령", "훈령", "관례", "전례", "난로", "선로", "근로", "언론", "원론", "진료", "연료"),
    *("원료", "안료", "분류", "인류", "한류", "난류", "전류"),
}

# After a verb's -ㄹ, the dependent nouns are tense (article 27): 할 수 → 할 쑤.
AFTER_L = re.compile(r"([가-힣]) (수(?=[도는가]? ?[있없])|것|곳(?!곳)|거(?=[예야니라]))")
TENSE = {"수": "쑤", "것": "껏", "곳": "꼿", "거": "꺼"}

# Between a number and its counter: one breath, so sounds change across it (십‿명 → 심 명). Ends as a space, or as
# nothing before a vowel, so that espeak-ng links the two (십‿일 → 시빌).
JOINED = "‿"
LINKED = re.compile(f"{JOINED}(?=[아-잏])")


def as_heard(text: str) -> str:
    """Text of Hangul syllables written as it is heard: 국립 → 궁닙, 신라 → 실라, 합니다 → 함니다."""
    text = LEXICON.sub(lambda m: (m[1] or "") + WORDS[m[2]], text)
    text = ENDED.sub(as_ended, text)
    text = AFTER_L.sub(lambda m: f"{m[1]} {TENSE[m[2]]}" if last_of(m[1]) == "ㄹ" else m[0], text)
    syllables: list[list[str]] = []  # [first, vowel, last], or [any other character]
    before: list[str] | None = None
    for letter in text:
        syllable = taken_apart(letter)
        syllables.append(syllable)
        if letter == JOINED:
            continue
        if len(syllable) == 3:
            first, vowel, _ = syllable
            if vowel == "ㅢ" and first != "ㅇ":
                syllable[1] = "ㅣ"  # 희망 → 히망 (article 5)
            if before:
                meet(before, syllable)
        before = syllable if len(syllable) == 3 else None
    return LINKED.sub("", "".join(map(put_together, syllables))).replace(JOINED, " ")


def as_ended(m: re.Match[str]) -> str:
    if last_of(m[1]) != "ㄴ" or m[0] in WHOLE:
        return m[0]
    return m[1] + NASAL_ENDS[m[2]]


def meet(one: list[str], two: list[str]) -> None:
    """Change where one syllable ends and the next one starts, as neighbours in a word do."""
    end, start = one[2], two[0]
    if start == "ㄹ":
        if end in NASAL:
            one[2], two[0] = NASAL[end], "ㄴ"  # 국립 → 궁닙
        elif end in ("ㅁ", "ㅇ"):
            two[0] = "ㄴ"  # 종로 → 종노
        elif end == "ㄴ":
            one[2] = "ㄹ"  # 신라 → 실라
    elif start in ("ㄴ", "ㅁ"):
        if end == "ㄼ" and one[:2] == ["ㅂ", "ㅏ"]:
            one[2] = "ㅁ"  # 밟는 → 밤는, alone among ㄼ (article 10)
        elif end in NASAL:
            one[2] = NASAL[end]  # 막내 → 망내
        elif start == "ㄴ" and end in ("ㄹ", "ㄼ", "ㄾ", "ㅀ"):
            one[2], two[0] = "ㄹ", "ㄹ"  # 설날 → 설랄
        elif start == "ㄴ" and end == "ㅎ":
            one[2] = "ㄴ"  # 놓는 → 논는
    elif start == "ㅎ" and end in ("ㅅ", "ㅌ"):
        one[2], two[0] = "", "ㅌ"  # 못하다 → 모타다 (article 12)


def taken_apart(letter: str) -> list[str]:
    code = ord(letter) - 0xAC00
    if not 0 <= code < 11172:
        return [letter]
    return [FIRST[code // 588], VOWELS[code % 588 // 28], LAST[code % 28]]


def put_together(syllable: list[str]) -> str:
    if len(syllable) == 1:
        return syllable[0]
    first, vowel, last = syllable
    return chr(0xAC00 + FIRST.index(first) * 588 + VOWELS.index(vowel) * 28 + LAST.index(last))


def last_of(letter: str) -> str:
    return taken_apart(letter)[-1]
