"""이장 대신: an office speaks for a chief who has no smartphone, to that chief's village alone, and says so."""

from django.db.models import QuerySet

from people.models import User
from people.outbox import tell

from .models import Broadcast, ChiefPost
from .senders import senders


def posts_for(user: User) -> "QuerySet[ChiefPost]":
    """The chiefs for whom this user may speak: a clerk for those of the office's villages, the city for all."""
    posts = ChiefPost.objects.in_force().filter(village__is_active=True).select_related("village__district")
    posts = posts.defer("village__district__boundary").order_by(
        "village__district_id", "village__name", "-pk"
    )
    if user.is_city_operator:
        return posts
    return posts.filter(village__district__in=user.clerk_districts())


def tell_the_chief(broadcast: Broadcast) -> None:
    """A text message, if they have a phone: nobody's name stands for what they never heard of. Once.

    Inside of the transaction that airs it.
    """
    post = broadcast.on_behalf_of
    if post is None or not post.user.is_active or not post.user.phone:
        return
    context = {
        "office": senders([broadcast.author_id])[broadcast.author_id],
        "village": post.village.name,
        "category": broadcast.get_category_display(),
        "text": broadcast.text,
    }
    tell(post.user.phone, "on_behalf", context, key=f"on behalf {broadcast.pk}")
