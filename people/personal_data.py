"""What this app holds about people (privacy/holdings.py)."""

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from privacy import reseal
from privacy.holdings import Holding, Kept, register

from .citizen import KEY as CITIZEN
from .models import Message, PhoneCode, Resident, User
from .phones import national

#: How the id of an account begins that says nothing about a person any more.
ERASED = "erased-"


def _at(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _national(address: str) -> str:
    """A number as people write it; an e-mail address as it is."""
    return national(address) if address.startswith("+") else address


def erase_user(user: User) -> None:
    """The account stays, empty and closed: grants and broadcasts point at it and must be kept."""
    user.username, user.name, user.phone = f"{ERASED}{user.pk.hex}", "", ""
    user.closed_at = user.closed_at or timezone.now()
    user.phone_index, user.phone_sign_in, user.is_active = None, False, False
    user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()


def keep_account(user: User) -> Kept | None:
    """Of whoever works here, or speaks to a village; for three years after they left."""
    ground = "개인정보의 안전성 확보조치 기준 제5조 (권한 기록을 3년 보관)"
    if user.closed_at is None:
        return Kept(ground, None)
    left = timezone.localdate(user.closed_at)
    # The 29th of February has no day three years later: the first of March, so that nobody's three years are short.
    until = (
        left.replace(year=left.year + 3) if (left.month, left.day) != (2, 29) else date(left.year + 3, 3, 1)
    )
    return Kept(ground, until)


def erase_resident(resident: Resident) -> None:
    """The row stays, empty, so that what was done for somebody still counts in the year's figures."""
    resident.name = resident.phone = resident.birth_date = resident.address = ""
    resident.phone_index = resident.name_birth_index = ""
    resident.save(update_fields=["name", "phone", "birth_date", "address", "phone_index", "name_birth_index"])


def delete_code(code: PhoneCode) -> None:
    """With the sessions that it opened: they would go on without whoever is erased."""
    for session in Session.objects.iterator():
        if session.get_decoded().get(CITIZEN) == str(code.pk):
            session.delete()
    code.delete()


def delete(row: Message | UserSession) -> None:
    row.delete()


register(
    Holding(
        model="people.User",
        label="직원과 이장 계정",
        fields=("username", "name", "phone"),
        ground="개인정보 보호법 제15조 제1항 제3호 (공공기관의 소관 업무)",
        keeps="계정을 닫은 날부터 3년 (권한 기록은 이름 없이 남습니다)",
        export=lambda user: {"아이디": user.username, "이름": user.name, "휴대전화": _national(user.phone)},
        erase=erase_user,
        of=lambda person: User.objects.filter(phone_index=person.index),
        named=lambda user: user.name,
        kept=keep_account,
        phones=("phone",),
    )
)
register(
    Holding(
        model="people.Resident",
        label="서비스를 받는 주민",
        fields=("name", "phone", "birth_date", "address"),
        ground="개인정보 보호법 제15조 제1항 제1호 (동의)",
        # repair/ brings them, and erases them in its own task (repair/forgetting.py).
        keeps="수리가 끝난 해부터 5년",
        export=lambda r: {
            "이름": r.name,
            "전화": _national(r.phone),
            "생년월일": r.birth_date,
            "주소": r.address,
        },
        erase=erase_resident,
        of=lambda person: Resident.objects.filter(phone_index=person.index),
        named=lambda resident: resident.name,
        phones=("phone",),
    )
)
register(
    Holding(
        model="usersessions.UserSession",
        label="로그인한 기기",
        fields=("ip", "user_agent"),
        ground="개인정보 보호법 제15조 제1항 제3호 (공공기관의 소관 업무)",
        keeps="로그인이 끝날 때까지",
        export=lambda s: {
            "로그인한 때": _at(s.created_at),
            "접속지": s.ip,
            "기기": s.user_agent,
        },
        erase=delete,
        of=lambda person: UserSession.objects.filter(user__in=User.objects.filter(phone_index=person.index)),
    )
)
register(
    Holding(
        model="people.PhoneCode",
        label="휴대전화 확인 번호",
        fields=("phone", "address"),
        ground="개인정보 보호법 제15조 제1항 제4호 (요청에 따른 본인 확인)",
        keeps="하루",
        export=lambda code: {"휴대전화": _national(code.phone), "요청한 때": _at(code.created_at)},
        erase=delete_code,
        of=lambda person: PhoneCode.objects.filter(phone_index=person.index),
    )
)
register(
    Holding(
        model="people.Message",
        label="보낸 알림",
        fields=("to", "text"),
        ground="개인정보 보호법 제15조 제1항 제3호 (공공기관의 소관 업무)",
        keeps="보낸 날부터 1년 (인증번호는 하루)",
        # The code itself is for the phone alone: a page that shows it would open a session from a session.
        export=lambda message: {
            "받는 곳": _national(message.to),
            "내용": "(인증번호)" if message.template == "sign_in_code" else message.text,
        },
        erase=delete,
        of=lambda person: Message.objects.filter(to_index=person.index),
        phones=("to",),
    )
)


def authenticators() -> int:
    """Seals the secrets of authenticator apps and recovery codes again (manage.py reseal)."""
    moved = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            held = Authenticator.objects.select_for_update().filter(pk=pk).first()
            for name in ("secret", "seed") if held else ():
                if name in held.data:
                    held.data[name] = encrypt(decrypt(held.data[name]))
                    held.save(update_fields=["data"])
                    moved += 1
    return moved


reseal.others.append(authenticators)
