"""Addresses under /privacy/ of the monthly review, and of who could see whom."""

from django.urls import path

from .views import reviews, rights

urlpatterns = [
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/findings/<uuid:pk>/", reviews.finding, name="finding"),
    path("reviews/findings/<uuid:pk>/ask/", reviews.ask, name="finding_ask"),
    path("rights/", rights.rights, name="rights"),
    path("explain/", reviews.explain, name="explain"),
    path("explain/<uuid:pk>/", reviews.explain, name="explain_one"),
]
