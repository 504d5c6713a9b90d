"""A citizen has no account: their session holds the code by which they showed that a phone is theirs."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from privacy.masking import masked_phone
from privacy.one_query import Rows, with_key

from .models import PhoneCode

KEY = "citizen"


def start(request: HttpRequest, code: PhoneCode) -> None:
    """Makes this the session of whoever used `code`."""
    request.session.flush()
    request.session[KEY] = str(code.pk)
    request.session.set_expiry(settings.CITIZEN_SESSION_SECONDS)


def code_of(request: HttpRequest) -> PhoneCode | None:
    """The used code of this session, with the phone (E.164) and its blind index; None if there is none.

    Asked once a request: the page and its access record both want to know.
    """
    code_id = request.session.get(KEY)
    if not code_id:
        return None
    known: tuple[str, PhoneCode | None] | None = getattr(request, "citizen_code", None)
    if known is None or known[0] != code_id:
        since = timezone.now() - timedelta(seconds=settings.CITIZEN_SESSION_SECONDS)
        known = (
            code_id,
            with_key(Rows(PhoneCode, "used_at >= %s", [since], ("phone", "phone_index")), code_id)[0],
        )
        request.citizen_code = known  # type: ignore[attr-defined]
    return known[1]


def end(request: HttpRequest) -> None:
    request.session.flush()


def identifier(code: PhoneCode) -> str:
    """Who that is in the access record: the number masked, and enough of its blind index to tell two apart."""
    return f"{masked_phone(code.phone)} {code.phone_index[:12]}"


def identifier_of(request: HttpRequest) -> str:
    """`identifier` of whose session this is; '' if it is no citizen's."""
    code = code_of(request)
    return identifier(code) if code else ""
