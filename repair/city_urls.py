"""Addresses of the city's officer and anybody who asks for figures: /repair/city/, /repair/open-data/."""

from django.urls import path

from .views import city, city_people, city_rules, city_waiting, figures, open_data, settlements

urlpatterns = [
    path("city/", city.city, name="city"),
    path("city/years/new/", city.year_new, name="city_year_new"),
    path("city/<int:year>/dates/", city.dates, name="city_dates"),
    path("city/<int:year>/budget/", city.budget, name="city_budget"),
    path("city/<int:year>/rules/", city_rules.rules, name="city_rules"),
    path("city/<int:year>/prices/", city_rules.prices, name="city_prices"),
    path("city/<int:year>/waiting/", city_waiting.waiting, name="city_waiting"),
    path("city/prices/<int:pk>/", city_rules.price, name="city_price"),
    path("city/<int:year>/contractor/", city_people.year_contractor, name="city_year_contractor"),
    path("city/contractors/", city_people.contractors, name="city_contractors"),
    path("city/technicians/", city_people.appoint, name="city_appoint"),
    path("city/technicians/<int:pk>/dismiss/", city_people.dismiss, name="city_dismiss"),
    path("city/settlements/", settlements.settlements, name="settlements"),
    path("city/settlements/<int:pk>/", settlements.settlement, name="settlement"),
    path("city/settlements/<int:pk>/file.xlsx", settlements.file, name="settlement_file"),
    path("city/figures/", figures.figures, name="figures"),
    path("open-data/", open_data.open_data, name="open_data"),
    path("open-data/<int:year>.csv", open_data.tables_csv, name="open_data_tables"),
    path("open-data/<int:year>-devices.csv", open_data.devices_csv, name="open_data_devices"),
]
