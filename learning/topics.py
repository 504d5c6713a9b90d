"""What is taught, and how far. Pure. One list for courses, instructors' skills and requests."""

from django.db import models


class Topic(models.TextChoices):
    SMARTPHONE = "smartphone", "스마트폰"
    KIOSK = "kiosk", "키오스크"
    APPS = "apps", "앱(카카오톡·지도·교통)"
    CIVIL = "civil", "온라인 민원"
    SAFETY = "safety", "보이스피싱과 개인정보 지키기"
    COMPUTER = "computer", "컴퓨터와 인터넷"
    AI = "ai", "인공지능 써 보기"


class Level(models.IntegerChoices):
    """Each stands on the one before."""

    FIRST = 1, "첫걸음"
    BASIC = 2, "기본"
    USING = 3, "활용"


class AgeBand(models.TextChoices):
    """For figures: never the birthday itself."""

    UNKNOWN = "", "모름"
    UNDER_50 = "u50", "50세 미만"
    FIFTIES = "50s", "50대"
    SIXTIES = "60s", "60대"
    SEVENTIES = "70s", "70대"
    OVER_80 = "80s", "80세 이상"


def age_band(age: int | None) -> AgeBand:
    """`age` in whole years; None: not told."""
    if age is None:
        return AgeBand.UNKNOWN
    for most, band in (
        (49, AgeBand.UNDER_50),
        (59, AgeBand.FIFTIES),
        (69, AgeBand.SIXTIES),
        (79, AgeBand.SEVENTIES),
    ):
        if age <= most:
            return band
    return AgeBand.OVER_80
