"""Lines of a log: results of scheduled queries, in each of their forms, and osquery's own words."""

from collections.abc import Iterator, Mapping
from typing import Any

from quenotte.devices.agents.errors import NotUnderstood, Reason
from quenotte.devices.agents.objects import list_at, object_at, text_at, whole_at
from quenotte.devices.agents.osquery.messages import Action, Result, Row, Status
from quenotte.devices.agents.osquery.rows import row_of, rows_of

_LONGEST_MESSAGE = 2000


def read_results(line: Mapping[str, Any]) -> Iterator[Result]:
    """Yield what a line of results holds: a snapshot, an event, or a batch of differences.

    ``calendarTime`` says in words what ``unixTime`` says, ``numerics`` whether numbers are numbers,
    which is seen, ``decorations`` what we never ask for: none of them is kept.

    Raises: NotUnderstood: WRONG_SHAPE, TOO_MANY.
    """
    if not text_at(line, "name"):
        raise NotUnderstood(Reason.WRONG_SHAPE, "name")
    for action, rows in _parts(line):
        yield Result(
            name=text_at(line, "name"),
            host_identifier=text_at(line, "hostIdentifier"),
            unix_time=whole_at(line, "unixTime"),
            epoch=whole_at(line, "epoch"),
            counter=whole_at(line, "counter"),
            action=action,
            rows=rows,
        )


def read_status(line: Mapping[str, Any]) -> Iterator[Status]:
    """Yield the one line of status. Raises: NotUnderstood: WRONG_SHAPE."""
    yield Status(
        severity=whole_at(line, "severity"),
        filename=text_at(line, "filename"),
        line=whole_at(line, "line"),
        message=text_at(line, "message", most=1 << 20)[:_LONGEST_MESSAGE],
        version=text_at(line, "version"),
        host_identifier=text_at(line, "hostIdentifier"),
        unix_time=whole_at(line, "unixTime"),
    )


def _parts(line: Mapping[str, Any]) -> Iterator[tuple[Action, tuple[Row, ...]]]:
    action = text_at(line, "action")
    if "diffResults" in line:
        told = object_at(line, "diffResults")
        for part in (Action.REMOVED, Action.ADDED):
            if rows := list_at(told, part.value):
                yield part, rows_of(rows, name="diffResults")
    elif "snapshot" in line or action == Action.SNAPSHOT or "columns" not in line:
        # Older builds leave an empty snapshot out.
        yield Action.SNAPSHOT, rows_of(list_at(line, "snapshot"), name="snapshot")
    elif action in {Action.ADDED, Action.REMOVED}:
        yield Action(action), (row_of(object_at(line, "columns")),)
    else:
        raise NotUnderstood(Reason.WRONG_SHAPE, "action")
