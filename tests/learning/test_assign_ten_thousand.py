"""10,000 random assignments, and thousands of random sessions and moves: nobody teaches in two places, the way
included, and no room holds two classes, because the database refuses it. Whether it did is reckoned afterwards from the
times and places themselves, without the columns that the constraints look at; the same tries into tables without
constraints overlap by the thousand, so that the reckoning can fail."""

import random
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from psycopg2.extras import execute_values

from learning import assigning
from learning.booking_states import NotPossible
from learning.models import Assignment, Availability, Instructor, Session, Skill, VisitClass
from people.models import District, User
from tests import make, make_learning

pytestmark = pytest.mark.django_db

#: Half of those by the deed come first, when most fit; half at the end, when most do not.
RAW, BY_DEED, SESSIONS, VISITS, MOVES = 9_880, 120, 1_200, 250, 800
INSTRUCTORS, DAYS, STEP = 24, 8, 10

TRY_SESSIONS = """
DO $$ DECLARE t record; BEGIN
    FOR t IN SELECT * FROM tried_session ORDER BY n LOOP
        BEGIN
            INSERT INTO learning_session (course_id, room_id, starts_at, ends_at, capacity, opens_at, closes_at, state,
                    why, is_example)
                VALUES (t.course, t.room, t.b, t.e, 1, t.b - interval '1 day', t.b, 'open', '', false);
        EXCEPTION WHEN exclusion_violation THEN UPDATE tried_session SET refused = true WHERE n = t.n;
        END;
    END LOOP;
END $$
"""
TRY_ASSIGNMENTS = """
DO $$ DECLARE t record; BEGIN
    FOR t IN SELECT * FROM tried_assignment ORDER BY id LOOP
        BEGIN
            INSERT INTO learning_assignment (instructor_id, session_id, visit_class_id, part, assigned_at, released_why)
                VALUES (t.instructor_id, t.session_id, t.visit_class_id, t.part, now(), '');
        EXCEPTION
            WHEN exclusion_violation THEN UPDATE tried_assignment SET refused = 'overlap' WHERE id = t.id;
            WHEN unique_violation THEN UPDATE tried_assignment SET refused = 'taken' WHERE id = t.id;
        END;
    END LOOP;
END $$
"""
TRY_MOVES = """
DO $$ DECLARE t record; BEGIN
    FOR t IN SELECT * FROM tried_move ORDER BY n LOOP
        BEGIN
            UPDATE learning_session SET starts_at = starts_at + t.shift, ends_at = ends_at + t.shift,
                opens_at = opens_at + t.shift, closes_at = closes_at + t.shift WHERE id = t.session_id;
            UPDATE learning_visitclass SET starts_at = starts_at + t.shift, ends_at = ends_at + t.shift
                WHERE id = t.visit_class_id;
        EXCEPTION WHEN exclusion_violation THEN UPDATE tried_move SET refused = true WHERE n = t.n;
        END;
    END LOOP;
END $$
"""
#: From the times of what is taught and the minutes of each place; nothing that the constraints look at.
TOO_CLOSE = """
WITH live AS (
    SELECT a.id, a.instructor_id, coalesce(s.starts_at, v.starts_at) AS b, coalesce(s.ends_at, v.ends_at) AS e,
           coalesce(c.travel_minutes, v.travel_minutes) AS way, coalesce('c' || c.id, 'v' || v.id) AS place
    FROM {table} a
    LEFT JOIN learning_session s ON s.id = a.session_id
    LEFT JOIN learning_room r ON r.id = s.room_id
    LEFT JOIN learning_centre c ON c.id = r.centre_id
    LEFT JOIN learning_visitclass v ON v.id = a.visit_class_id
    WHERE a.released_at IS NULL
)
SELECT count(*) FROM live x JOIN live y ON x.instructor_id = y.instructor_id AND x.id < y.id
WHERE (x.b < y.e AND y.b < x.e)
   OR (x.place <> y.place AND greatest(x.b, y.b) - least(x.e, y.e) < make_interval(mins => x.way + y.way))
"""
DOUBLE_ROOMS = """
SELECT count(*) FROM {table} x JOIN {table} y ON x.{room} = y.{room} AND x.{key} < y.{key}
WHERE x.{b} < y.{e} AND y.{b} < x.{e}
"""

