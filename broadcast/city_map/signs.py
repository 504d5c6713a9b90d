"""The signs on the map: each has a shape of its own, so that no colour is needed to tell them apart."""

from dataclasses import dataclass

from ..states import State


@dataclass(frozen=True)
class Sign:
    """`key` is also its CSS class; `path` is drawn around (0, 0), 20 units wide, even-odd."""

    key: str
    label: str
    path: str
    states: tuple[str, ...]


#: In the order of the legend: what needs somebody first.
SIGNS = (
    Sign(
        "trouble",
        "못 한 곳",
        "M-10-10H10V10H-10ZM-6.5-4-2.5 0-6.5 4-4 6.5 0 2.5 4 6.5 6.5 4 2.5 0 6.5-4 4-6.5 0-2.5-4-6.5Z",
        (State.UNREACHED, State.FAILED, State.EXPIRED),
    ),
    Sign("unknown", "알 수 없음", "M0-10 10 8H-10ZM0-4.5-5.2 5H5.2Z", (State.UNKNOWN,)),
    Sign("stopped", "멈춤", "M-8-9H-2.5V9H-8ZM2.5-9H8V9H2.5Z", (State.STOPPED, State.CANCELLED)),
    Sign("waiting", "기다리는 중", "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0Z", (State.WAITING,)),
    Sign("on-its-way", "보내는 중", "M0-10 10 0 0 10-10 0Z", (State.SENDING, State.ACCEPTED)),
    Sign("playing", "방송 중", "M-7-10 11 0-7 10Z", (State.PLAYING,)),
    Sign("played", "방송 끝", "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0Z", (State.PLAYED,)),
    Sign("silent", "연결 안 됨", "M-10-10H10V10H-10ZM-6 4.5-4.5 6 6-4.5 4.5-6Z", ("silent",)),
    Sign("online", "연결됨", "M-5.5-5.5H5.5V5.5H-5.5Z", ("online",)),
    Sign("village", "마을", "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0Z", ("",)),
)
SIGN_OF = {state: sign for sign in SIGNS for state in sign.states}
