"""From the body of a request to a message, field by field."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from quenotte.devices.agents.bodies import MOST_BYTES, beginning, is_packed, unpack
from quenotte.devices.agents.errors import NotUnderstood, Reason
from quenotte.devices.agents.objects import (
    as_object,
    as_text,
    list_at,
    object_at,
    read_object,
    text_at,
    whole_at,
)
from quenotte.devices.agents.osquery.lines import read_results, read_status
from quenotte.devices.agents.osquery.messages import (
    Answered,
    Answers,
    Configure,
    Enroll,
    Log,
    Poll,
    Result,
    Stats,
    Status,
)
from quenotte.devices.agents.osquery.platforms import platform_of
from quenotte.devices.agents.osquery.rows import row_of, rows_of

#: Lines of one log; osquery sends 1,024 unless it was told otherwise.
MOST_LINES: Final = 4096
MOST_ANSWERS: Final = 64
_LONGEST_SECRET: Final = 512
#: Within a text a quote is written with a stroke before it: this is a field, and nothing else.
_KEY: Final = re.compile(rb'"node_key"\s*:\s*"([^"\\]{1,512})"')
_EDGE_BYTES: Final = 4096
_SCHEME: Final = "nodekey "
#: Tables of which a machine tells the first row when it enrols.
_DETAILS: Final = ("os_version", "osquery_info", "system_info", "platform_info")


def node_key_of(authorization: str) -> str:
    """Return the key of a header ``Authorization: NodeKey …``, empty when it is another one."""
    is_ours = authorization[: len(_SCHEME)].lower() == _SCHEME
    return authorization[len(_SCHEME) :].strip()[:_LONGEST_SECRET] if is_ours else ""


def key_near(raw: bytes, authorization: str) -> str:
    """Return the key that stands above a body, or near an edge of it; empty when there is none.

    So that it is known who speaks before all of it is read. Logs begin with the key; answers to
    questions, which are not packed, may end with it.
    """
    if above := node_key_of(authorization):
        return above
    found = _KEY.search(beginning(raw, _EDGE_BYTES))
    if found is None and not is_packed(raw):
        found = _KEY.search(raw, max(0, len(raw) - _EDGE_BYTES))
    return found[1].decode("utf-8", "replace") if found else ""


def read_enroll(raw: bytes, *, most_bytes: int = MOST_BYTES) -> Enroll:
    """Return a request for a key. Raises: NotUnderstood, with any of its reasons."""
    told = _object(raw, most_bytes)
    details = object_at(told, "host_details")
    return Enroll(
        secret=text_at(told, "enroll_secret", most=_LONGEST_SECRET),
        host_identifier=text_at(told, "host_identifier"),
        platform=platform_of(whole_at(told, "platform_type")),
        details={name: row_of(object_at(details, name)) for name in _DETAILS if name in details},
    )


def read_configure(
    raw: bytes, *, authorization: str = "", most_bytes: int = MOST_BYTES
) -> Configure:
    """Return a request for the configuration. Raises: NotUnderstood, with any of its reasons."""
    return Configure(_node_key(_object(raw, most_bytes), authorization))


def read_poll(raw: bytes, *, authorization: str = "", most_bytes: int = MOST_BYTES) -> Poll:
    """Return a request for questions. Raises: NotUnderstood, with any of its reasons."""
    return Poll(_node_key(_object(raw, most_bytes), authorization))


def read_log(raw: bytes, *, authorization: str = "", most_bytes: int = MOST_BYTES) -> Log:
    """Return lines of a log. One that cannot be read is counted and dropped.

    Raises: NotUnderstood, with any of its reasons.
    """
    told = _object(raw, most_bytes)
    key, lines = _node_key(told, authorization), list_at(told, "data")
    if len(lines) > MOST_LINES:
        raise NotUnderstood(Reason.TOO_MANY, "data")
    kind = text_at(told, "log_type")
    if kind not in _LINES:
        raise NotUnderstood(Reason.UNKNOWN_QUESTION, "log_type")
    read, dropped = _LINES[kind](lines)
    results = tuple(line for line in read if isinstance(line, Result))
    statuses = tuple(line for line in read if isinstance(line, Status))
    return Log(key, results, statuses, dropped)


def read_answers(raw: bytes, *, authorization: str = "", most_bytes: int = MOST_BYTES) -> Answers:
    """Return answers to questions. Raises: NotUnderstood, with any of its reasons."""
    told = _object(raw, most_bytes)
    queries = object_at(told, "queries")
    statuses, messages = object_at(told, "statuses"), object_at(told, "messages")
    if max(len(queries), len(statuses)) > MOST_ANSWERS:
        raise NotUnderstood(Reason.TOO_MANY, "queries")
    stats = object_at(told, "stats")
    answers = {
        name[:100]: Answered(
            rows=rows_of(list_at(queries, name), name="queries"),
            status=whole_at(statuses, name),
            message=as_text(messages.get(name))[:500],
            stats=_stats(stats, name) if name in stats else None,
        )
        for name in {**queries, **statuses}
    }
    return Answers(_node_key(told, authorization), answers)


def _object(raw: bytes, most_bytes: int) -> dict[str, Any]:
    return read_object(unpack(raw, most_bytes=most_bytes).content)


def _node_key(told: Mapping[str, Any], authorization: str) -> str:
    """Return the key of a node: newer builds put it in a header, all put it in the body.

    Raises: NotUnderstood: WRONG_SHAPE when the two differ.
    """
    inside, above = text_at(told, "node_key", most=_LONGEST_SECRET), node_key_of(authorization)
    if inside and above and inside != above:
        raise NotUnderstood(Reason.WRONG_SHAPE, "node_key")
    return inside or above


def _stats(stats: Mapping[str, Any], name: str) -> Stats:
    told = object_at(stats, name)
    return Stats(
        wall_time_ms=whole_at(told, "wall_time_ms"),
        user_time_ms=whole_at(told, "user_time"),
        system_time_ms=whole_at(told, "system_time"),
        memory_bytes=whole_at(told, "memory"),
    )


_Line = Result | Status


def _read_lines(
    read: Callable[[Mapping[str, Any]], Iterator[_Line]], lines: list[Any]
) -> tuple[list[_Line], int]:
    found: list[_Line] = []
    dropped = 0
    for line in lines:
        try:
            found.extend(read(as_object(line, "data")))
        except NotUnderstood:
            dropped += 1
    return found, dropped


_LINES: Final[Mapping[str, Callable[[list[Any]], tuple[list[_Line], int]]]] = {
    "result": lambda lines: _read_lines(read_results, lines),
    "status": lambda lines: _read_lines(read_status, lines),
}
