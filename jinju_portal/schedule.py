"""What happens regularly. Beat puts it into a queue; if nobody takes it in time it is dropped, since it comes again."""

from typing import Any


def every(seconds: float, task: str, queue: str, *args: str) -> dict[str, Any]:
    """A task every so many seconds. One that waited longer than three turns (at least 3 s) is of no use any more."""
    return {
        "task": task,
        "schedule": seconds,
        "args": args,
        "options": {"queue": queue, "expires": max(3.0, min(3 * seconds, 3000.0))},
    }


SCHEDULE = {
    "heal deliveries that were lost": every(1, "broadcast.tasks.sweep", "urgent"),
    "heartbeat of the urgent worker": every(2, "broadcast.tasks.heartbeat", "urgent", "worker-urgent"),
    "heartbeat of the routine worker": every(2, "broadcast.tasks.heartbeat", "routine", "worker-routine"),
    "heartbeat of urgent calls": every(2, "broadcast.tasks.heartbeat", "calls-urgent", "worker-calls-urgent"),
    "heartbeat of calls": every(2, "broadcast.tasks.heartbeat", "calls-routine", "worker-calls-routine"),
    "tell who subscribed": every(2, "broadcast.tasks.tell_listeners", "routine"),
    "send waiting messages": every(2, "people.tasks.send_messages", "routine"),
    "what arrived": every(60, "people.tasks.ask_what_arrived", "routine"),
    "air what was planned": every(2, "broadcast.tasks.air_planned", "routine"),
    "plan the next weeks": every(300, "broadcast.tasks.plan_ahead", "routine"),
    "fetch alerts from feeds": every(30, "broadcast.tasks.pull_alerts", "urgent"),
    "who fell silent": every(60, "broadcast.tasks.look_after_gateways", "routine"),
    "ask who does not report": every(90, "broadcast.tasks.ask_gateways", "routine"),
    "what may take a minute": every(60, "broadcast.tasks.tidy", "routine"),
    "forget codes and messages that are of no use any more": every(3600, "people.tasks.forget", "routine"),
    "forget drafts and old voices": every(3600, "broadcast.tasks.forget", "routine"),
    "look through files that came": every(10, "repair.tasks.scan_papers", "routine"),
    "deadlines follow holidays": every(300, "repair.tasks.follow_holidays", "routine"),
    "visits that are due": every(3600, "repair.tasks.warn_of_deadlines", "routine"),
    "tell learners what happened": every(2, "learning.tasks.tell", "routine"),
    "offers that end, lines that move": every(10, "learning.tasks.keep_lines_moving", "routine"),
    "classes of tomorrow": every(600, "learning.tasks.remind", "routine"),
    "forget who learned long ago": every(3600, "learning.tasks.forget", "routine"),
    "place entries in the ledger, and sign it": every(10, "privacy.tasks.keep_ledger", "routine"),
    "show checkpoints to witnesses": every(20, "privacy.tasks.show_witnesses", "routine"),
    "move sealed data to another key": every(5, "privacy.tasks.rotate", "routine"),
    "forget access records": every(3600, "privacy.tasks.forget", "routine"),
    "forget applications that were given up": every(3600, "repair.tasks.forget", "routine"),
}
