"""Where and what the example 디지털배움터 teaches. The city's announcement names 상락원 (거점) and 제1 시니어정보센터;
where they are, their rooms, and all other centres are examples, to be changed on the pages of the coordinator."""

from dataclasses import dataclass
from datetime import date, time

from people.models import District

from .demo_accounts import HUB
from .models import Centre, Course, CourseRule, Institution, Room, Zone, ZoneDevice, ZoneHours
from .topics import Level, Topic

#: Name, district, minutes between there and the middle of the city, whether it is made up.
CENTRES = (
    (HUB, "상대동", 10, False),
    ("제1 시니어정보센터", "상대동", 10, False),
    ("예시 문산 배움터", "문산읍", 25, True),
    ("예시 금산 배움터", "금산면", 25, True),
    ("예시 평거 배움터", "평거동", 15, True),
    ("예시 가호 배움터", "가호동", 15, True),
    ("예시 일반성 배움터", "일반성면", 35, True),
    ("예시 대곡 배움터", "대곡면", 35, True),
)
PHONE = "쓰시던 휴대전화"
#: Topic, level, title, what to bring, minutes.
COURSES = (
    (Topic.SMARTPHONE, Level.FIRST, "스마트폰 첫걸음", PHONE, 120),
    (Topic.SMARTPHONE, Level.BASIC, "스마트폰 사진과 영상통화", PHONE, 120),
    (Topic.KIOSK, Level.FIRST, "키오스크로 주문하기", "", 90),
    (Topic.APPS, Level.BASIC, "카카오톡과 지도 앱", PHONE, 120),
    (Topic.CIVIL, Level.USING, "집에서 떼는 서류", PHONE, 120),
    (Topic.SAFETY, Level.FIRST, "보이스피싱 막는 법", PHONE, 90),
    (Topic.COMPUTER, Level.FIRST, "컴퓨터 켜고 인터넷 하기", "", 120),
    (Topic.AI, Level.USING, "인공지능에게 물어보기", PHONE, 120),
)
#: What one learns in each.
LEARN = (
    "전화 걸기와 받기, 글자 크게 하기, 사진 찍어 보내기를 배웁니다.",
    "사진을 모으고 가족과 얼굴을 보며 통화합니다.",
    "식당과 병원, 기차역의 키오스크를 연습합니다.",
    "카카오톡으로 이야기하고, 지도로 버스를 찾습니다.",
    "정부24에서 등본을 떼고 시청 민원을 신청합니다.",
    "수상한 전화와 문자를 알아보고 막는 법을 배웁니다.",
    "마우스와 자판, 인터넷 검색을 처음부터 배웁니다.",
    "말로 물어보고 답을 가려 듣는 법을 배웁니다.",
)
DEVICES = (
    ("멀티 키오스크", "식당 주문, 기차표, 병원 접수, 무인 민원을 연습합니다."),
    ("치매 예방 테이블", "그림 맞추기와 계산 놀이로 머리를 씁니다."),
    ("건강 측정기", "키와 몸무게, 혈압을 스스로 재어 봅니다."),
)


@dataclass
class Places:
    districts: dict[str, District]
    centres: list[Centre]
    rooms: dict[int, list[Room]]
    courses: list[Course]
    zone: Zone
    institutions: list[Institution]

    @property
    def hub(self) -> Centre:
        return self.centres[0]


def make(from_on: date) -> Places:
    """`from_on`: the day from which the conditions of courses hold."""
    districts = {one.name: one for one in District.objects.defer("boundary")}
    centres = [
        Centre(
            name=name,
            district=districts[place],
            travel_minutes=minutes,
            is_hub=name == HUB,
            is_example=is_example,
            way_there="예시: 정문으로 들어오셔서 오른쪽입니다. 승강기가 있습니다." if is_example else "",
        )
        for name, place, minutes, is_example in CENTRES
    ]
    Centre.objects.bulk_create(centres)
    rooms = [
        Room(centre=centre, name="배움실", seats=16, equipment=["빔프로젝터", "와이파이"])
        for centre in centres
    ]
    rooms += [
        Room(centre=centre, name="컴퓨터실", seats=12, equipment=["컴퓨터 12대"]) for centre in centres[:2]
    ]
    Room.objects.bulk_create(rooms)
    of_centre: dict[int, list[Room]] = {}
    for room in rooms:
        of_centre.setdefault(room.centre_id, []).append(room)
    return Places(
        districts, centres, of_centre, _courses(from_on), _zone(centres[0]), _institutions(districts)
    )


def _courses(from_on: date) -> list[Course]:
    courses = [
        Course(
            topic=topic,
            level=level,
            title=title,
            learn=learn,
            bring=bring,
            minutes=minutes,
            seats=12,
            is_example=True,
        )
        for (topic, level, title, bring, minutes), learn in zip(COURSES, LEARN, strict=True)
    ]
    Course.objects.bulk_create(courses)
    CourseRule.objects.create(
        course=courses[0], from_on=from_on, age_from=60, reason="60세가 넘으신 분을 위한 과정입니다."
    )
    CourseRule.objects.create(
        course=courses[1],
        from_on=from_on,
        needs_level=Level.FIRST,
        reason="스마트폰 첫걸음을 들으신 분을 위한 과정입니다.",
    )
    return courses


def _zone(hub: Centre) -> Zone:
    zone = Zone.objects.create(
        name=f"{hub.name} 체험존",
        centre=hub,
        district=hub.district,
        words="누구나 그냥 오셔서 써 보실 수 있습니다. 도와드리는 분이 늘 있습니다.",
    )
    ZoneHours.objects.bulk_create(
        [ZoneHours(zone=zone, weekday=n, opens=time(9), closes=time(18)) for n in range(5)]
    )
    ZoneDevice.objects.bulk_create(
        [ZoneDevice(zone=zone, name=name, words=words, order=n) for n, (name, words) in enumerate(DEVICES)]
    )
    return zone


def _institutions(districts: dict[str, District]) -> list[Institution]:
    """A senior hall in every district, two in those with many villages; a few of the other kinds."""
    Kind = Institution.Kind
    more = (
        ("문산읍", Kind.WELFARE, "복지관"),
        ("평거동", Kind.COLLEGE, "노인대학"),
        ("금산면", Kind.LIBRARY, "도서관"),
    )
    made = [
        Institution(name=f"예시 {name} 경로당 {n}", kind=Kind.SENIOR_HALL, district=district, is_example=True)
        for name, district in districts.items()
        for n in range(1, 3 if district.kind in "읍면" else 2)
    ]
    made += [
        Institution(name=f"예시 {place} {word}", kind=kind, district=districts[place], is_example=True)
        for place, kind, word in more
    ]
    return Institution.objects.bulk_create(made)
