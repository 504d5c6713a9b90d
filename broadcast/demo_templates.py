"""Templates of the example city: what an office, a chief and the police say again and again."""

from dataclasses import dataclass

from .models import Sender, Template
from .templates import write_template

AGREED = "예시: 시청과 함께 정한 것으로 꾸민 문구"


@dataclass(frozen=True)
class DemoTemplate:
    name: str
    category: str
    sender: str
    parts: tuple[str, ...]


DEMO_TEMPLATES = (
    DemoTemplate(
        "단수 안내 (예시)",
        "life",
        "",
        (
            "주민 여러분께 알려 드립니다.",
            "{날짜} {시작 시각}부터 {끝 시각}까지 {까닭} 때문에 물이 나오지 않습니다.",
            "미리 물을 받아 두시기 바랍니다. 자세한 것은 {문의 전화}로 물어 주십시오.",
        ),
    ),
    DemoTemplate(
        "폭염 주의 (예시)",
        "heat",
        "",
        (
            "오늘 낮 기온이 {기온}까지 오르겠습니다.",
            "논밭일과 바깥일을 멈추고, 물을 자주 드시고, 그늘에서 쉬시기 바랍니다.",
            "어지러우면 곧바로 119에 전화해 주십시오.",
        ),
    ),
    DemoTemplate(
        "보이스피싱 주의 (예시)",
        "phishing",
        Sender.POLICE,
        (
            "진주경찰서에서 알려 드립니다.",
            "요즘 {어떤 곳}이라고 속이고 {무엇}을 달라는 전화가 늘고 있습니다.",
            "전화를 끊고 112에 신고해 주십시오.",
        ),
    ),
)


def give_templates() -> None:
    """Those that are not there yet; twice changes nothing."""
    there = set(Template.objects.values_list("name", flat=True))
    for one in DEMO_TEMPLATES:
        if one.name not in there:
            about = {
                "name": one.name,
                "category": one.category,
                "sender": one.sender,
                "agreed": AGREED if one.sender else "",
                "is_active": True,
            }
            write_template(None, None, about, [(part, None) for part in one.parts])
