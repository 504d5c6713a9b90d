"""Data for tests: plain functions, each makes a thing that is true and complete unless told otherwise."""

import hashlib
import io
import itertools
import secrets
from collections.abc import Sequence
from datetime import time
from functools import cache
from typing import Any

import av
import numpy as np
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from broadcast.categories import CATEGORIES
from broadcast.default_rules import SENDING_RULES, SOUND_RULES
from broadcast.models import (
    AlertSource,
    Broadcast,
    ChiefPost,
    Gateway,
    GatewayKey,
    Recording,
    SendingRule,
    SoundRule,
    Village,
)
from broadcast.publish import publish
from people import places as city_places
from people.by_phone import SHOWN
from people.models import District, LegalArea, RoleGrant, User
from privacy.access import subject
from privacy.models import Destruction

_count = itertools.count(1)


def district(name: str = "문산읍") -> District:
    """One of the city's; a test that emptied the tables gets it again."""
    found = District.objects.filter(name=name).first()
    if found is None:
        places()
        found = District.objects.get(name=name)
    return found


def village(in_district: District | None = None, name: str = "", **fields: Any) -> Village:
    n = next(_count)
    return Village.objects.create(
        code=f"T{n}",
        name=name or f"시험{n}마을",
        district=in_district or district(),
        **{"lat": 35.157, "lon": 128.182, "homes": 40, **fields},
    )


def gateway(at: Village | None = None, address: str = "http://127.0.0.1:9", **fields: Any) -> Gateway:
    made = Gateway.objects.create(
        code=f"T-{next(_count):05}", village=at or village(), address=address, **fields
    )
    gateway_key(made)
    return made


def gateway_key(of: Gateway, number: int = 1) -> GatewayKey:
    return GatewayKey.objects.create(gateway=of, number=number, secret=secrets.token_hex(32))


#: Of every user's authenticator app (base32).
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def user(**fields: Any) -> User:
    """Staff with a second factor: without one they can open no page."""
    made = User.objects.create_user(**{"username": f"user{next(_count)}", **fields})
    if not made.phone_sign_in:
        Authenticator.objects.create(user=made, type="totp", data={"secret": encrypt(TOTP_SECRET)})
    return made


def city_operator(**fields: Any) -> User:
    made = user(**fields)
    RoleGrant.objects.create(user=made, role=RoleGrant.Role.CITY_OPERATOR, reason="시험")
    return made


def clerk(of: District | None = None, **fields: Any) -> User:
    made = user(**fields)
    RoleGrant.objects.create(
        user=made, role=RoleGrant.Role.OFFICE_CLERK, district=of or district(), reason="시험"
    )
    return made


def chief(*of: Village, **fields: Any) -> User:
    made = user(**fields)
    for each in of or (village(),):
        ChiefPost.objects.create(user=made, village=each, reason="시험")
    return made


@cache
def mp3(seconds: float = 1.0) -> bytes:
    """A tone of 440 Hz at about -16 dB full scale."""
    rate = 24000
    wave = np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate) * 0.22 * 32767
    out = io.BytesIO()
    with av.open(out, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(wave.astype(np.int16)[None, :], format="s16", layout="mono")
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return out.getvalue()


def recording(by: User | None = None, seconds: float = 1.0) -> Recording:
    sound = mp3(seconds)
    made = Recording(
        made_by=by or user(),
        source=Recording.Source.TEXT,
        sha256=hashlib.sha256(sound).hexdigest(),
        size=len(sound),
        duration=seconds,
        loudness=-16.0,
    )
    made.file.save(f"{made.pk}.mp3", ContentFile(sound), save=False)
    made.save()
    return made


def draft(by: User, to: Sequence[Village], category: str = "life", **fields: Any) -> Broadcast:
    made = Broadcast.objects.create(
        author=by,
        category=category,
        lane=CATEGORIES[category].lane,
        recording=recording(by),
        **{"text": "내일 아침 마을 청소가 있습니다.", **fields},
    )
    made.villages.set(to)
    return made


def published(addresses: Sequence[str], category: str = "life", by: User | None = None) -> Broadcast:
    """A broadcast that was sent, to one gateway in a village of its own for each address."""
    gateways = [gateway(address=address) for address in addresses]
    return published_to([g.village for g in gateways], by or city_operator(), category)


def published_to(villages: Sequence[Village], by: User, category: str = "life") -> Broadcast:
    return publish(draft(by, villages, category).pk, by)


def signed_in(client: Client, user: User) -> Client:
    """As after signing in."""
    backend = "PhoneBackend" if user.phone_sign_in else "StaffBackend"
    client.force_login(user, backend=f"people.backends.{backend}")
    if user.phone_sign_in:
        session = client.session
        session[SHOWN] = timezone.now().timestamp()
        session.save()
    return client


def seeing(client: Client, *rows: Model, purpose: str = "call") -> Client:
    """They have said what they open these rows for (privacy/purposes.py)."""
    for row in rows:
        said = client.post("/privacy/look/", {"row": subject(row), "purpose": purpose, "back": "/start/"})
        assert said.status_code == 302
    return client


def destroyed() -> list[tuple[str, int]]:
    """The lines of 파기 대장, the first one first."""
    return list(Destruction.objects.order_by("pk").values_list("label", "count"))


def places() -> None:
    """The real districts and legal areas; a test that emptied the tables (or made its own) gets them again."""
    if LegalArea.objects.count() != 157:
        District.objects.bulk_create(
            [District(**row) for row in city_places.districts()],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "kind", "lat", "lon", "area_km2", "boundary"],
        )
        LegalArea.objects.bulk_create(
            [LegalArea(**row) for row in city_places.legal_areas()], ignore_conflicts=True
        )


def police(**fields: Any) -> User:
    made = user(**fields)
    RoleGrant.objects.create(user=made, role=RoleGrant.Role.POLICE, reason="시험")
    return made


def duty_officer(phone: str = "+821000000099") -> User:
    made = user(phone=phone)
    RoleGrant.objects.create(user=made, role=RoleGrant.Role.DUTY_OFFICER, reason="시험")
    return made


def sending_rule(**fields: Any) -> SendingRule:
    """Of everybody, always: a second person."""
    asked = {"name": f"규칙{next(_count)}", "order": 10, "outcome": "second_person", "reason": "둘이 봅니다."}
    return SendingRule.objects.create(**{**asked, **fields})


def sound_rule(**fields: Any) -> SoundRule:
    """Everywhere, around the hour: half as loud."""
    asked = {"name": f"소리{next(_count)}", "hour_from": time(0), "hour_until": time(0)}
    return SoundRule.objects.create(
        **{**asked, **({} if fields.get("is_quiet") else {"volume": 50}), **fields}
    )


def first_rules() -> None:
    """Those with which a city begins; tests begin without."""
    SendingRule.objects.bulk_create([SendingRule(**row) for row in SENDING_RULES])
    SoundRule.objects.bulk_create([SoundRule(**row) for row in SOUND_RULES])


def waiting(by: User, to: Sequence[Village], category: str = "life") -> Broadcast:
    """Submitted; a rule that is made for it wants a second person."""
    sending_rule(category=category)
    return publish(draft(by, to, category).pk, by)


def alert_source(name: str = "", **fields: Any) -> AlertSource:
    """Pushes; sends by itself what is severe."""
    name = name or f"시험 기관 {next(_count)}"
    account = User.objects.create_user(f"alert-{next(_count)}", name=name)
    return AlertSource.objects.create(name=name, account=account, **{"may_send_from": "Severe", **fields})
