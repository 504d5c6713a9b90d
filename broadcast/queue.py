"""Queues of the broadcast: each lane has one of its own name, and one for the lines that the portal holds."""

from people import queue


def calls_queue(lane: str) -> str:
    """Where the portal holds the line: minutes long, so in a queue and a worker of its own a lane."""
    return f"calls-{lane}"


def tell(task: str, args: list[object], name: str) -> None:
    """Put broadcast.tasks.<task> into that queue; if it is away, the sweep or the standby find the rows."""
    queue.tell(f"broadcast.tasks.{task}", args, name)
