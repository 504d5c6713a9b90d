"""Addresses under /privacy/ of moving to another key while everybody works."""

from django.urls import path

from .views import keys

urlpatterns = [path("keys/", keys.keys, name="keys")]
