"""A case (접수 건): one household's or one organisation's application, from filing to settlement."""

import uuid
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.models import District, Resident, RoleGrant, User
from privacy.fields import EncryptedTextField

from ..states import CHOICES, GONE, OFFICE, RESERVED, RUNNING, State
from .programme import Contractor, Programme, Rule, TechnicianPost


def office_districts(user: User) -> list[str] | None:
    """Codes of the districts on whose cases they decide; None: on all."""
    return None if user.has_role(RoleGrant.Role.REPAIR_OFFICER) else user.clerk_codes()


#: In SQL, with the phone's index twice: as CaseQuerySet.for_phone.
OF_PHONE = "phone_index = %s OR helper_phone_index = %s"


class CaseQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """The cases that this member of staff may read: the city's officer all, an office those of its district,
        a technician those whose visit they have taken and not ended."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(RoleGrant.Role.REPAIR_OFFICER):
            return self
        # visit.py stands on this module; the registry knows it when the first question is asked.
        visits = apps.get_model("repair.Visit").objects.filter(case=models.OuterRef("pk"), ended_at=None)
        posts = TechnicianPost.objects.in_force().filter(user=user)
        return self.filter(
            Q(district__in=user.clerk_districts())
            | Q(models.Exists(visits.filter(technician=user)), models.Exists(posts), state__in=RUNNING)
        )

    def for_office(self, user: User) -> Self:
        """Those on which they decide: as `for_user`, without what a technician sees."""
        if not user.is_authenticated:
            return self.none()
        districts = office_districts(user)
        return self if districts is None else self.filter(district__in=districts)

    def for_phone(self, phone_index: str) -> Self:
        """Those of whoever showed that this phone is theirs: as the applicant, or as their helper."""
        if not phone_index:
            return self.none()
        return self.filter(Q(phone_index=phone_index) | Q(helper_phone_index=phone_index))

    def at_offices(self) -> Self:
        return self.filter(state__in=OFFICE)


class Case(models.Model):
    """Moves only by deeds (workflow.py, visits.py); a trigger refuses what states.TRANSITIONS does not know."""

    class Kind(models.TextChoices):
        HOUSEHOLD = "household", "가구"
        ORGANISATION = "organisation", "단체"

    class Way(models.TextChoices):
        WEB = "web", "누리집"
        COUNTER = "counter", "창구"
        PHONE = "phone", "전화"

    class Tells(models.TextChoices):
        APPLICANT = "applicant", "신청한 분"
        HELPER = "helper", "도와주시는 분"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("접수번호", max_length=20, unique=True, editable=False)
    once = models.UUIDField(
        unique=True, editable=False, help_text="of the draft or form: sent twice, filed once"
    )
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cases", verbose_name="사업연도")
    state = models.CharField("상태", max_length=12, choices=CHOICES, default=State.RECEIVED, editable=False)
    kind = models.CharField("신청", max_length=12, choices=Kind.choices, default=Kind.HOUSEHOLD)
    is_example = models.BooleanField("예시", default=False, editable=False)

    # Who.
    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="repair_cases", verbose_name="신청한 분"
    )
    organisation = models.CharField("단체 이름", max_length=80, blank=True)
    group = EncryptedTextField("지원 대상", max_length=20, help_text="groups.Group: disability is sensitive")
    phone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    helper_name = EncryptedTextField("도와주시는 분", max_length=50, default="", blank=True)
    helper_phone = EncryptedTextField("도와주시는 분 전화", max_length=20, default="", blank=True)
    helper_phone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    tells = models.CharField("알림 받는 분", max_length=10, choices=Tells.choices, default=Tells.APPLICANT)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="대신 적은 직원",
        help_text="None: the applicant, on the web",
    )
    way = models.CharField("들어온 길", max_length=10, choices=Way.choices, default=Way.WEB)

    # Where. The street address is the resident's.
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="읍면동")
    unit = EncryptedTextField("동·호", max_length=40, default="", blank=True)
    household_index = models.CharField(max_length=64, editable=False, db_index=True)
    #: The household's one case a year; null: it claims none (gone, an organisation, not limited, or by exception).
    household_claim = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001 - unique
    household_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    household_exception = EncryptedTextField(
        "같은 가구가 아닌 까닭",
        max_length=200,
        null=True,
        blank=True,
        help_text="why a second case is right, by the clerk; None: there is no exception, as the database asks too",
    )

    # What the office knows.
    wishes = EncryptedTextField("방문 때 알아 둘 것", max_length=300, default="", blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="담당",
    )
    rule = models.ForeignKey(
        Rule, models.PROTECT, related_name="+", verbose_name="기준", help_text="in force when it was decided"
    )
    filed_at = models.DateTimeField("접수한 때")
    selected_on = models.DateField("선정한 날", null=True, blank=True)
    promised_on = models.DateField("처음 약속한 기한", null=True, blank=True)
    deadline_on = models.DateField("방문 기한", null=True, blank=True)
    due_on = models.DateField(
        "다음 기한",
        null=True,
        blank=True,
        help_text="by when somebody comes, comes again, or judges the objection; None while none of it is owed",
    )
    arrived_at = models.DateTimeField("처음 방문한 때", null=True, blank=True)
    done_at = models.DateTimeField("끝난 때", null=True, blank=True)

    # Money, in won.
    contractor = models.ForeignKey(
        Contractor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="수리 업체"
    )
    cap_won = models.PositiveIntegerField("지원 한도(원)", null=True, blank=True, help_text="since selection")
    cost_won = models.PositiveIntegerField("지원한 돈(원)", null=True, blank=True, help_text="once done")
    own_share_won = models.PositiveIntegerField("본인 부담(원)", null=True, blank=True)
    settlement = models.ForeignKey(
        "repair.Settlement", models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="정산"
    )

    # How it was.
    satisfaction = models.PositiveSmallIntegerField("만족도", null=True, blank=True, help_text="1 to 5")
    satisfaction_words = EncryptedTextField("하신 말씀", max_length=500, default="", blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at"]
        verbose_name = verbose_name_plural = "접수 건"
        indexes = [
            models.Index(fields=["district", "state", "-filed_at"], name="case_of_an_office"),
            models.Index(fields=["due_on"], condition=Q(state=State.SELECTED), name="case_due"),
            models.Index(fields=["programme", "filed_at"], name="case_in_order"),
            models.Index(fields=["officer", "state"], name="case_of_an_officer"),
            # All that a work list counts and sorts by, so that it reads no rows but those it shows.
            models.Index(
                fields=["district", "state"],
                include=["id", "officer", "due_on", "filed_at"],
                condition=Q(state__in=sorted(OFFICE | RUNNING)),
                name="case_open",
            ),
            models.Index(
                fields=["programme", "contractor", "done_at"],
                include=["cost_won", "own_share_won"],
                condition=Q(state=State.DONE),
                name="case_not_settled",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "household_claim"], name="one_live_case_a_household_and_year"
            ),
            # A live household's case claims its year, unless a person wrote down why not (or the rule knows no limit,
            # which a trigger looks up: it stands in another table).
            models.CheckConstraint(
                condition=~Q(state__in=GONE) | Q(household_claim=None), name="gone_claims_nothing"
            ),
            models.CheckConstraint(
                condition=Q(cost_won=None) | Q(cost_won__lte=F("cap_won")), name="cost_within_the_cap"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=RESERVED)
                | Q(
                    cap_won__isnull=False,
                    selected_on__isnull=False,
                    promised_on__isnull=False,
                    deadline_on__isnull=False,
                ),
                name="selected_has_cap_and_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SELECTED, State.OBJECTED]) | Q(due_on__isnull=False),
                name="owed_by_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.DONE, State.SETTLED])
                | Q(cost_won__isnull=False, done_at__isnull=False),
                name="done_has_a_cost",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SETTLED, settlement__isnull=False)
                | (~Q(state=State.SETTLED) & Q(settlement=None)),
                name="settled_is_in_a_settlement",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)), name="satisfaction_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_organisation(self) -> bool:
        return self.kind == self.Kind.ORGANISATION

    @property
    def is_late(self) -> bool:
        """Nobody came in time, or has come yet."""
        from django.utils import timezone

        if self.deadline_on is None:
            return False
        came = timezone.localdate(self.arrived_at) if self.arrived_at else timezone.localdate()
        return came > self.deadline_on and (self.arrived_at is not None or self.state in RUNNING)
