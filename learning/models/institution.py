"""Where many people already meet: 경로당, 복지관, 노인대학. For their requests, and for the map of who was reached."""

from django.db import models

from people.models import District


class Institution(models.Model):
    """An institution of the city. No personal data: the contact of a request stands in the request."""

    class Kind(models.TextChoices):
        SENIOR_HALL = "senior_hall", "경로당"
        WELFARE = "welfare", "복지관"
        COLLEGE = "college", "노인대학"
        LIBRARY = "library", "도서관"
        OTHER = "other", "그 밖의 기관"

    name = models.CharField("이름", max_length=80)
    kind = models.CharField("구분", max_length=12, choices=Kind.choices, default=Kind.SENIOR_HALL)
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="읍면동")
    address = models.CharField("주소", max_length=200, blank=True)
    phone = models.CharField("전화", max_length=20, blank=True)
    lat = models.FloatField("위도", null=True, blank=True, help_text="degrees, WGS84; None: the district's")
    lon = models.FloatField("경도", null=True, blank=True)
    is_active = models.BooleanField("사용", default=True)
    is_example = models.BooleanField("예시", default=False, editable=False)

    class Meta:
        ordering = ["district", "name"]
        verbose_name = verbose_name_plural = "기관"
        constraints = [models.UniqueConstraint(fields=["district", "name"], name="one_institution_a_name")]

    def __str__(self) -> str:
        return self.name
