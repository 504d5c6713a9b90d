"""The one screen that a newcomer reads."""

from pathlib import Path

from .words import say


def show(url: str, var: Path) -> None:
    """Address, who can sign in and how, what to try, how to stop. READY comes last, for scripts."""
    say(f"\n진주시 디지털 포용 포털 (예시 도시)\n\n  주소   {url}\n")
    say(f"  자료와 기록은 {var} 에 있습니다. 끄려면 Ctrl-C (stop with Ctrl-C)\n\nREADY {url}")
