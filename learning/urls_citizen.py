"""Addresses of citizens: /learning/, its classes, calendar and feed, and what is theirs by the code to their phone."""

from django.urls import path

from .views import citizen_booking, citizen_deeds, citizen_finding, citizen_mine

urlpatterns = [
    path("", citizen_finding.landing, name="landing"),
    path("classes/", citizen_finding.classes, name="classes"),
    path("classes/<int:pk>/", citizen_finding.one_class, name="class"),
    path("classes/<int:pk>/book/", citizen_booking.book, name="book"),
    path("calendar/", citizen_finding.calendar, name="calendar"),
    path("calendar.ics", citizen_finding.feed, name="feed"),
    path("mine/", citizen_mine.mine, name="mine"),
    path("mine/<uuid:pk>/", citizen_mine.my_booking, name="my_booking"),
    path("mine/<uuid:pk>/answer/", citizen_deeds.answer, name="my_booking_do"),
    path("mine/<uuid:pk>/cancel/", citizen_deeds.cancel, name="my_cancel"),
    path("mine/<uuid:pk>/move/", citizen_deeds.move, name="my_move"),
    path("mine/<uuid:pk>/class.ics", citizen_mine.calendar_file, name="my_calendar_file"),
    path("mine/<uuid:pk>/certificate/", citizen_mine.certificate, name="my_certificate"),
    path("mine/<uuid:pk>/series/", citizen_mine.my_series, name="my_series"),
]
