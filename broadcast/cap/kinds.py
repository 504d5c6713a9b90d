"""What an alert is about, in our categories: by the words of its event, then by CAP's own category. Pure tables."""

import re
from collections.abc import Collection

from ..categories import GRAVE

#: The first that is found in the event decides. English words stand alone: "heat" is not in "wheat".
WORDS = (
    ("missing", r"실종|미아|배회|\bmissing\b|\bamber\b|\babducted\b"),
    ("wildfire", r"산불|들불|\bwild ?fires?\b|\bforest fires?\b|\bbush ?fires?\b"),
    (
        "rain",
        r"호우|홍수|폭우|태풍|침수|범람|하천|댐|산사태|집중호우|\bfloods?\b|\bflooding\b|\brain(fall|storm)?\b"
        r"|\btyphoon\b|\bhurricane\b|\blandslides?\b|\bdam\b",
    ),
    ("heat", r"폭염|\bheat ?(wave)?\b|\bhot weather\b"),
    (
        "crisis",
        r"민방공|민방위|공습|경계경보|국가위기|위기경보|지진|해일|테러|미사일|방사능|방사선|화학|원전|전쟁"
        r"|\bair raid\b|\bcivil (defen[cs]e|danger)\b|\bearthquakes?\b|\btsunami\b|\bterror\w*\b|\bmissiles?\b"
        r"|\bnuclear\b|\bradiolog\w+\b|\bchemical\b",
    ),
    ("phishing", r"보이스피싱|전화금융사기|\bphishing\b"),
)
_WORDS = tuple((key, re.compile(words, re.IGNORECASE)) for key, words in WORDS)
#: Of CAP's categories, those that are a crisis when they are grave.
OF_A_CRISIS = frozenset({"Safety", "Security", "CBRNE", "Rescue", "Fire"})


def kind_of(event: str, categories: Collection[str], severity: str) -> str:
    """Key of categories.CATEGORIES. `categories`, `severity` as CAP has them."""
    for key, words in _WORDS:
        if words.search(event):
            return key
    if severity in GRAVE and OF_A_CRISIS & set(categories):
        return "crisis"
    return "life"
