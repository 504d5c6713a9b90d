"""Text messages through SOLAPI, which chooses SMS or LMS by length.

The sender's number must be registered with the provider. Its HTTP API: https://developers.solapi.com
(POST /messages/v4/send-many/detail, signed with HMAC-SHA256), which the provider's own package speaks.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import phonenumbers
from django.conf import settings
from solapi import SolapiMessageService
from solapi.error.MessageNotReceiveError import MessageNotReceivedError
from solapi.model import RequestMessage

from ..phones import is_mobile
from . import ChannelTrouble

#: How long an answer is waited for (seconds). The SDK itself has no such limit: it tries for half a minute.
ANSWER = 8
_asking = ThreadPoolExecutor(max_workers=8, thread_name_prefix="solapi")


class Channel:
    def accepts(self, to: str, template: str) -> bool:
        return is_mobile(to)

    def send(self, to: str, text: str, key: str, template: str) -> str:
        return ask(to, text=text)

    def arrived(self, reference: str) -> bool | None:
        return group_arrived(reference)


def ask(to: str, **what: Any) -> str:
    """Sends one message to that number (E.164), and returns the id of its group. ChannelTrouble."""
    number = phonenumbers.format_number(phonenumbers.parse(to), phonenumbers.PhoneNumberFormat.NATIONAL)
    try:
        message = RequestMessage(from_=settings.SOLAPI_SENDER, to=number.replace("-", ""), **what)
    except ValueError:  # it would quote the number and the text
        raise ChannelTrouble("the message cannot be made", permanent=True) from None
    return str(_answer("send", message).group_info.group_id)


def group_arrived(group: str) -> bool | None:
    """Of the one message of that group (GET /messages/v4/groups/{groupId}). None: on its way. ChannelTrouble.

    A notice in KakaoTalk that went as a text message after all has arrived too.
    """
    told = _answer("get_group", group)
    if told.count.sent_success or told.count.sent_replacement:
        return True
    return False if told.status == "COMPLETE" and not told.count.sent_pending else None


def _answer(deed: str, about: Any) -> Any:
    """What the provider says, within ANSWER seconds."""
    if not (settings.SOLAPI_KEY and settings.SOLAPI_SECRET and settings.SOLAPI_SENDER):
        raise ChannelTrouble("SOLAPI_KEY, SOLAPI_SECRET or SOLAPI_SENDER is not set")
    service = SolapiMessageService(settings.SOLAPI_KEY, settings.SOLAPI_SECRET)
    service.base_url = settings.SOLAPI_URL
    asked = _asking.submit(getattr(service, deed), about)
    try:
        return asked.result(timeout=ANSWER)
    except TimeoutError as error:
        asked.cancel()  # if it did not begin; else it may still arrive, and then arrives twice
        raise ChannelTrouble(f"no answer within {ANSWER} s") from error
    except MessageNotReceivedError as error:
        reasons = ", ".join(str(failed.status_message) for failed in error.failed_messages)
        raise ChannelTrouble(reasons, permanent=True) from error
    except Exception as error:  # the SDK lets those of its HTTP client through; all mean "perhaps not sent"
        raise ChannelTrouble(f"{type(error).__name__}: {error}") from error
