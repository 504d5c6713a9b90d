"""E-mail through Django's mail backend (EMAIL_BACKEND: SMTP, or any of django-anymail's)."""

from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import send_mail

from . import ChannelTrouble


class Channel:
    def accepts(self, to: str, template: str) -> bool:
        return "@" in to

    def send(self, to: str, text: str, key: str, template: str) -> str:
        subject = text.splitlines()[0][:100]
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [to])
        except SMTPRecipientsRefused as error:
            raise ChannelTrouble(str(error), permanent=True) from error
        except Exception as error:  # each backend has errors of its own; all of them mean "not sent"
            raise ChannelTrouble(f"{type(error).__name__}: {error}") from error
        return ""
