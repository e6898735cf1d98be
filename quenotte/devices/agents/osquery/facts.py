"""From what osquery sends to facts."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from quenotte.devices.agents.credible import NOT_READABLE
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.osquery.catalogue import known
from quenotte.devices.agents.osquery.messages import Action, Answered, Answers, Enroll, Log, Result
from quenotte.devices.agents.osquery.query import Query
from quenotte.devices.agents.osquery.telling import teller
from quenotte.kernel.posture.facts import Fact, Source

#: A line that waited for longer on the machine is believed to be no older than this.
_LONGEST_WAIT: Final = timedelta(days=30)


def facts_of_log(log: Log, *, received_at: datetime) -> tuple[Fact, ...]:
    """Return what the snapshots of a log say, the newest of each fact.

    A line may have waited on the machine, whose clock may be wrong: how long before the newest line
    of the same log it was written is all that is taken from that clock.
    """
    newest = max((line.unix_time for line in log.results), default=0)
    lines = (line for line in log.results if line.action is Action.SNAPSHOT)
    ordered = sorted(lines, key=lambda line: line.unix_time)
    return _last(
        fact
        for line in ordered
        if (query := known(line.name)) is not None
        for fact in _told(query, line, received_at - _waited(newest, line))
    )


def facts_of_answers(
    answers: Answers, *, asked: Mapping[str, str], received_at: datetime
) -> tuple[Fact, ...]:
    """Return what answers to questions say.

    ``asked``: the query of the catalogue by the name of the question, as it was sent. What was not
    asked is not believed; a question that failed on the machine could not be read there.
    """
    return _last(
        fact
        for name, answered in answers.answers.items()
        if (query := known(asked.get(name, ""))) is not None
        for fact in _told(query, answered, received_at)
    )


def facts_of_enrolment(enroll: Enroll, *, received_at: datetime) -> tuple[Fact, ...]:
    """Return what a machine says of itself when it enrols: its name, identifiers and system."""
    if enroll.platform is None:
        return ()
    found = Gathering(Source.OSQUERY, received_at)
    for subject, table in (("machine", "system_info"), ("system", "os_version")):
        if row := enroll.details.get(table):
            renamed = {_COLUMNS.get(name, name): value for name, value in row.items()}
            teller(enroll.platform, subject)(found, [renamed])
    return found.facts()


#: Columns of the tables, as our own questions name them.
_COLUMNS: Final = {
    "computer_name": "name",
    "hardware_serial": "serial",
    "hardware_vendor": "maker",
    "hardware_model": "model",
    "physical_memory": "memory_bytes",
}


def _told(query: Query, answer: Result | Answered, observed_at: datetime) -> tuple[Fact, ...]:
    found = Gathering(Source.OSQUERY, observed_at)
    if isinstance(answer, Answered) and answer.status != 0:
        for key in query.tells:
            found.tell(key, NOT_READABLE)
    else:
        teller(query.platform, query.subject)(found, answer.rows)
    return found.facts()


def _waited(newest: int, line: Result) -> timedelta:
    longest_s = int(_LONGEST_WAIT.total_seconds())
    return timedelta(seconds=min(newest - line.unix_time, longest_s))


def _last(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the last fact of each key, by key."""
    kept = {fact.key: fact for fact in facts}
    return tuple(kept[key] for key in sorted(kept))
