"""Residents, and the codes by which somebody shows that a phone is theirs."""

import uuid

from django.db import models
from django.db.models import Q

from privacy.fields import EncryptedTextField


class Resident(models.Model):
    """A person whom a service serves. Made and changed by people/residents.py, which keeps the indexes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = EncryptedTextField("이름", max_length=50)
    phone = EncryptedTextField("전화", default="", blank=True, max_length=20, help_text="E.164")
    birth_date = EncryptedTextField("생년월일", default="", blank=True, max_length=10, help_text="YYYY-MM-DD")
    address = EncryptedTextField("주소", default="", blank=True, max_length=200)
    phone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    name_birth_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    created_at = models.DateTimeField("등록한 때", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "주민"

    def __str__(self) -> str:
        return f"주민 {str(self.pk)[:8]}"


class PhoneCode(models.Model):
    """Six digits that were sent to a phone, kept as a keyed hash. Works once, for minutes, for a few tries."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone = EncryptedTextField("휴대전화", max_length=20, help_text="E.164")
    phone_index = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    address = models.GenericIPAddressField("접속지", null=True, help_text="from where it was asked for")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "인증번호"
        indexes = [
            models.Index(fields=["phone_index", "created_at"], name="code_by_phone"),
            models.Index(fields=["address", "created_at"], name="code_by_address"),
        ]
        constraints = [models.CheckConstraint(condition=Q(tries__lte=5), name="five_tries_a_code")]

    def __str__(self) -> str:
        return str(self.pk)
