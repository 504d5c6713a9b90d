"""What somebody has typed so far, before there is a case."""

import uuid

from django.db import models

from privacy.fields import EncryptedTextField


class Draft(models.Model):
    """What a citizen has typed so far. Theirs by phone code, on any device; gone once it is filed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone_index = models.CharField(max_length=64, unique=True, editable=False)
    answers = EncryptedTextField("적으신 것", default="{}", help_text="JSON: step → field → what was typed")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "작성 중인 신청"

    def __str__(self) -> str:
        return str(self.pk)
