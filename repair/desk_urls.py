"""Addresses of an office: /repair/desk/."""

from django.urls import path

from .views import desk, desk_case, desk_deeds, desk_entry

urlpatterns = [
    path("desk/", desk.work, name="desk"),
    path("desk/find/", desk.find, name="desk_find"),
    path("desk/take/", desk.take, name="desk_take"),
    path("desk/new/", desk_entry.enter, name="desk_new"),
    path("desk/<uuid:pk>/", desk_case.case, name="desk_case"),
    path("desk/<uuid:pk>/receipt/", desk_case.receipt, name="desk_receipt"),
    path("desk/<uuid:pk>/<slug:key>/", desk_deeds.deed, name="desk_deed"),
]
