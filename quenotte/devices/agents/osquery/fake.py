"""An osqueryd that exists in memory only: it enrols, keeps its lines, resends, and answers SQL.

Its tables are tables of SQLite that a test or a simulation fills: our questions really run. How its
messages travel is left to who starts it.
"""

import gzip
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, Final, NamedTuple

from quenotte.devices.agents.osquery.options import ENDPOINTS
from quenotte.devices.agents.osquery.platforms import word_of
from quenotte.devices.agents.osquery.tables import READ
from quenotte.kernel.posture.terms import Platform

#: Rows by table; a column that a row does not name is empty.
Tables = Mapping[str, Sequence[Mapping[str, Any]]]

_NUMBERS: Final = {Platform.WINDOWS: "2", Platform.LINUX: "9", Platform.MACOS: "21"}
_LINES_PER_POST: Final = 1024
_SEVERITY_ERROR: Final = "2"


class Reply(NamedTuple):
    """What a server answered."""

    status: int
    body: bytes


Send = Callable[[str, bytes, Mapping[str, str]], Reply]


class NotEnrolled(Exception):
    """The server gives no key for this secret."""


class FakeOsqueryd:
    """One machine. ``send`` takes the path of a door, a body and headers."""

    def __init__(
        self,
        platform: Platform,
        tables: Tables,
        *,
        send: Send,
        secret: str = "secret-d-essai",  # noqa: S107 - an invented one
        host: str = "4c4c4544-0042-3510-8051-b7c04f564e32",
        clock: Callable[[], float],
    ) -> None:
        self._platform = platform
        self._tables = tables
        self._send = send
        self._secret = secret
        self._host = host
        self._clock = clock
        self.node_key = ""
        self.options: Mapping[str, Any] = {}
        self.schedule: Mapping[str, Mapping[str, Any]] = {}
        self.waiting: list[dict[str, Any]] = []

    def enrol(self) -> None:
        """Ask for a key. Raises: NotEnrolled."""
        told = {
            "enroll_secret": self._secret,
            "host_identifier": self._host,
            "platform_type": _NUMBERS[self._platform],
            "host_details": {
                "os_version": self._first("os_version"),
                "osquery_info": {"version": "5.12.1", "build_platform": word_of(self._platform)},
                "system_info": self._first("system_info"),
                "platform_info": {"vendor": "Example BIOS"},
            },
        }
        answer = self._call("enroll_tls_endpoint", told)
        if answer is None or answer.get("node_invalid") or not answer.get("node_key"):
            raise NotEnrolled
        self.node_key = answer["node_key"]

    def configure(self) -> bool:
        """Fetch the configuration; tell whether there was one."""
        answer = self._known("config_tls_endpoint", {})
        if answer is None:
            return False
        self.options, self.schedule = answer["options"], answer["schedule"]
        return True

    def run_schedule(self, *, names: Iterable[str] | None = None) -> None:
        """Ask the tables each question once; the answers wait for the next log."""
        for name in names or self.schedule:
            entry = self.schedule[name]
            if entry["platform"] != word_of(self._platform) or not entry["snapshot"]:
                continue
            snapshot = self.ask(entry["query"])
            self.waiting.append(self._line(name, {"snapshot": snapshot, "action": "snapshot"}))

    def log(self) -> bool:
        """Send the lines that wait, packed; they are forgotten only once the server has them."""
        sent = self.waiting[:_LINES_PER_POST]
        told = {"log_type": "result", "data": sent}
        if self._known("logger_tls_endpoint", told, is_packed=True) is None:
            return False
        self.waiting = self.waiting[len(sent) :]
        return True

    def log_status(self, message: str) -> bool:
        """Send a line of the own log."""
        line = {
            "hostIdentifier": self._host,
            "calendarTime": "Tue Mar 17 08:30:00 2026 UTC",
            "unixTime": str(int(self._clock())),
            "severity": _SEVERITY_ERROR,
            "filename": "scheduler.cpp",
            "line": "106",
            "message": message,
            "version": "5.12.1",
        }
        told = {"log_type": "status", "data": [line]}
        return self._known("logger_tls_endpoint", told, is_packed=True) is not None

    def poll(self) -> bool:
        """Ask for questions, and answer those that come; tell whether there were any."""
        asked = self._known("distributed_tls_read_endpoint", {}) or {}
        if not asked.get("queries"):
            return False
        told: dict[str, dict[str, Any]] = {
            "queries": {},
            "statuses": {},
            "messages": {},
            "stats": {},
        }
        for name, sql in asked["queries"].items():
            self._answer(told, name, sql)
        return self._known("distributed_tls_write_endpoint", told) is not None

    def ask(self, sql: str) -> list[dict[str, str]]:
        """Return the rows of a question. Raises: sqlite3.Error for what no table answers."""
        with closing(sqlite3.connect(":memory:")) as database:
            for table, columns in READ[self._platform].items():
                names = columns.split()
                database.execute(f"CREATE TABLE {table} ({', '.join(names)})")
                rows = [
                    [row.get(name, "") for name in names] for row in self._tables.get(table, ())
                ]
                marks = ", ".join("?" * len(names))
                # Names come from our own list, values are parameters.
                database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
            found = database.execute(sql)
            names = [column[0] for column in found.description]
            return [dict(zip(names, map(_text, row), strict=True)) for row in found]

    def _answer(self, told: dict[str, dict[str, Any]], name: str, sql: str) -> None:
        try:
            told["queries"][name] = self.ask(sql)
            told["statuses"][name] = 0
            told["stats"][name] = {
                "wall_time_ms": 3,
                "user_time": 1,
                "system_time": 1,
                "memory": 4096,
            }
        except sqlite3.Error as error:
            told["queries"][name] = []
            told["statuses"][name] = 1
            told["messages"][name] = str(error)

    def _line(self, name: str, result: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **result,
            "name": name,
            "hostIdentifier": self._host,
            "calendarTime": "Tue Mar 17 08:30:00 2026 UTC",
            "unixTime": int(self._clock()),
            "epoch": self.options.get("schedule_epoch", 0),
            "counter": 0,
            "numerics": False,
        }

    def _first(self, table: str) -> dict[str, str]:
        rows = self._tables.get(table, ())
        return {name: _text(value) for name, value in rows[0].items()} if rows else {}

    def _known(
        self, door: str, told: Mapping[str, Any], *, is_packed: bool = False
    ) -> Mapping[str, Any] | None:
        """Call a door as a node; who is told that its key is no longer good forgets it."""
        answer = self._call(door, {"node_key": self.node_key, **told}, is_packed=is_packed)
        if answer is not None and answer.get("node_invalid"):
            self.node_key = ""
            return None
        return answer

    def _call(
        self, door: str, told: Mapping[str, Any], *, is_packed: bool = False
    ) -> Mapping[str, Any] | None:
        body = json.dumps(told).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "osquery/5.12.1"}
        if is_packed:
            body, headers = gzip.compress(body), headers | {"Content-Encoding": "gzip"}
        if self.node_key:
            headers["Authorization"] = f"NodeKey {self.node_key}"
        reply = self._send(ENDPOINTS[door], body, headers)
        return json.loads(reply.body) if reply.status == 200 else None


def _text(value: object) -> str:
    return "" if value is None else str(value)
