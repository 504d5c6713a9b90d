"""The city's list: every way in which a file made by people can be wrong, and that twice is once."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from broadcast import village_list
from broadcast.models import Gateway, GatewayKey, Village
from broadcast.village_list import NotAList
from broadcast.villages import Report, import_villages
from tests import make

pytestmark = pytest.mark.django_db

HEADER = "마을코드,읍면동,법정동리코드,마을이름,위도,경도,가구수,장비번호,장비주소,방식"
SANGI = "M1,문산읍,4817025021,상이마을,35.17391,128.19295,85,JJ-1,https://192.0.2.1/JJ-1,http"
SINCHON = "M2,문산읍,4817025027,신촌마을,35.15772,128.14264,,JJ-2,https://192.0.2.1/JJ-2,"
OTHER_SINCHON = "M3,일반성면,4817036021,신촌마을,35.17299,128.28103,40,JJ-3,https://192.0.2.1/JJ-3,http"


@pytest.fixture(autouse=True)
def places() -> None:
    make.places()


def file(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines)).encode()


def changed(line: str, **cells: str) -> str:
    names = HEADER.split(",")
    return ",".join(cells.get(name, cell) for name, cell in zip(names, line.split(","), strict=True))


def problems_of(*lines: str) -> list[tuple[int, str]]:
    report = import_villages(file(*lines))
    assert not Village.objects.exists()
    return [(problem.line, problem.column) for problem in report.problems]


def counts(report: Report) -> tuple[int, ...]:
    return (
        len(report.new_villages),
        len(report.changed_villages),
        len(report.new_devices),
        len(report.changed_devices),
        len(report.missing_villages),
        len(report.missing_devices),
    )


def test_a_right_file() -> None:
    report = import_villages(file(SANGI, SINCHON, OTHER_SINCHON))
    assert not report.problems
    assert counts(report) == (3, 0, 3, 0, 0, 0)
    village = Village.objects.get(code="M1")
    assert (village.name, village.district.name, village.legal_area.name) == ("상이마을", "문산읍", "상문리")
    assert (village.lat, village.lon, village.homes, village.is_example) == (35.17391, 128.19295, 85, False)
    gateway = village.gateways.get()
    assert (gateway.code, gateway.address, gateway.driver) == ("JJ-1", "https://192.0.2.1/JJ-1", "http")
    assert len(bytes.fromhex(gateway.keys.get().secret)) == 32
    assert Village.objects.get(code="M2").homes is None


def test_twice_is_once() -> None:
    import_villages(file(SANGI, SINCHON))
    keys = set(GatewayKey.objects.values_list("pk", flat=True))
    assert counts(import_villages(file(SANGI, SINCHON))) == (0,) * 6
    assert set(GatewayKey.objects.values_list("pk", flat=True)) == keys


def test_a_dry_run_changes_nothing() -> None:
    assert counts(import_villages(file(SANGI, SINCHON), dry_run=True)) == (2, 0, 2, 0, 0, 0)
    assert not Village.objects.exists()
    import_villages(file(SANGI))
    report = import_villages(file(changed(SANGI, 가구수="90")), dry_run=True, deactivate_missing=True)
    assert counts(report) == (0, 1, 0, 0, 0, 0)
    assert Village.objects.get().homes == 85


def test_all_or_nothing() -> None:
    assert problems_of(SANGI, changed(SINCHON, 읍면동="문산")) == [(3, "읍면동")]
    assert not Gateway.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_excel_saves(encoding: str, newline: str) -> None:
    data = newline.join((HEADER, SANGI, ",,,,,,,,,", "")).encode(encoding)
    assert counts(import_villages(data)) == (1, 0, 1, 0, 0, 0)


def test_columns_in_any_order_with_spaces_and_others() -> None:
    header = " 경도 ,위 도,비고,마을 이름,읍면동,마을코드"
    report = import_villages(
        file('128.19295, 35.17391 ,"이장, 부재", 상이마을 ,진주시 문산읍,M1', header=header)
    )
    assert report.ignored_columns == ["비고"]
    assert Village.objects.get().name == "상이마을"


def test_a_column_that_is_not_there_leaves_what_is_known() -> None:
    import_villages(file(SANGI))
    header = "마을코드,읍면동,마을이름,위도,경도"
    report = import_villages(file("M1,4817025000,상일마을,35.17391,128.19295", header=header))
    assert counts(report) == (0, 1, 0, 0, 0, 0)
    village = Village.objects.get()
    assert (village.name, village.homes, village.legal_area_id) == ("상일마을", 85, "4817025021")
    assert village.gateways.get().is_active


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"마을코드": ""}, "마을코드", "비어"),
        ({"마을코드": "a/b"}, "마을코드", "쓸 수 없는"),
        ({"마을코드": "=A1"}, "마을코드", "수식"),
        ({"마을코드": "4.81703E+11"}, "마을코드", "텍스트"),
        ({"마을이름": ""}, "마을이름", "비어"),
        ({"마을이름": "가" * 41}, "마을이름", "40자"),
        ({"마을이름": "@SUM(1)"}, "마을이름", "수식"),
        ({"읍면동": ""}, "읍면동", "비어"),
        ({"읍면동": "문신읍"}, "읍면동", "문산읍"),
        ({"읍면동": "해운대구"}, "읍면동", "진주시의 읍면동이 아닙니다"),
        ({"위도": ""}, "위도", "비어"),
        ({"위도": "삼십오"}, "위도", "숫자"),
        ({"위도": "nan"}, "위도", "숫자"),
        ({"위도": "1e2"}, "위도", "숫자"),
        ({"위도": "128.19295"}, "위도", "바뀐"),
        ({"경도": "35.17391"}, "경도", "바뀐"),
        ({"위도": "37.5"}, "위도", "너무 멉니다"),
        ({"위도": "35.20", "경도": "128.05"}, "위도", "이현동"),
        ({"가구수": "많음"}, "가구수", "숫자만"),
        ({"가구수": "-3"}, "가구수", "수식"),
        ({"가구수": "#N/A"}, "가구수", "오류"),
        ({"법정동리코드": "4817036021"}, "법정동리코드", "창촌리"),
        ({"법정동리코드": "4817025121"}, "법정동리코드", "상문리 4817025021"),
        ({"법정동리코드": "상문리"}, "법정동리코드", "4817025021"),
        ({"법정동리코드": "9999999999"}, "법정동리코드", "10자리"),
        ({"장비번호": "장비 1"}, "장비번호", "영문"),
        ({"장비번호": ""}, "장비번호", "번호가 없습니다"),
        ({"장비주소": ""}, "장비주소", "주소가 없습니다"),
        ({"장비주소": "ftp://192.0.2.1/x"}, "장비주소", "쓸 수 없는"),
        ({"장비주소": "http://user:pw@192.0.2.1/x"}, "장비주소", "쓸 수 없는"),
        ({"장비주소": "http://192.0.2.1:99999/x"}, "장비주소", "쓸 수 없는"),
        ({"방식": "비둘기"}, "방식", "http"),
    ],
)
def test_a_wrong_cell(cells: dict[str, str], column: str, words: str) -> None:
    report = import_villages(file(SINCHON, changed(SANGI, **cells)))
    assert [(p.line, p.column) for p in report.problems] == [(3, column)]
    problem = report.problems[0]
    assert words in problem.wrong + problem.mend
    assert problem.mend
    assert not Village.objects.exists()


def test_lines_that_contradict_each_other() -> None:
    assert problems_of(SANGI, SANGI.replace("JJ-1", "JJ-9").replace("85", "86")) == [(3, "마을코드")]
    assert problems_of(SANGI, changed(SANGI, 장비번호="", 장비주소="", 방식="")) == [(3, "마을코드")]
    assert problems_of(SANGI, changed(SANGI, 마을코드="M9", 장비번호="J9", 장비주소="http://h/9")) == [
        (3, "마을이름")
    ]
    assert problems_of(SANGI, changed(SINCHON, 장비번호="JJ-1")) == [(3, "장비번호")]
    assert problems_of(SANGI, changed(SINCHON, 장비주소="https://192.0.2.1/JJ-1/")) == [(3, "장비주소")]


def test_a_village_with_two_devices() -> None:
    report = import_villages(file(SANGI, SANGI.replace("JJ-1", "JJ-9")))
    assert counts(report) == (1, 0, 2, 0, 0, 0)


def test_every_wrong_line_is_told() -> None:
    wrong = [changed(SANGI, 마을코드=f"W{n}", 읍면동="없음", 위도="x") for n in range(3)]
    found = import_villages(file(SINCHON, *wrong)).problems
    assert [(p.line, p.column) for p in found if p.column in ("읍면동", "위도")] == [
        (3, "위도"), (3, "읍면동"), (4, "위도"), (4, "읍면동"), (5, "위도"), (5, "읍면동")
    ]  # fmt: skip


def test_near_the_border_is_near_enough() -> None:
    # The centre of 소문리 itself lies 25 m outside the simplified shape of 문산읍.
    assert not import_villages(file(changed(SANGI, 위도="35.17245", 경도="128.15440"))).problems


@pytest.mark.parametrize(
    ("area", "district", "lat", "lon"),
    [
        ("4817012500", "평거동", "35.17572", "128.06161"),
        ("4817012600", "판문동", "35.17890", "128.03102"),
        ("4817012700", "평거동", "35.17572", "128.06161"),
    ],
)
def test_legal_areas_that_reach_into_a_second_district(area: str, district: str, lat: str, lon: str) -> None:
    line = changed(SANGI, 법정동리코드=area, 읍면동=district, 위도=lat, 경도=lon)
    assert not import_villages(file(line)).problems


def test_a_name_that_another_village_has() -> None:
    import_villages(file(SANGI))
    found = import_villages(file(changed(SINCHON, 마을이름="상이마을"))).problems
    assert [(p.line, p.column) for p in found] == [(2, "마을이름")]
    assert "M1" in found[0].wrong


def test_names_change_places() -> None:
    import_villages(file(SANGI, SINCHON))
    swapped = changed(SANGI, 마을이름="신촌마을"), changed(SINCHON, 마을이름="상이마을")
    assert counts(import_villages(file(*swapped))) == (0, 2, 0, 0, 0, 0)
    assert dict(Village.objects.values_list("code", "name")) == {"M1": "신촌마을", "M2": "상이마을"}


def test_a_device_moves_and_changes_its_address() -> None:
    import_villages(file(SANGI, SINCHON))
    moved = changed(SANGI, 장비번호="JJ-2"), changed(SINCHON, 장비번호="JJ-1")
    assert counts(import_villages(file(*moved))) == (0, 0, 0, 2, 0, 0)
    assert Gateway.objects.get(code="JJ-1").village.code == "M2"
    assert GatewayKey.objects.count() == 2


def test_the_missing_are_told_and_switched_off_only_if_asked() -> None:
    import_villages(file(SANGI, SINCHON))
    assert counts(import_villages(file(SANGI))) == (0, 0, 0, 0, 1, 1)
    assert Village.objects.filter(is_active=True).count() == 2
    import_villages(file(SANGI), deactivate_missing=True)
    assert not Village.objects.get(code="M2").is_active
    assert not Gateway.objects.get(code="JJ-2").is_active
    assert counts(import_villages(file(SANGI))) == (0,) * 6
    assert counts(import_villages(file(SANGI, SINCHON))) == (0, 1, 0, 1, 0, 0)
    assert Village.objects.get(code="M2").is_active


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "빈 파일"),
        (b" \n\n", "빈 파일"),
        (HEADER.encode(), "한 줄도"),
        (HEADER.encode() + b"\n,,,\n", "한 줄도"),
        (b"PK\x03\x04" + b"x" * 50, "CSV 파일이 아닙니다"),
        (HEADER.encode("utf-16"), "CSV 파일이 아닙니다"),
        (b"\xff\xff\xff,\x80\n", "글자를 읽을 수"),
        (file(SANGI, header="이름,주소"), "마을코드"),
        (file(SANGI, header=HEADER.replace(",", ";")), "쉼표로"),
        (file(SANGI, header=HEADER.replace("가구수", "위도")), "두 번"),
        (file(SANGI, header=HEADER.replace("장비주소", "주소")), "장비주소"),
        (file(SANGI + ",넘침"), "제목보다 많습니다"),
        (file('M1,"문산읍'), "따옴표"),
        (b"x" * (village_list.MOST_BYTES + 1), "너무 큽니다"),
        (file(*([SANGI] * 5001)), "5,000줄"),
    ],
)
def test_a_file_that_is_no_list(data: bytes, words: str) -> None:
    with pytest.raises(NotAList, match=words):
        import_villages(data)


def test_queries_do_not_grow_with_the_list(django_assert_num_queries) -> None:
    few = [line(n) for n in range(3)]
    many = [line(n) for n in range(300)]
    import_villages(file(*few))
    with django_assert_num_queries(6):
        import_villages(file(*few), dry_run=True)
    with django_assert_num_queries(6):
        import_villages(file(*many), dry_run=True)


def line(n: int) -> str:
    return changed(SANGI, 마을코드=f"C{n}", 마을이름=f"마을{n}", 장비번호=f"D{n}", 장비주소=f"http://h/{n}")


def test_the_command_speaks_korean(tmp_path: Path) -> None:
    path, out = tmp_path / "list.csv", StringIO()
    path.write_bytes(file(SANGI, changed(SINCHON, 읍면동="문신읍")))
    with pytest.raises(CommandError, match="아무것도 바꾸지 않았습니다"):
        call_command("import_villages", path, stdout=out)
    assert (
        "3번째 줄, 읍면동: '문신읍'은(는) 진주시의 읍면동이 아닙니다. → 혹시 문산읍입니까?" in out.getvalue()
    )
    path.write_bytes(file(SANGI))
    call_command("import_villages", path, dry_run=True, stdout=out)
    assert "연습입니다" in out.getvalue()
    call_command("import_villages", path, stdout=out)
    assert "새 마을 1건\n  문산읍 상이마을" in out.getvalue()
    with pytest.raises(CommandError, match="열 수 없습니다"):
        call_command("import_villages", tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("driver", "address", "able"),
    [
        ("http", "https://192.0.2.1/JJ-1", (True, True, True)),
        ("mqtt", "mqtt:JJ-1", (True, True, True)),
        ("sip", "sip:1001@192.0.2.5", (False, True, False)),
        ("axis", "https://192.0.2.20", (False, True, False)),
        ("axis_clip", "https://192.0.2.20", (False, True, True)),
    ],
)
def test_each_kind_has_its_own_addresses_and_abilities(driver: str, address: str, able: tuple) -> None:
    line = changed(SANGI, 방식=driver, 장비주소=address)
    assert not import_villages(file(line)).problems
    device = Gateway.objects.get()
    assert (device.driver, device.address) == (driver, address)
    assert (device.remembers_ids, device.can_stop, device.has_volume) == able
    assert counts(import_villages(file(line))) == (0,) * 6
    wrong = import_villages(file(changed(line, 장비주소="JJ-1"))).problems
    assert [(p.line, p.column) for p in wrong] == [(2, "장비주소")]
    assert driver.split("_")[0] in wrong[0].wrong + wrong[0].mend


def test_a_known_device_keeps_what_was_set_by_hand_until_its_kind_changes() -> None:
    import_villages(file(SANGI))
    Gateway.objects.update(has_volume=False)
    import_villages(file(changed(SANGI, 장비주소="https://192.0.2.1/moved")))
    assert not Gateway.objects.get().has_volume
    header = "마을코드,읍면동,마을이름,위도,경도,장비번호,장비주소"
    line = "M1,문산읍,상이마을,35.17391,128.19295,JJ-1,mqtt:JJ-1"
    assert [p.column for p in import_villages(file(line, header=header)).problems] == ["장비주소"]
    import_villages(file(changed(SANGI, 방식="mqtt", 장비주소="mqtt:JJ-1")))
    assert Gateway.objects.get().has_volume
    assert not import_villages(file(line, header=header)).problems
