"""Addresses of files, behind their access check: /repair/papers/."""

from django.urls import path

from .views import paper

urlpatterns = [path("papers/<uuid:pk>/", paper.paper, name="paper")]
