"""Why an alert is not taken."""


class Refused(Exception):
    """Nothing was done, nothing kept.

    `code`: one word for programs; str(): a Korean sentence for whoever runs the sending system; `english`: the same
    for whoever wrote it; `status`: of the HTTP answer.
    """

    def __init__(self, code: str, korean: str, english: str, status: int = 422) -> None:
        super().__init__(korean)
        self.code, self.english, self.status = code, english, status
