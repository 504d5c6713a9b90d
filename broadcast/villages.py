"""The city's list of villages and devices into the database: all of it or nothing, and twice is once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from people.models import District, LegalArea
from people.places import districts_of_legal_area

from .gateway_keys import give_keys
from .gateways import DRIVERS, driver
from .models import Gateway, Village
from .village_list import Area, Place, Problem, Row, Surroundings, read_lines, read_rows
from .village_list.cells import shown

M = TypeVar("M", Village, Gateway)

#: What the list decides of a village and of a device.
VILLAGE_FIELDS = ["name", "district", "legal_area", "lat", "lon", "homes", "is_example", "is_active"]
DEVICE_FIELDS = ["village", "driver", "address", "is_active"]
#: What its driver decides of a device, unless somebody changes it later.
ABILITIES = ["remembers_ids", "can_stop", "has_volume"]


@dataclass
class Report:
    """What an import did or, if it was a dry run, would do. With `problems` nothing is changed.

    `missing`: villages and devices in use that the file does not have.
    """

    problems: list[Problem]
    ignored_columns: list[str]
    new_villages: list[Village] = field(default_factory=list)
    changed_villages: list[Village] = field(default_factory=list)
    new_devices: list[Gateway] = field(default_factory=list)
    changed_devices: list[Gateway] = field(default_factory=list)
    missing_villages: list[Village] = field(default_factory=list)
    missing_devices: list[Gateway] = field(default_factory=list)


@transaction.atomic
def import_villages(data: bytes, *, dry_run: bool = False, deactivate_missing: bool = False) -> Report:
    """Brings villages and devices to what the file says; those missing from it are switched off only if asked.

    Raises NotAList if it is no such file; what is wrong in its lines stands in the report. New devices get a key.
    """
    lines = read_lines(data)
    rows, problems = read_rows(lines, surroundings())
    villages = {v.code: v for v in Village.objects.select_for_update(of=("self",)).select_related("district")}
    devices = {g.code: g for g in Gateway.objects.select_for_update(of=("self",)).select_related("village")}
    problems += names_taken(rows, villages.values())
    drivers = {code: device.driver for code, device in devices.items()}
    problems += addresses_not_read(rows, drivers)
    report = Report(sorted(problems), lines.unknown)
    if problems:
        return report
    report.new_villages, report.changed_villages = _brought_up_to(
        Village, villages, {row.village["code"]: {**row.village, "is_example": False} for row in rows}
    )
    report.missing_villages = _missing(villages, {row.village["code"] for row in rows})
    if "장비번호" in lines.columns:
        wanted = {row.device: _device(row, villages) for row in rows if row.device}
        report.new_devices, report.changed_devices = _brought_up_to(Gateway, devices, wanted)
        report.missing_devices = _missing(devices, wanted)
        _able_as_their_kind(report, drivers)
    if not dry_run:
        _save(report)
        if deactivate_missing:
            Village.objects.filter(pk__in=[v.pk for v in report.missing_villages]).update(is_active=False)
            Gateway.objects.filter(pk__in=[g.pk for g in report.missing_devices]).update(is_active=False)
    return report


def surroundings() -> Surroundings:
    """Districts with their shapes, and legal areas with every district that they reach into."""
    reach = districts_of_legal_area()
    return Surroundings(
        {d.code: Place(d.code, d.name, d.boundary) for d in District.objects.all()},
        {
            a.code: Area(a.code, a.name, reach.get(a.code, frozenset([a.district_id])))
            for a in LegalArea.objects.all()
        },
    )


def names_taken(rows: Sequence[Row], known: Iterable[Village]) -> list[Problem]:
    """Names that a village of the district has which the file does not speak of."""
    codes = {row.village["code"] for row in rows}
    taken = {(v.district_id, v.name): v.code for v in known if v.code not in codes}
    return [
        Problem(
            row.line,
            "마을이름",
            f"이 이름은 마을코드 {taken[name]}인 마을이 이미 쓰고 있습니다.",
            "같은 마을이면 그 마을코드를, 다른 마을이면 다른 이름을 적어 주세요.",
        )
        for row in rows
        if (name := (row.village["district_id"], row.village["name"])) in taken
    ]


def addresses_not_read(rows: Iterable[Row], drivers: Mapping[str, str]) -> list[Problem]:
    """Addresses that the device's driver cannot read. `drivers`: of the devices that are known, by code."""
    problems = []
    for row in rows:
        kind = row.driver or drivers.get(row.device, DRIVERS[0])
        try:
            if row.device and row.address and (known := driver(kind)):
                known.check_address(row.address)
        except ValueError as error:
            wrong = f"'{shown(row.address)}'은(는) {kind} 방식으로 쓸 수 없는 주소입니다."
            problems.append(Problem(row.line, "장비주소", wrong, str(error)))
    return problems


def _able_as_their_kind(report: Report, drivers: Mapping[str, str]) -> None:
    for device in [*report.new_devices, *report.changed_devices]:
        if device.driver != drivers.get(device.code) and (kind := driver(device.driver)):
            for ability in ABILITIES:
                setattr(device, ability, getattr(kind.NATURE, ability))


def _device(row: Row, villages: Mapping[str, Village]) -> dict[str, Any]:
    fields = {"code": row.device, "village": villages[row.village["code"]], "address": row.address}
    # Without a column 방식 the known driver stays.
    return fields | ({"driver": row.driver} if row.driver else {})


def _brought_up_to(
    model: type[M], known: dict[str, M], wanted: Mapping[str, dict[str, Any]]
) -> tuple[list[M], list[M]]:
    """New rows (also put into `known`) and the known ones that had to change, both in memory only."""
    new, changed = [], []
    for code, fields in wanted.items():
        fields = {**fields, "is_active": True}
        row = known.get(code)
        if row is None:
            known[code] = model(**fields)
            new.append(known[code])
        elif any(getattr(row, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(row, name, value)
            changed.append(row)
    return new, changed


def _missing(known: Mapping[str, M], wanted: Collection[str]) -> list[M]:
    return [row for code, row in known.items() if row.is_active and code not in wanted]


def _save(report: Report) -> None:
    # Names may change places between villages: each lets go of its own before any takes another's.
    moved = [village.pk for village in report.changed_villages]
    Village.objects.filter(pk__in=moved).update(name=Concat(Value("~"), F("code")))
    Village.objects.bulk_create(report.new_villages)
    Village.objects.bulk_update(report.changed_villages, VILLAGE_FIELDS)
    Gateway.objects.bulk_create(report.new_devices)
    Gateway.objects.bulk_update(report.changed_devices, DEVICE_FIELDS + ABILITIES)
    give_keys([device.code for device in report.new_devices])
