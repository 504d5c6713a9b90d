"""Rows of 컴퓨터 무상수리: the year (programme, money), who applies (draft, case), what happens to a case (history,
paper), and the technician's work (visit)."""

from .case import OF_PHONE, Case, CaseQuerySet, office_districts
from .device import Device
from .draft import Draft
from .history import DeadlineChange, Evidence, Pause, Step
from .money import BudgetEntry, Settlement
from .paper import Paper
from .programme import Contractor, PriceItem, Programme, Rule, TechnicianPost
from .visit import Agreement, Line, SentDeed, Visit

__all__ = [
    "OF_PHONE",
    "Agreement",
    "BudgetEntry",
    "Case",
    "CaseQuerySet",
    "Contractor",
    "DeadlineChange",
    "Device",
    "Draft",
    "Evidence",
    "Line",
    "Paper",
    "Pause",
    "PriceItem",
    "Programme",
    "Rule",
    "SentDeed",
    "Settlement",
    "Step",
    "TechnicianPost",
    "Visit",
    "office_districts",
]
