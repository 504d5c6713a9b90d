"""{{ user_agent|device }}: a device in words that its owner knows."""

from django import template

register = template.Library()

#: What a browser says of itself → what people call it. The first that fits.
DEVICES = [
    ("iPhone", "아이폰"),
    ("iPad", "아이패드"),
    ("Android", "안드로이드 휴대전화"),
    ("Windows", "윈도 컴퓨터"),
    ("Macintosh", "맥 컴퓨터"),
    ("Linux", "리눅스 컴퓨터"),
]
BROWSERS = [
    ("KAKAOTALK", "카카오톡"),
    ("NAVER", "네이버 앱"),
    ("SamsungBrowser", "삼성 인터넷"),
    ("Whale", "웨일"),
    ("Edg", "엣지"),
    ("Firefox", "파이어폭스"),
    ("Chrome", "크롬"),
    ("Safari", "사파리"),
]


@register.filter
def device(user_agent: str) -> str:
    """A guess, for recognising only."""
    found = [next((word for sign, word in words if sign in user_agent), "") for words in (DEVICES, BROWSERS)]
    return ", ".join(filter(None, found)) or "알 수 없는 기기"
