"""Addresses under /repair/."""

from . import citizen_urls, city_urls, desk_urls, paper_urls, visit_urls

app_name = "repair"
urlpatterns = [
    *citizen_urls.urlpatterns,
    *desk_urls.urlpatterns,
    *visit_urls.urlpatterns,
    *city_urls.urlpatterns,
    *paper_urls.urlpatterns,
]
