"""열린 자료: what anybody may have of a year that is over. No row of a person, and no number that leads to one.

Only ended years, and only what was done in them: nothing in them changes any more, so that two files cannot be
subtracted from each other. A number below FEW is hidden, with enough others that nobody can work it out again.
"""

from collections import Counter
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.utils import timezone

from people.models import District
from privacy.fields import opened
from privacy.small_numbers import FEW, HIDDEN, as_csv, suppressed

from .figures import FINISHED
from .groups import GROUP_LABELS
from .models import Case, CaseQuerySet, Device

#: As long as the groups are kept (personal_data.py): afterwards a year's table could not be made again.
KEPT_YEARS = 5
TABLE_COLUMNS = ("연도", "표", "항목", "수리한 건수")
#: Of the Open Repair Data Standard 0.3 what can be told: no place, no id, and times as coarse as a quarter.
DEVICE_COLUMNS = (
    *("country", "product_category", "repair_status", "repair_barrier_if_end_of_life"),
    *("decade_of_purchase", "event_quarter"),
)
CATEGORY = {Device.Kind.DESKTOP: "Desktop computer", Device.Kind.LAPTOP: "Laptop"}


def years() -> list[int]:
    """Ended years in which at least FEW were repaired, the newest first. One query."""
    this = timezone.localdate().year
    by_year = _done_in(this - KEPT_YEARS, this).annotate(year=ExtractYear("done_at")).values_list("year")
    return sorted((year for year, n in by_year.annotate(Count("pk")) if n >= FEW), reverse=True)


def _done_in(first: int, until: int) -> CaseQuerySet:
    """Done in the years from `first`, before `until` (Seoul)."""
    begin, end = (timezone.make_aware(datetime(year, 1, 1)) for year in (first, until))
    return Case.objects.filter(state__in=FINISHED, done_at__gte=begin, done_at__lt=end).order_by()


def tables(year: int) -> dict[str, dict[str, int | None]]:
    """Name of a table → item → count (None: hidden). All add up to the same sum: one list each, never crossed."""
    rows = list(opened(_done_in(year, year + 1), "group", "district__name"))
    groups = Counter(group for _, group, _ in rows)
    districts = Counter(district for _, _, district in rows)
    # Every item is listed, also where nothing was repaired: one that is missing would say that it is zero.
    names = District.objects.order_by("code").values_list("name", flat=True)
    return {
        "합계": {"모두": len(rows)},
        "읍면동": suppressed({name: districts[name] for name in names}),
        "지원 대상": suppressed({label: groups[group] for group, label in GROUP_LABELS.items()}),
    }


def device_rows(year: int) -> list[tuple[str, ...]]:
    """A row a device, in an order that says nothing. Quarters with few devices are left out, as `suppressed` says."""
    devices = Device.objects.filter(case__in=_done_in(year, year + 1)).exclude(outcome="").order_by()
    found = [
        (
            f"{year}-Q{(timezone.localdate(done).month + 2) // 3}",
            ("KOR", CATEGORY[Device.Kind(kind)], outcome, barrier, _decade(bought)),
        )
        for kind, outcome, barrier, bought, done in devices.values_list(
            "kind", "outcome", "barrier", "bought_in", "case__done_at"
        )
    ]
    quarters = {f"{year}-Q{n}": 0 for n in range(1, 5)} | Counter(quarter for quarter, _ in found)
    shown = suppressed(quarters)
    return sorted((*row, quarter) for quarter, row in found if shown[quarter] is not None)


def _decade(bought: int | None) -> str:
    return f"{bought // 10 * 10}s" if bought else ""


def tables_csv(year: int) -> str:
    return as_csv(
        TABLE_COLUMNS,
        (
            (year, table, item, HIDDEN if count is None else count)
            for table, counts in tables(year).items()
            for item, count in counts.items()
        ),
    )


def devices_csv(year: int) -> str:
    return as_csv(DEVICE_COLUMNS, device_rows(year))
