"""Appointing the chief of a village, and dismissing them. Posts are only added (trigger), like every grant."""

from django.db import transaction

from people.accounts import close_account, create_phone_user, phone_user
from people.grants import revoke
from people.models import User
from privacy.access import Action, record

from .models import ChiefPost, Village


class CannotAppoint(ValueError):
    """Its text says in Korean why not."""


@transaction.atomic
def appoint(phone: str, name: str, village: Village, *, reason: str, by: User) -> ChiefPost:
    """Whoever signs in with `phone` speaks to `village` from now on; the post that holds already, if any.

    Makes their account if there is none. A village may have two chiefs while one takes over from the other.
    NotAPhone; CannotAppoint if the village is not in use, or the phone belongs to somebody of another name.
    """
    # One at a time a village, so that nobody gets an account or a post twice.
    village = Village.objects.select_for_update(of=("self",)).get(pk=village.pk)
    if not village.is_active:
        raise CannotAppoint(f"{village}: 지금 쓰지 않는 마을입니다.")
    user = phone_user(phone)
    if user is None:
        user = create_phone_user(phone, name)
        record(None, Action.CREATE, [user], f"이장 계정 만듦: {reason}", who=by.get_username())
    elif user.name != name:
        raise CannotAppoint(
            "이 번호로 로그인하는 다른 사람이 있습니다. 이름과 번호를 확인해 주세요. "
            "번호의 주인이 바뀌었으면 앞사람을 먼저 그만두게 해 주세요 (dismiss_chief)."
        )
    held = ChiefPost.objects.filter(user=user, village=village, revoked_at=None).first()
    if held:
        return held
    post = ChiefPost.objects.create(user=user, village=village, reason=reason, granted_by=by)
    record(None, Action.GRANT, [user], f"{post}: {reason}", who=by.get_username())
    return post


@transaction.atomic
def dismiss(post: ChiefPost, *, reason: str, by: User) -> bool:
    """They do not speak to that village any more. With their last post their account is closed: whether it was."""
    revoke(post, reason=reason, by=by)
    User.objects.select_for_update(of=("self",)).get(pk=post.user_id)
    if ChiefPost.objects.filter(user=post.user_id, revoked_at=None).exists():
        return False
    close_account(post.user, reason=reason, by=by)
    return True
