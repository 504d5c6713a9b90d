"""Addresses under /privacy/ of evidence for the yearly 보호수준 평가, contractors, the privacy notice."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
