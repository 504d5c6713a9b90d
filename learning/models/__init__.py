"""Rows of 디지털배움터: where (place), what (course, session), who takes part (booking), who teaches (instructor,
assignment), classes that go to people (visit, institution), and the experience zone (zone)."""

from .assignment import Assignment, Fee, FeeRate
from .booking import Booking, BookingQuerySet, BookingStep, Certificate, Learner, Seat
from .course import Course, CourseRule
from .institution import Institution
from .instructor import Availability, DayOff, Instructor, Skill
from .place import Centre, CentrePost, Room
from .session import Series, Session, SessionQuerySet
from .visit import VisitClass, VisitReport, VisitRequest, VisitStep, VisitWish
from .zone import WalkIn, Zone, ZoneClosure, ZoneDevice, ZoneHours

__all__ = [
    "Assignment",
    "Availability",
    "Booking",
    "BookingQuerySet",
    "BookingStep",
    "Centre",
    "CentrePost",
    "Certificate",
    "Course",
    "CourseRule",
    "DayOff",
    "Fee",
    "FeeRate",
    "Institution",
    "Instructor",
    "Learner",
    "Room",
    "Seat",
    "Series",
    "Session",
    "SessionQuerySet",
    "Skill",
    "VisitClass",
    "VisitReport",
    "VisitRequest",
    "VisitStep",
    "VisitWish",
    "WalkIn",
    "Zone",
    "ZoneClosure",
    "ZoneDevice",
    "ZoneHours",
]
