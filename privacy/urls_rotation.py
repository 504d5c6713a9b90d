"""Addresses under /privacy/ of moving to another key while everybody works."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