TWICE = """
SELECT count(*) FROM (
    SELECT 1 FROM learning_assignment WHERE released_at IS NULL AND {thing} IS NOT NULL
    GROUP BY {pair} HAVING count(*) > 1
) twice
"""


def asked(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def too_close(table: str = "learning_assignment") -> int:
    return asked(TOO_CLOSE.format(table=table))


#: Columns of DOUBLE_ROOMS.
KEPT = {"table": "learning_session", "key": "id", "room": "room_id", "b": "starts_at", "e": "ends_at"}
TRIED = {"table": "tried_session", "key": "n", "room": "room", "b": "b", "e": "e"}


def double_rooms(columns: dict[str, str] = KEPT) -> int:
    return asked(DOUBLE_ROOMS.format(**columns))


def at_random(dice: random.Random) -> tuple[datetime, datetime]:
    first = timezone.localdate() + timedelta(days=3)
    starts = datetime.combine(first + timedelta(days=dice.randrange(DAYS)), time(8), UTC) - timedelta(hours=9)
    starts += timedelta(minutes=dice.randrange(0, 600, STEP))
    return starts, starts + timedelta(minutes=dice.choice([50, 60, 90, 120]))


def the_city(dice: random.Random) -> list[int]:
    """Instructors who can teach everything at any hour, some rooms, and visits all over; the instructors' keys."""
    users = User.objects.bulk_create([User(username=f"many-{n}") for n in range(INSTRUCTORS)])
    home = make.district()
    made = Instructor.objects.bulk_create([Instructor(user=user, home=home) for user in users])
    Skill.objects.bulk_create([Skill(instructor=one, topic="smartphone", level=3) for one in made])
    Availability.objects.bulk_create(
        [
            Availability(instructor=one, weekday=day, starts=time(0), ends=time(23, 59))
            for one in made
            for day in range(7)
        ]
    )
    districts = list(District.objects.defer("boundary"))
    visits = []
    for _ in range(VISITS):
        starts, ends = at_random(dice)
        way = dice.choice([5, 15, 30, 45])
        where = {
            "district": dice.choice(districts),
            "travel_minutes": way,
            "place_name": "곳",
            "address": "길 1",
        }
        visits.append(VisitClass(topic="smartphone", starts_at=starts, ends_at=ends, **where))
    VisitClass.objects.bulk_create(visits)
    return [one.pk for one in made]


def try_sessions(dice: random.Random) -> None:
    course = make_learning.course()
    centres = [make_learning.centre(travel_minutes=way) for way in (5, 20, 35)]
    rooms = [make_learning.room(centre).pk for centre in centres for _ in range(4)]
    rows = [(n, course.pk, dice.choice(rooms), *at_random(dice)) for n in range(SESSIONS)]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE tried_session (n int, course bigint, room bigint, b timestamptz, e timestamptz,"
            " refused boolean DEFAULT false)"
        )
        execute_values(cursor, "INSERT INTO tried_session (n, course, room, b, e) VALUES %s", rows)
        cursor.execute(TRY_SESSIONS)


def random_tries(dice: random.Random, people: list[int], many: int) -> list[tuple]:
    sessions = list(Session.objects.values_list("pk", flat=True).order_by("pk"))
    visits = list(VisitClass.objects.values_list("pk", flat=True).order_by("starts_at", "pk"))
    tries = []
    for _ in range(many):
        to_session = dice.random() < 0.7
        session = dice.choice(sessions) if to_session else None
        visit = None if to_session else str(dice.choice(visits))
        tries.append((dice.choice(people), session, visit, dice.choice(["lead", "assistant"])))
    return tries


def keep_tries(tries: list[tuple]) -> None:
    """Into a table without any constraint: the control, and what the raw inserts go through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE tried_assignment (id serial, instructor_id bigint, session_id bigint,"
            " visit_class_id uuid, part text, refused text, released_at timestamptz)"
        )
        wanted = "INSERT INTO tried_assignment (instructor_id, session_id, visit_class_id, part) VALUES %s"
        execute_values(cursor, wanted, tries, template="(%s, %s, %s::uuid, %s)")


def by_deed(tries: list[tuple]) -> tuple[int, int]:
    """(made, refused)"""
    by, made = make_learning.staff(make_learning.coordinator()), 0
    for who, session, visit, part in tries:
        thing = Session.objects.get(pk=session) if session else VisitClass.objects.get(pk=visit)
        try:
            assigning.assign(who, thing, part, by)
        except NotPossible:
            continue
        made += 1
    return made, len(tries) - made


def test_ten_thousand_random_assignments_never_overlap():
    dice = random.Random(20261201)
    people = the_city(dice)
    try_sessions(dice)
    assert double_rooms(TRIED) > 1_000
    assert asked("SELECT count(*) FROM tried_session WHERE refused") > 300
    assert asked("SELECT count(*) FROM learning_session") > 300
    assert double_rooms() == 0

    tries = random_tries(dice, people, RAW + BY_DEED)
    first, raw, last = tries[: BY_DEED // 2], tries[BY_DEED // 2 : -BY_DEED // 2], tries[-BY_DEED // 2 :]
    keep_tries(raw)
    made_first, _ = by_deed(first)
    assert too_close() == 0
    with connection.cursor() as cursor:
        cursor.execute(TRY_ASSIGNMENTS)
    made_last, refused_last = by_deed(last)
    assert made_first > 20 and refused_last > 20
    assert len(first) + asked("SELECT count(*) FROM tried_assignment") + len(last) == 10_000
    assert asked("SELECT count(*) FROM tried_assignment WHERE refused = 'overlap'") > 1_000
    kept = asked("SELECT count(*) FROM tried_assignment WHERE refused IS NULL")
    assert Assignment.objects.live().count() == made_first + kept + made_last
    assert too_close() == 0
    # The control: the first of the same tries, where nothing refuses them.
    assert too_close("(SELECT * FROM tried_assignment WHERE id <= 1500)") > 1_000

    moved_and_released(dice)
    assert too_close() == 0
    assert double_rooms() == 0
    for thing in ("session_id", "visit_class_id"):
        for other in ("part", "instructor_id"):
            assert asked(TWICE.format(pair=f"{thing}, {other}", thing=thing)) == 0


def moved_and_released(dice: random.Random) -> None:
    """What has its instructors is moved at random, and follows or is refused whole."""
    sessions = list(Session.objects.values_list("pk", flat=True).order_by("pk"))
    visits = list(VisitClass.objects.values_list("pk", flat=True).order_by("starts_at", "pk"))
    moves = []
    for n in range(MOVES):
        by = timedelta(minutes=dice.choice([-120, -60, -20, 20, 60, 120]))
        session = dice.choice(sessions) if n % 2 else None
        moves.append((n, session, None if session else str(dice.choice(visits)), by))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE tried_move (n int, session_id bigint, visit_class_id uuid, shift interval,"
            " refused boolean DEFAULT false)"
        )
        wanted = "INSERT INTO tried_move (n, session_id, visit_class_id, shift) VALUES %s"
        execute_values(cursor, wanted, moves, template="(%s, %s, %s::uuid, %s)")
        cursor.execute(TRY_MOVES)
    assert asked("SELECT count(*) FROM tried_move WHERE refused") > 50
    assert asked("SELECT count(*) FROM tried_move WHERE NOT refused") > 50
