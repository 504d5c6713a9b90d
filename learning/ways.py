"""How long the way is: between districts, and to the middle of the city. Pure; degrees in, whole minutes out.

An estimate, for suggestions and for the buffer around a visit: the straight way, longer by a third as roads are, at
30 km/h with stops, and five minutes to park and walk. Whoever knows better writes other minutes at the class.
"""

from math import ceil, cos, hypot, radians

#: The middle of the city: 중앙동, from where buses and roads go out (people/data/districts.csv).
MIDDLE = (35.19591, 128.09019)
KM_A_DEGREE = 111.195
ROADS_LONGER = 4 / 3
KM_AN_HOUR = 30
AT_BOTH_ENDS = 5

Point = tuple[float, float]  # lat, lon


def minutes(one: Point, other: Point) -> int:
    """From one point to the other, to the next whole minute; within a district AT_BOTH_ENDS."""
    east = (other[1] - one[1]) * cos(radians(one[0]))
    km = hypot(east, other[0] - one[0]) * KM_A_DEGREE * ROADS_LONGER
    return AT_BOTH_ENDS + ceil(km * 60 / KM_AN_HOUR)


def to_the_middle(point: Point) -> int:
    """For VisitClass.travel_minutes."""
    return minutes(point, MIDDLE)
