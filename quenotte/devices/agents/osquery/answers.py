"""What osquery is answered: JSON, always; ``node_invalid`` makes it enrol again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from quenotte.devices.agents.osquery.catalogue import VERSION, query_of, scheduled
from quenotte.devices.agents.osquery.options import options
from quenotte.devices.agents.osquery.platforms import word_of
from quenotte.devices.agents.osquery.query import Query
from quenotte.kernel.posture.terms import Platform

_MOST_ACCELERATION_S: Final = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes to send."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"


def enrolled(node_key: str) -> Answer:
    """Return the answer to who was let in."""
    return _answer({"node_key": node_key, "node_invalid": False})


def refused() -> Answer:
    """Return the answer to who was not let in, or no longer is: it shall enrol again."""
    return _answer({"node_invalid": True})


def taken() -> Answer:
    """Return the answer to lines or answers that were kept: only then does osquery forget them."""
    return _answer({"node_invalid": False})


def configuration(platform: Platform, *, epoch: int = VERSION) -> Answer:
    """Return the whole configuration of a machine.

    ``epoch``: another one than before makes osquery forget what it compared with.
    """
    return _configured({query.name: _entry(query) for query in scheduled(platform)}, epoch)


def at_rest(*, epoch: int = VERSION) -> Answer:
    """Return the configuration of a machine that is asked nothing, and keeps its key."""
    return _configured({}, epoch)


def _configured(schedule: Mapping[str, Any], epoch: int) -> Answer:
    return _answer(
        {
            "node_invalid": False,
            "options": options(epoch=epoch),
            "schedule": schedule,
            "packs": {},
            "decorators": {},
        }
    )


def questions(names: Mapping[str, str] | None = None, *, accelerate_s: int = 0) -> Answer:
    """Return the questions to ask now: queries of the catalogue by the name of the question.

    ``accelerate_s``: seconds during which the machine shall come more often.

    Raises: KeyError for a query that the catalogue does not have: no other one is ever sent.
    """
    asked = {name: query_of(query).sql for name, query in (names or {}).items()}
    told: dict[str, Any] = {"queries": asked, "node_invalid": False}
    if accelerate_s > 0:
        told["accelerate"] = min(accelerate_s, _MOST_ACCELERATION_S)
    return _answer(told)


def _entry(query: Query) -> dict[str, Any]:
    return {
        "query": query.sql,
        "interval": query.interval_s,
        "snapshot": True,
        "removed": False,
        "platform": word_of(query.platform),
        "version": query.needs,
    }


def _answer(told: Mapping[str, Any]) -> Answer:
    return Answer(json.dumps(told, separators=(",", ":")).encode())
