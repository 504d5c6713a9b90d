"""How things are typed and how they are said: the tables of reading.py. Adding one is one entry here."""

DAYS = "월화수목금토일"
MONTHS = {6: "유월", 10: "시월"}

# Said digit by digit when they count nothing: 119, not 백십구.
EMERGENCY = (
    *(
        "109",
        "110",
        "111",
        "112",
        "113",
        "117",
        "118",
        "119",
        "120",
        "122",
        "125",
        "128",
        "129",
        "131",
        "132",
    ),
    *("182", "188", "1330", "1339", "1345", "1350", "1355", "1366", "1388", "1393"),
)

# Counters with native numerals (세 명), each with the number up to which people use them.
NATIVE_COUNTERS = {
    **dict.fromkeys(["시"], 12),
    **dict.fromkeys(
        ["시간", "가구", "집", "마을", "팀", "곳", "군데", "달", "번째", "차례", "가지", "배"], 20
    ),
    **dict.fromkeys(
        ["명", "사람", "개", "마리", "대", "잔", "병", "권", "장", "채", "그루", "포대", "포기"], 20
    ),
    **dict.fromkeys(
        ["켤레", "벌", "통", "봉지", "상자", "박스", "묶음", "쌍", "줄", "칸", "끼", "자루", "송이"], 20
    ),
    **dict.fromkeys(["그릇", "방울", "다발", "바퀴", "모", "알", "판", "갑", "필", "척", "건"], 20),
    **dict.fromkeys(["살"], 99),
}
# A counter ends where the word ends, or where one of these follows: 3명이, 3시부터; but not 3개월, 2대표.
AFTER_COUNTER = (
    "(?:이[나며고다]?|가|은|는|을|를|에서?|에게|의|로|으로|와|과|도|만|까지|부터|씩|쯤|정도|이상|이하|미만|초과|간|전|후"
    "|께|당|짜리|중|째|입|인|반|경|동안|마다|밖에|보다|안에|내외|남짓|가량|하고|뿐|라도)"
)

UNITS = {
    "%p": "퍼센트포인트", "%": "퍼센트", "°C": "도", "°": "도", "km": "킬로미터", "m": "미터",
    "cm": "센티미터", "mm": "밀리미터", "kg": "킬로그램", "g": "그램", "mg": "밀리그램", "t": "톤",
    "L": "리터", "l": "리터", "ml": "밀리리터", "mL": "밀리리터", "cc": "씨씨", "m2": "제곱미터",
    "m3": "세제곱미터", "km2": "제곱킬로미터", "ha": "헥타르", "kW": "킬로와트", "kWh": "킬로와트시",
    "W": "와트", "V": "볼트", "A": "암페어", "ppm": "피피엠", "hPa": "헥토파스칼", "dB": "데시벨",
    "GB": "기가바이트", "MB": "메가바이트", "Gal": "갈", "kcal": "킬로칼로리",
    "a": "아르",
}  # fmt: skip
# Said in front: 시속 60킬로미터.
RATES = {
    "km/h": ("시속", "킬로미터"),
    "m/s": ("초속", "미터"),
    "mm/h": ("시간당", "밀리미터"),
    "μg/m3": ("세제곱미터당", "마이크로그램"),
}

LETTERS = {
    "A": "에이", "B": "비", "C": "씨", "D": "디", "E": "이", "F": "에프", "G": "지", "H": "에이치",
    "I": "아이", "J": "제이", "K": "케이", "L": "엘", "M": "엠", "N": "엔", "O": "오", "P": "피", "Q": "큐",
    "R": "알", "S": "에스", "T": "티", "U": "유", "V": "브이", "W": "더블유", "X": "엑스", "Y": "와이",
    "Z": "제트",
}  # fmt: skip

# Latin in notices that is not spelled letter by letter, or is mostly typed small.
ABBREVIATIONS = {
    "wi-fi": "와이파이", "wifi": "와이파이", "app": "앱", "apt": "아파트", "ok": "오케이",
    "covid-19": "코로나 십구", "e-mail": "이메일", "email": "이메일", "tel": "전화", "zoom": "줌",
    "sns": "에스엔에스", "cctv": "씨씨티브이", "tv": "티브이", "pc": "피씨", "sms": "에스엠에스",
    "ars": "에이알에스", "am": "오전", "pm": "오후", "naver": "네이버", "youtube": "유튜브",
    "kakao": "카카오", "kakaotalk": "카카오톡", "d-day": "디데이", "www": "더블유더블유더블유",
    "pm2.5": "초미세먼지", "pm10": "미세먼지",
}  # fmt: skip
# In an address of the net.
NET_ENDS = {
    "go": "지오", "or": "오알", "co": "씨오", "kr": "케이알", "com": "컴", "net": "넷", "org": "오알지", "io": "아이오",
}  # fmt: skip
NET_SIGNS = {".": "점", "/": "슬래시", "-": "대시"}
