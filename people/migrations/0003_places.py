"""The 30 districts and 157 legal areas of Jinju, from people/data (people/data/SOURCES.md)."""

from django.db import migrations

from people import places


def load(apps, schema_editor):
    District, LegalArea = apps.get_model("people", "District"), apps.get_model("people", "LegalArea")
    District.objects.bulk_create(District(**row) for row in places.districts())
    LegalArea.objects.bulk_create(LegalArea(**row) for row in places.legal_areas())


def unload(apps, schema_editor):
    """Only while nothing points at them: the foreign keys refuse otherwise."""
    District, LegalArea = apps.get_model("people", "District"), apps.get_model("people", "LegalArea")
    LegalArea.objects.filter(code__in=[row["code"] for row in places.legal_areas()]).delete()
    District.objects.filter(code__in=[row["code"] for row in places.districts()]).delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0002_append_only_grants")]
    operations = [migrations.RunPython(load, unload)]
