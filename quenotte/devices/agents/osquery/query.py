"""A question to a machine, as data."""

from dataclasses import dataclass
from typing import Final

from quenotte.kernel.posture.take_over import PRODUCTS
from quenotte.kernel.posture.terms import Platform

HOUR_S: Final = 3600
#: A question is asked when its time comes while the machine runs, and at no other: what is asked
#: once a day is not asked for weeks of a machine that is off at night.
SELDOM_S: Final = 4 * HOUR_S


@dataclass(frozen=True, slots=True)
class Query:
    """One question. ``tells``: the facts that its rows become.

    ``interval_s``: seconds between two answers; 0 when it is asked by hand only. ``needs``: the
    oldest osquery that has its tables.
    """

    platform: Platform
    subject: str
    tells: tuple[str, ...]
    interval_s: int
    sql: str
    needs: str = "5.0.0"

    @property
    def name(self) -> str:
        """Return the name under which the answer comes."""
        return f"{self.platform}.{self.subject}"


def query(
    platform: Platform, subject: str, tells: str, interval_s: int, sql: str, needs: str = "5.0.0"
) -> Query:
    """Return a question whose SQL was written over several lines.

    ``$TOOLS`` in it stands for: a program of remote control, by the column ``name``.
    """
    return Query(
        platform,
        subject,
        tuple(tells.split()),
        interval_s,
        " ".join(sql.split()).replace("$TOOLS", _TOOLS),
        needs,
    )


_TOOLS: Final = "({})".format(
    " OR ".join(f"lower(name) GLOB '{head}*'" for _, heads in PRODUCTS for head in heads)
)

#: Questions that have the same words everywhere: subject, facts, interval, SQL.
EVERYWHERE: Final = (
    (
        "machine",
        "machine.name machine.uuid machine.serial machine.model machine.memory_mib",
        SELDOM_S,
        """
        SELECT computer_name AS name, uuid, hardware_serial AS serial, hardware_vendor AS maker,
        hardware_model AS model, physical_memory AS memory_bytes FROM system_info
        """,
    ),
    ("uptime", "use.booted_at", HOUR_S, "SELECT total_seconds FROM uptime"),
    (
        "ports",
        "ports.open",
        6 * HOUR_S,
        """
        SELECT DISTINCT l.port, l.address, p.name AS program
        FROM listening_ports l LEFT JOIN processes p ON p.pid = l.pid
        WHERE l.protocol = 6 AND l.port > 0 AND l.address NOT LIKE '127.%' AND l.address <> '::1'
        """,
    ),
    ("clock", "clock.offset_s", 0, "SELECT unix_time FROM time"),
)


def everywhere(platform: Platform) -> tuple[Query, ...]:
    """Return the questions that a platform shares with the others."""
    return tuple(query(platform, *words) for words in EVERYWHERE)
