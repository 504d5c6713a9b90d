"""Addresses of the experience zone (zone/), of the city's officer (city/), and of open data (open-data/)."""

from django.urls import path

from .views import city_pages, open_data, zone_pages

urlpatterns = [
    path("zone/", zone_pages.zones, name="zones"),
    path("zone/work/", zone_pages.work, name="zone_work"),
    path("zone/<int:pk>/", zone_pages.desk, name="zone_desk"),
    path("zone/<int:pk>/tap/", zone_pages.tap, name="zone_tap"),
    path("zone/<int:pk>/taps/<int:tap>/undo/", zone_pages.undo, name="zone_undo"),
    path("zone/<int:pk>/days/", zone_pages.days, name="zone_days"),
    path("zone/<int:pk>/days/<int:closure>/open/", zone_pages.day_open, name="zone_day_open"),
    path("zone/<int:pk>/hours/", zone_pages.hours, name="zone_hours"),
    path("zone/<int:pk>/devices/", zone_pages.devices, name="zone_devices"),
    path("zone/<int:pk>/devices/<int:device>/", zone_pages.device, name="zone_device"),
    path("city/figures/", city_pages.figures, name="city_figures"),
    path("city/report/<int:year>/", city_pages.report, name="city_report"),
    path("open-data/", open_data.open_data, name="open_data"),
    path("open-data/<int:year>.csv", open_data.tables_csv, name="open_data_tables"),
]
