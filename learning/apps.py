"""Learning to live with phones, kiosks and the city's own pages."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "learning"
    verbose_name = "디지털배움터"
