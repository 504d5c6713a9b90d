"""What learners are asked to agree to. Nothing is ticked beforehand; health is asked apart, if told (제23조)."""

from uuid import UUID

from privacy.consents import ConsentText, register


def _forget_needs(subject: str) -> None:
    """What was told because of it, of a learner ("learning.learner:<id>")."""
    from .models import Booking  # models are there only once all apps are

    learner = UUID(subject.partition(":")[2])
    for booking in Booking.objects.filter(learner=learner, wishes__isnull=False):
        booking.wishes = None
        booking.save(update_fields=["wishes"])


PERSONAL = register(
    ConsentText(
        key="learning.personal",
        version=1,
        label="개인정보를 수업 신청에 쓰는 것에 동의합니다",
        purpose="쓰는 곳: 자리를 잡고, 수업을 알려 드리고, 출석을 적고, 수료증을 드리는 일",
        items="쓰는 것: 이름, 전화번호, 조건이 있는 수업만 태어난 해. 대신 신청하시면 그분 이름과 전화번호도",
        keeps="갖고 있는 동안: 마지막으로 신청하신 수업이 끝난 해부터 3년",
        refusing="동의하지 않으실 수 있습니다. 그러면 자리를 잡아 드릴 수 없습니다. 체험존은 그냥 오시면 됩니다.",
    )
)
NEEDS = register(
    ConsentText(
        key="learning.needs",
        version=1,
        label="몸이 불편한 점을 배움터와 강사에게 알리는 것에 동의합니다",
        purpose="쓰는 곳: 앉으실 자리와 설명하는 방법을 미리 준비하는 일 한 가지",
        items="쓰는 것: ‘미리 알아 둘 것’에 적으신 내용",
        keeps="갖고 있는 동안: 수업이 끝난 날부터 한 달",
        refusing="동의하지 않으셔도 신청하실 수 있습니다. 그러면 ‘미리 알아 둘 것’을 비워 두시면 됩니다.",
        sensitive=True,
        needed=False,
        withdrawn=_forget_needs,
    )
)
TEXTS = (PERSONAL, NEEDS)

#: Of a group or an institution that asks for a visit (visits.py).
VISIT = register(
    ConsentText(
        key="learning.visit",
        version=1,
        label="개인정보를 찾아가는 수업에 쓰는 것에 동의합니다",
        purpose="쓰는 곳: 날짜와 강사를 정하고 찾아가는 일. 다른 분들과 함께 들으시면 모일 곳을 그분들께 알립니다",
        items="쓰는 것: 연락하실 분 이름과 전화번호, 모일 곳과 주소",
        keeps="갖고 있는 동안: 수업이나 신청이 끝난 해부터 3년",
        refusing="동의하지 않으실 수 있습니다. 그러면 찾아가지 못합니다. 배움터 수업은 따로 신청하실 수 있습니다.",
    )
)
