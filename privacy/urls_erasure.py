"""Addresses under /privacy/ of destroying: previews, second person, register."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
