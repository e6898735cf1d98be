"""What osquery says to its server, one type per message; nothing of it is believed yet.

Source: osquery's remote interface (enroll, config, logger, distributed over TLS).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from quenotte.kernel.posture.terms import Platform

#: Columns by name, all of them texts.
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Enroll:
    """« I hold this secret, give me a key. » ``details``: first row of a few tables, by table."""

    secret: str
    host_identifier: str
    platform: Platform | None
    details: Mapping[str, Row] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Configure:
    """« What shall I do? »"""

    node_key: str


class Action(StrEnum):
    """What a line of results is."""

    ADDED = "added"
    REMOVED = "removed"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Result:
    """A line of results of a scheduled query. ``unix_time``: seconds, by the machine's clock."""

    name: str
    host_identifier: str
    unix_time: int
    epoch: int
    counter: int
    action: Action
    rows: tuple[Row, ...]

    def key(self, node: str) -> tuple[str, str, int, int, str]:
        """Return what tells this line from any other: one that was sent twice has the same.

        Node, name, epoch and counter are not enough. A snapshot has no counter, it is 0 always:
        its time is what differs. Rows that were added together have one counter, and a line each.
        """
        told = json.dumps([self.unix_time, self.action, self.rows], sort_keys=True)
        digest = hashlib.blake2b(told.encode(), digest_size=16).hexdigest()
        return (node, self.name, self.epoch, self.counter, digest)


@dataclass(frozen=True, slots=True)
class Status:
    """A line of osquery's own log. ``message`` may hold anything and is never a fact."""

    severity: int
    filename: str
    line: int
    message: str
    version: str
    host_identifier: str
    unix_time: int


@dataclass(frozen=True, slots=True)
class Log:
    """Lines that waited on the machine: either of results, or of status."""

    node_key: str
    results: tuple[Result, ...] = ()
    statuses: tuple[Status, ...] = ()
    #: Lines that were not understood and are dropped: sent again they would be no better.
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Poll:
    """« Is there a question for me now? » It is the heartbeat too."""

    node_key: str


@dataclass(frozen=True, slots=True)
class Stats:
    """What a query cost the machine: milliseconds, and bytes."""

    wall_time_ms: int = 0
    user_time_ms: int = 0
    system_time_ms: int = 0
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one question. ``status`` 0 is success; else ``message`` says why not."""

    rows: tuple[Row, ...]
    status: int = 0
    message: str = ""
    stats: Stats | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to questions of a poll, by the name of the question."""

    node_key: str
    answers: Mapping[str, Answered] = field(default_factory=dict)


Message: TypeAlias = Enroll | Configure | Log | Poll | Answers
