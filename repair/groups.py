"""Whom the programme is for. Source: the city's notice on 컴퓨터 무상수리 (지원 대상). Pure."""

from enum import StrEnum


class Group(StrEnum):
    """지원 대상. Which of them count on a day is in the dated rule (`Rule.groups`)."""

    BASIC_LIVING = "basic_living"
    NEAR_POOR = "near_poor"
    DISABLED = "disabled"
    SINGLE_PARENT = "single_parent"
    GRANDPARENTS = "grandparents"
    MULTICULTURAL = "multicultural"
    MANY_CHILDREN = "many_children"
    VETERAN = "veteran"
    DEFECTOR = "defector"
    ORGANISATION = "organisation"

    @property
    def label(self) -> str:
        return GROUP_LABELS[self]


GROUP_LABELS = {
    Group.BASIC_LIVING: "기초생활수급자",
    Group.NEAR_POOR: "차상위계층",
    Group.DISABLED: "장애인",
    Group.SINGLE_PARENT: "한부모가정",
    Group.GRANDPARENTS: "조손가정",
    Group.MULTICULTURAL: "다문화가정",
    Group.MANY_CHILDREN: "다자녀가정",
    Group.VETERAN: "국가보훈대상자",
    Group.DEFECTOR: "북한이탈주민",
    Group.ORGANISATION: "복지단체",
}
#: What a household may be; an organisation is no household.
HOUSEHOLD_GROUPS = tuple(group for group in Group if group is not Group.ORGANISATION)
