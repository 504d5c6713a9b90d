"""Addresses under /privacy/ of the privacy notice, contractors, and what was downloaded."""

from django.urls import path

from .views import notice

urlpatterns = [
    path("notice/", notice.notice, name="notice"),
    path("notice/<int:number>/", notice.notice, name="notice_version"),
    path("notice/publish/", notice.publish, name="notice_publish"),
    path("contractors/", notice.contractors, name="contractors"),
    path("contractors/<int:pk>/", notice.contractor, name="contractor"),
    path("downloads/", notice.downloads, name="downloads"),
]
