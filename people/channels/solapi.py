"""Text messages through SOLAPI, which chooses SMS or LMS by length.

The sender's number must be registered with the provider. KakaoTalk notices (알림톡) need an approved template
for each text: until the city has them, this sends text messages only.
"""

from concurrent.futures import ThreadPoolExecutor

import phonenumbers
from django.conf import settings
from solapi import SolapiMessageService
from solapi.error.MessageNotReceiveError import MessageNotReceivedError
from solapi.model import RequestMessage

from . import ChannelTrouble

#: How long an answer is waited for (seconds). The SDK itself has no such limit: it tries for half a minute.
ANSWER = 8
_asking = ThreadPoolExecutor(max_workers=8, thread_name_prefix="solapi")


class Channel:
    def accepts(self, to: str) -> bool:
        return to.startswith("+82")

    def send(self, to: str, text: str, key: str) -> str:
        if not (settings.SOLAPI_KEY and settings.SOLAPI_SECRET and settings.SOLAPI_SENDER):
            raise ChannelTrouble("SOLAPI_KEY, SOLAPI_SECRET or SOLAPI_SENDER is not set")
        number = phonenumbers.format_number(phonenumbers.parse(to), phonenumbers.PhoneNumberFormat.NATIONAL)
        message = RequestMessage(from_=settings.SOLAPI_SENDER, to=number.replace("-", ""), text=text)
        asked = _asking.submit(
            SolapiMessageService(settings.SOLAPI_KEY, settings.SOLAPI_SECRET).send, message
        )
        try:
            answer = asked.result(timeout=ANSWER)
        except TimeoutError as error:
            asked.cancel()  # if it did not begin; else it may still arrive, and then arrives twice
            raise ChannelTrouble(f"no answer within {ANSWER} s") from error
        except MessageNotReceivedError as error:
            reasons = ", ".join(str(failed.status_message) for failed in error.failed_messages)
            raise ChannelTrouble(reasons, permanent=True) from error
        except (
            Exception
        ) as error:  # the SDK lets those of its HTTP client through; all mean "perhaps not sent"
            raise ChannelTrouble(f"{type(error).__name__}: {error}") from error
        return str(answer.group_info.group_id)
