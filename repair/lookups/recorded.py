"""For the demo and tests: asks nobody. Says "unclear", which decides nothing, unless an answer was set."""

from . import Answer, LookUpTrouble, Question


class LookUp:
    def __init__(self) -> None:
        #: What this process was asked.
        self.asked: list[Question] = []
        #: About → answer, or None: the register does not answer.
        self.answers: dict[str, str | None] = {}

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        answer = self.answers.get(question.about, "unclear")
        if answer is None:
            raise LookUpTrouble(
                "지금은 조회가 되지 않습니다. 잠시 뒤에 다시 하시거나 서류를 보고 적어 주세요."
            )
        return Answer(answer, f"예시 조회 {len(self.asked)}")
