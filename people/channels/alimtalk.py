"""알림톡: notices in KakaoTalk through SOLAPI, for those templates that Kakao has approved.

Kakao takes a text only if it is an approved template, filled in. The city registers the text of
templates/messages/<name>.txt with the provider (each {{ variable }} as #{variable}), and writes the id that it gets
into ALIMTALK_TEMPLATES: "learning_booked=KA01TP…,learning_offer=KA01TP…". Templates without an id go as text messages.
A phone without KakaoTalk gets the same words as a text message by the provider itself.
"""

from django.conf import settings
from solapi.model import KakaoOption

from ..phones import is_mobile
from .solapi import ask, group_arrived


class Channel:
    def accepts(self, to: str, template: str) -> bool:
        approved = settings.ALIMTALK_CHANNEL and settings.ALIMTALK_TEMPLATES.get(template)
        return bool(approved) and is_mobile(to)

    def send(self, to: str, text: str, key: str, template: str) -> str:
        kakao = KakaoOption(
            pf_id=settings.ALIMTALK_CHANNEL,
            template_id=settings.ALIMTALK_TEMPLATES[template],
            variables=None,
            disable_sms=False,
        )
        return ask(to, text=text, kakao_options=kakao)

    def arrived(self, reference: str) -> bool | None:
        return group_arrived(reference)
