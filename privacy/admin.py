"""The access record, to be read only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import AccessRecord


@admin.register(AccessRecord)
class AccessRecordAdmin(admin.ModelAdmin):
    list_display = ["at", "identifier", "address", "action", "result", "detail"]
    list_filter = ["action", "result"]
    search_fields = ["identifier", "detail"]
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
