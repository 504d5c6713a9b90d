"""Addresses of a technician: /repair/visits/."""

from django.urls import URLPattern, path

from .views import visit_deeds, visits

urlpatterns: list[URLPattern] = [
    path("visits/", visits.visit_list, name="visits"),
    path("visits/take/<uuid:pk>/", visit_deeds.take, name="visit_take"),
    path("visits/<uuid:pk>/", visits.visit, name="visit"),
    path("visits/<uuid:pk>/done/", visits.done, name="visit_done"),
    path("visits/<uuid:pk>/sent/", visit_deeds.sent, name="visit_sent"),
    path("visits/<uuid:pk>/photo/", visit_deeds.photo, name="visit_photo"),
    path("visits/<uuid:pk>/do/<slug:deed>/", visit_deeds.deed, name="visit_deed"),
]
