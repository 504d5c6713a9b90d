"""Who sent it, by office and not by name: "문산읍 직원", "삼계마을 이장", "시청 방송 담당".

A listener and a clerk need to know whose voice it was, not what the person is called.
"""

import uuid
from collections.abc import Collection, Mapping

from people.models import RoleGrant, User

from .models import AlertSource, Broadcast, ChiefPost, Sender

ROLES = {
    RoleGrant.Role.CITY_OPERATOR: "시청 방송 담당",
    RoleGrant.Role.OFFICE_CLERK: "직원",
    RoleGrant.Role.POLICE: "진주경찰서",
}


def sender_of(user: User) -> Sender:
    """As what somebody sends. Who holds several offices sends as the one that reaches furthest."""
    if user.is_city_operator:
        return Sender.CITY
    if user.is_police:
        return Sender.POLICE
    if user.has_role(RoleGrant.Role.OFFICE_CLERK):
        return Sender.OFFICE
    return Sender.CHIEF


def senders(authors: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """User id → their office, now or last held; of an account that alerts come by, its source. Three queries,
    however many."""
    found: dict[uuid.UUID, str] = {}
    for source in AlertSource.objects.filter(account__in=authors).only("account_id", "name"):
        found[source.account_id] = f"재난 경보 ({source.name})"
    posts = ChiefPost.objects.filter(user__in=authors).select_related("village").order_by("granted_at")
    for post in posts.only("user_id", "village__name"):
        found[post.user_id] = f"{post.village.name} 이장"
    grants = RoleGrant.objects.filter(user__in=authors, role__in=ROLES).select_related("district")
    for grant in grants.only("user_id", "role", "district__name").order_by("granted_at"):
        place = f"{grant.district.name} " if grant.district else ""
        found[grant.user_id] = f"{place}{ROLES[RoleGrant.Role(grant.role)]}"
    return {author: found.get(author, "시 직원") for author in authors}


def in_words(broadcast: Broadcast, who: Mapping[uuid.UUID, str]) -> str:
    """ "문산읍 직원", or "문산읍 직원 (상문마을 이장 대신)". `who`: as senders() gives it for its author.

    Reads on_behalf_of.village: select_related it.
    """
    words = who[broadcast.author_id]
    post = broadcast.on_behalf_of
    return f"{words} ({post.village.name} 이장 대신)" if post else words
