"""관공서의 공휴일 of 2024 to 2027, day by day: written down once, so that no package can change what the tests expect.

Sources: 공휴일에 관한 법률 and 관공서의 공휴일에 관한 규정 (articles 2 and 3), with
- 월력요항 of 2024 (68 red days), 2025 (68) and 2026 (70), announced each June of the year before (2025 and 2026 by
  우주항공청); red days are Sundays and holidays. `ANNOUNCED` holds these sums, `DECIDED_LATER` what came after them.
- 임시공휴일 by the cabinet: 2024-10-01 (국군의 날), 2025-01-27; 2025-06-03, the day of the presidential election.
- 공휴일에 관한 법률, amended 2026-02-10: 제헌절 is a holiday again, with a substitute day; 노동절 (1 May) decided on
  2026-04-07. Their substitute days of 2027 follow from these by article 3.
- 공직선거법 제34조: 2024-04-10 (국회의원), 2026-06-03 (지방).
Of 2028 nothing is needed: three working days after 2027-12-31 end on 2028-01-05, and 2028-01-01 is a Saturday.
"""

from datetime import date

OFFICIAL = {
    # 2024
    date(2024, 1, 1): "1월 1일",
    date(2024, 2, 9): "설날 전날",
    date(2024, 2, 10): "설날",
    date(2024, 2, 11): "설날 다음 날",
    date(2024, 2, 12): "대체공휴일(설날)",
    date(2024, 3, 1): "3·1절",
    date(2024, 4, 10): "국회의원선거일",
    date(2024, 5, 5): "어린이날",
    date(2024, 5, 6): "대체공휴일(어린이날)",
    date(2024, 5, 15): "부처님 오신 날",
    date(2024, 6, 6): "현충일",
    date(2024, 8, 15): "광복절",
    date(2024, 9, 16): "추석 전날",
    date(2024, 9, 17): "추석",
    date(2024, 9, 18): "추석 다음 날",
    date(2024, 10, 1): "임시공휴일(국군의 날)",
    date(2024, 10, 3): "개천절",
    date(2024, 10, 9): "한글날",
    date(2024, 12, 25): "기독탄신일",
    # 2025
    date(2025, 1, 1): "1월 1일",
    date(2025, 1, 27): "임시공휴일",
    date(2025, 1, 28): "설날 전날",
    date(2025, 1, 29): "설날",
    date(2025, 1, 30): "설날 다음 날",
    date(2025, 3, 1): "3·1절",
    date(2025, 3, 3): "대체공휴일(3·1절)",
    date(2025, 5, 5): "어린이날, 부처님 오신 날",
    date(2025, 5, 6): "대체공휴일(부처님 오신 날)",
    date(2025, 6, 3): "대통령선거일",
    date(2025, 6, 6): "현충일",
    date(2025, 8, 15): "광복절",
    date(2025, 10, 3): "개천절",
    date(2025, 10, 5): "추석 전날",
    date(2025, 10, 6): "추석",
    date(2025, 10, 7): "추석 다음 날",
    date(2025, 10, 8): "대체공휴일(추석)",
    date(2025, 10, 9): "한글날",
    date(2025, 12, 25): "기독탄신일",
    # 2026
    date(2026, 1, 1): "1월 1일",
    date(2026, 2, 16): "설날 전날",
    date(2026, 2, 17): "설날",
    date(2026, 2, 18): "설날 다음 날",
    date(2026, 3, 1): "3·1절",
    date(2026, 3, 2): "대체공휴일(3·1절)",
    date(2026, 5, 1): "노동절",
    date(2026, 5, 5): "어린이날",
    date(2026, 5, 24): "부처님 오신 날",
    date(2026, 5, 25): "대체공휴일(부처님 오신 날)",
    date(2026, 6, 3): "지방선거일",
    date(2026, 6, 6): "현충일",
    date(2026, 7, 17): "제헌절",
    date(2026, 8, 15): "광복절",
    date(2026, 8, 17): "대체공휴일(광복절)",
    date(2026, 9, 24): "추석 전날",
    date(2026, 9, 25): "추석",
    date(2026, 9, 26): "추석 다음 날",
    date(2026, 10, 3): "개천절",
    date(2026, 10, 5): "대체공휴일(개천절)",
    date(2026, 10, 9): "한글날",
    date(2026, 12, 25): "기독탄신일",
    # 2027
    date(2027, 1, 1): "1월 1일",
    date(2027, 2, 6): "설날 전날",
    date(2027, 2, 7): "설날",
    date(2027, 2, 8): "설날 다음 날",
    date(2027, 2, 9): "대체공휴일(설날)",
    date(2027, 3, 1): "3·1절",
    date(2027, 5, 1): "노동절",
    date(2027, 5, 3): "대체공휴일(노동절)",
    date(2027, 5, 5): "어린이날",
    date(2027, 5, 13): "부처님 오신 날",
    date(2027, 6, 6): "현충일",
    date(2027, 7, 17): "제헌절",
    date(2027, 7, 19): "대체공휴일(제헌절)",
    date(2027, 8, 15): "광복절",
    date(2027, 8, 16): "대체공휴일(광복절)",
    date(2027, 9, 14): "추석 전날",
    date(2027, 9, 15): "추석",
    date(2027, 9, 16): "추석 다음 날",
    date(2027, 10, 3): "개천절",
    date(2027, 10, 4): "대체공휴일(개천절)",
    date(2027, 10, 9): "한글날",
    date(2027, 10, 11): "대체공휴일(한글날)",
    date(2027, 12, 25): "기독탄신일",
    date(2027, 12, 27): "대체공휴일(기독탄신일)",
}

#: Year → red days of its 월력요항: Sundays, and holidays on other days.
ANNOUNCED = {2024: 68, 2025: 68, 2026: 70}
#: What became a holiday after its year's 월력요항.
DECIDED_LATER = {date(2024, 10, 1), date(2025, 1, 27), date(2025, 6, 3), date(2026, 5, 1), date(2026, 7, 17)}
