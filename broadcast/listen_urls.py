"""Addresses for residents, under /broadcast/listen/; names as in urls.py."""

from django.urls import path

from .views import complaints, residents, subscriptions

urlpatterns = [
    path("", residents.find, name="find_village"),
    path("forget/", residents.forget, name="forget_village"),
    path("in/<slug:code>/", residents.district, name="district"),
    path("sound/<uuid:pk>/", residents.sound, name="sound"),
    path("<int:pk>/", residents.village, name="village"),
    path("<int:pk>/fresh/", residents.fresh, name="fresh"),
    path("<int:pk>/feed/", residents.feed, name="feed"),
    path("<int:pk>/remember/", residents.remember, name="remember_village"),
    path("<int:pk>/texts/", subscriptions.subscribe, name="subscribe"),
    path("<int:pk>/texts/code/", subscriptions.subscribe_code, name="subscribe_code"),
    path("<int:pk>/texts/again/", subscriptions.subscribe_again, name="subscribe_again"),
    path("<int:pk>/noise/", complaints.noise, name="noise"),
]
