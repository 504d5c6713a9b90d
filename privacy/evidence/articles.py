"""The articles, in our words, with what the portal cannot show of each. Numbers as in 고시 제2023-6호; whether a later
고시 (제2026-9호) counts them alike must be confirmed with the city."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Article:
    """`gap`: said openly; "" if nothing is missing. `where`: in the code."""

    number: int
    title: str
    asks: str
    where: str
    gap: str = ""


ARTICLES = (
    Article(
        4,
        "내부 관리계획",
        "계획을 세워 시행하고 해마다 점검한다.",
        "docs/privacy.md, docs/operations.md",
        "계획 문서와 결재는 시가 따로 냅니다.",
    ),
    Article(
        5,
        "접근 권한의 관리",
        "맡은 일만큼 한 사람에 한 계정을 주고, 바꾼 기록을 3년 보관한다.",
        "people/grants.py, privacy/whose.py",
    ),
    Article(
        6,
        "접근통제",
        "밖에서 들어올 때 한 번 더 확인하고, 여러 번 틀리면 막고, 쓰지 않으면 끊는다.",
        "people/middleware.py, people/adapters.py",
        "방화벽과 침입탐지는 망에서 하므로 따로 냅니다.",
    ),
    Article(
        7,
        "암호화",
        "비밀번호는 한 방향으로, 나머지는 안전한 알고리즘으로 잠근다.",
        "privacy/fields.py, privacy/sealing.py",
    ),
    Article(
        8,
        "접속기록의 보관과 점검",
        "누가 언제 어디서 누구의 무엇을 했는지 남기고, 2년 보관하고, 달마다 점검한다.",
        "privacy/access.py, privacy/ledger/, privacy/review/",
    ),
    Article(
        9,
        "악성프로그램 방지",
        "받은 파일을 검사하고 백신을 새로 유지한다.",
        "repair/scanners/",
        "업무용 PC의 백신은 따로 냅니다.",
    ),
    Article(
        10,
        "물리적 안전조치",
        "전산실 출입을 통제한다.",
        "",
        "포털이 보여 드릴 수 없습니다. 전산실 서류를 내 주세요.",
    ),
    Article(
        11,
        "재해·재난 대비",
        "백업하고 복구를 연습한다.",
        "docs/operations.md, privacy/erasing.py",
        "백업과 복구 연습의 날짜는 따로 냅니다.",
    ),
    Article(12, "출력·복사 안전조치", "까닭을 적고 항목을 줄인다.", "privacy/views/notice.py (downloads)"),
    Article(13, "파기", "기간이 지나면 되살릴 수 없게 지운다.", "privacy/erasing.py, */forgetting.py"),
)
