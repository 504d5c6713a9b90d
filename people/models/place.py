"""Places of the city as the law names them: 읍면동 and 법정동·리. Loaded from people/data by a migration."""

from django.db import models


class District(models.Model):
    """읍면동 (administrative district): an office, its clerks and its villages."""

    code = models.CharField("행정동 코드", max_length=10, primary_key=True)
    name = models.CharField("이름", max_length=20, unique=True)
    kind = models.CharField("구분", max_length=1, choices=[(k, k) for k in "읍면동"])
    lat = models.FloatField("위도", help_text="degrees, WGS84, a point inside the shape")
    lon = models.FloatField("경도")
    area_km2 = models.FloatField("면적(km²)")
    boundary = models.JSONField("경계", help_text="[[lon, lat], …]: the outer ring, closed")

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "읍면동"

    def __str__(self) -> str:
        return self.name


class LegalArea(models.Model):
    """법정동 or 법정리. Names repeat between 면: match by code."""

    code = models.CharField("법정 코드", max_length=10, primary_key=True)
    name = models.CharField("이름", max_length=20)
    kind = models.CharField("구분", max_length=1, choices=[(k, k) for k in "동리"])
    district = models.ForeignKey(District, models.PROTECT, related_name="legal_areas", verbose_name="읍면동")
    lat = models.FloatField("위도", help_text="centre of the area, not a village hall")
    lon = models.FloatField("경도")

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "법정동·리"

    def __str__(self) -> str:
        return self.name
