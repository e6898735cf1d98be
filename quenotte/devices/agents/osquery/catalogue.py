"""All questions that are ever asked: data with a version; nobody writes SQL to a machine."""

import hashlib
import json
from dataclasses import asdict
from typing import Final

from quenotte.devices.agents.osquery import linux, macos, windows
from quenotte.devices.agents.osquery.query import Query
from quenotte.kernel.posture.terms import Platform

#: Raised with each change of a question: machines then forget what they compared with.
VERSION: Final = 3

QUERIES: Final[tuple[Query, ...]] = (*windows.QUERIES, *macos.QUERIES, *linux.QUERIES)
_BY_NAME: Final = {query.name: query for query in QUERIES}


def query_of(name: str) -> Query:
    """Return a question. Raises: KeyError when the catalogue does not have it."""
    return _BY_NAME[name]


def known(name: str) -> Query | None:
    """Return a question of ours, None for the name of another."""
    return _BY_NAME.get(name)


def scheduled(platform: Platform) -> tuple[Query, ...]:
    """Return what a platform is asked again and again."""
    return tuple(query for query in QUERIES if query.platform is platform and query.interval_s)


def by_hand(platform: Platform) -> tuple[Query, ...]:
    """Return what a platform may be asked now, when a technician wants it: all of it."""
    return tuple(query for query in QUERIES if query.platform is platform)


def digest() -> str:
    """Return a digest of all questions, in hexadecimal: what is signed, and what a test holds."""
    told = json.dumps([VERSION, *map(asdict, QUERIES)], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()
