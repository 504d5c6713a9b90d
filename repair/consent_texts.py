"""What applicants are asked to agree to. Nothing is ticked beforehand; the sensitive part is asked apart (제23조)."""

from privacy.consents import ConsentText, register

PERSONAL = register(
    ConsentText(
        key="repair.personal",
        version=1,
        label="개인정보를 무상수리에 쓰는 것에 동의합니다",
        purpose="쓰는 곳: 지원 대상인지 확인하고, 찾아가서 고치고, 결과를 알려 드리는 일",
        items="쓰는 것: 이름, 생년월일, 전화번호, 주소, 고장 난 기기 이야기와 사진",
        keeps="갖고 있는 동안: 수리가 끝난 해부터 5년",
        refusing="동의하지 않으실 수 있습니다. 그러면 찾아갈 곳을 알 수 없어 신청을 받지 못합니다.",
    )
)
SENSITIVE = register(
    ConsentText(
        key="repair.sensitive",
        version=1,
        label="지원 대상임을 보여 주는 민감한 정보를 쓰는 것에 동의합니다",
        purpose="쓰는 곳: 지원 대상인지 확인하는 일 한 가지",
        items="쓰는 것: 장애, 기초생활수급처럼 어느 지원 대상인지와 그 증명서",
        keeps="갖고 있는 동안: 증명서는 결정한 날부터 1년, 어느 대상인지는 수리가 끝난 해부터 5년",
        refusing="동의하지 않으실 수 있습니다. 그러면 지원 대상인지 확인하지 못해 신청을 받지 못합니다.",
        sensitive=True,
    )
)
LOOK_UP = register(
    ConsentText(
        key="repair.look_up",
        version=1,
        label="서류를 내는 대신 담당 직원이 행정정보를 조회하는 것에 동의합니다",
        purpose="쓰는 곳: 전자정부법 제36조의 행정정보 공동이용으로 자격을 확인하는 일",
        items="쓰는 것: 주민등록, 어느 지원 대상인지",
        keeps="갖고 있는 동안: 조회한 결과만, 결정한 날부터 1년",
        refusing="동의하지 않으셔도 됩니다. 그러면 서류를 직접 내시면 됩니다.",
        needed=False,
    )
)
TEXTS = (PERSONAL, SENSITIVE, LOOK_UP)
