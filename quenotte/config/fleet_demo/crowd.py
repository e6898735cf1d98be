"""Simulated machines that speak through the door that real ones use, each in its turn."""

import http.client
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from threading import Event
from typing import Final, TypeAlias

from django.db import connections
from django.db.models import Exists, OuterRef
from django.utils import timezone

from quenotte.config.fleet_demo.parc import key_of
from quenotte.kernel.posture.facts import Unknown
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet.models import Inventory, Posture, State
from quenotte.wire.answers import Answer, Code
from quenotte.wire.enrolments import KEY_SCHEME
from quenotte.wire.fingerprints import Fingerprint, fingerprint_of
from quenotte.wire.messages import read, write
from quenotte.wire.reports import Report, Told

_PATH: Final = "/agents/station/report"
_TIMEOUT_S: Final = 30.0
#: The door answers when a batch is written, a quarter of a second later: who speaks on one line
#: alone lets four machines speak in a second, and the demo has 1,800.
LINES: Final = 40
#: What the server measures itself, and no machine tells.
_CLOCK: Final = "clock.offset_s"


@dataclass
class Speaker:
    """A simulated machine. ``news``: facts that it has not told yet."""

    serial: str
    digest: str
    news: tuple[Told, ...] = ()


#: When each speaks, and who; taken from its front by several threads.
Turns: TypeAlias = deque[tuple[float, Speaker]]


@dataclass
class Round:
    """What a round of all machines came to."""

    heard: int = 0
    reports: int = 0
    refused: int = 0


def speakers(*, storm: str = "") -> list[Speaker]:
    """Return the machines of the demo that speak.

    Those that the demo shows as silent stay so, and those behind ``storm``, a provider of Internet.
    """
    silent = Posture.objects.filter(machine_id=OuterRef("machine_id"), silent_since__isnull=False)
    rows = State.objects.filter(source="station", machine__in=enrolment.believed())
    if storm:
        rows = rows.exclude(machine__customer__internet_provider__iexact=storm)
    found = rows.exclude(Exists(silent)).values_list("machine__serial", "fingerprint")
    return [Speaker(serial, bytes(digest).hex()) for serial, digest in found.order_by("id")]


def lose_antivirus(crowd: list[Speaker], count: int) -> list[str]:
    """Let some workstations of a crowd say that their antivirus is off; return which, in words.

    From all over the fleet: the first practices are those that somebody already looks at. They
    come to the front of the crowd: what is to happen happens at once.
    """
    named = {one.serial: one for one in crowd}
    rows = Inventory.objects.filter(
        source="station", machine__serial__in=named, machine__speaks_for_practice=False
    ).order_by("machine__serial")
    chosen = list(rows.select_related("machine__customer"))
    chosen = chosen[:: -(-len(chosen) // count)][:count] if count and chosen else []
    for one in chosen:
        named[one.machine.serial].news = tuple(_without_antivirus(one))
    crowd.sort(key=lambda one: not one.news)
    # With the town: practices of several towns have the same name.
    return [f"{one.machine.name}, {one.machine.customer.full_name}" for one in chosen]


def _without_antivirus(inventory: Inventory) -> Iterator[Told]:
    for one in _told(inventory):
        is_it = one.key == "antivirus.products" and one.unknown is None
        off = [{**row, "is_active": False} for row in one.value] if is_it else one.value
        yield Told(one.key, off, one.unknown)


def _told(inventory: Inventory) -> Iterator[Told]:
    """Yield the facts of an inventory as its machine told them."""
    for key, fact in inventory.facts.items():
        why = Unknown(fact["unknown"]) if "unknown" in fact else None
        if key != _CLOCK:
            yield Told(key, fact.get("value"), why)


def speak(
    crowd: Sequence[Speaker], host: str, port: int, *, seconds: float, stopped: Event
) -> Round:
    """Let each machine speak once, spread evenly over so many seconds, until we are stopped.

    On several lines at once, so that a machine whose turn it is waits for no other's answer.

    Raises: OSError, HTTPException.
    """
    begun_at, step = time.monotonic(), seconds / max(1, len(crowd))
    turns = deque((begun_at + step * number, one) for number, one in enumerate(crowd))
    lines = min(LINES, len(crowd)) or 1
    with ThreadPoolExecutor(lines) as pool:
        works = [pool.submit(_speak_in_turn, turns, host, port, stopped) for _ in range(lines)]
    rounds = [one.result() for one in works]
    return Round(
        sum(one.heard for one in rounds),
        sum(one.reports for one in rounds),
        sum(one.refused for one in rounds),
    )


def _speak_in_turn(turns: Turns, host: str, port: int, stopped: Event) -> Round:
    """Take the machines whose turn it is, one after the other, until none is left."""
    done = Round()
    try:
        with closing(http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)) as line:
            while (turn := _next(turns)) is not None:
                due, one = turn
                if stopped.wait(max(0.0, due - time.monotonic())):
                    break
                _speak(one, line, done)
    except BaseException:
        # The other lines would only find the same door shut.
        turns.clear()
        raise
    finally:
        connections.close_all()
    return done


def _next(turns: Turns) -> tuple[float, Speaker] | None:
    try:
        return turns.popleft()
    except IndexError:
        return None


def _speak(one: Speaker, line: http.client.HTTPConnection, done: Round) -> None:
    code = _report(one, line, done) if one.news else _said(line, one, _beat(one))
    if code is Code.SEND_REPORT:
        one.news = known(one)
        code = _report(one, line, done)
    done.heard += code is Code.ACCEPTED
    done.refused += code is not Code.ACCEPTED


def _report(one: Speaker, line: http.client.HTTPConnection, done: Round) -> Code:
    code = _said(line, one, write(Report(timezone.now(), one.news)))
    if code is Code.ACCEPTED:
        one.digest, one.news = fingerprint_of(one.news).digest, ()
        done.reports += 1
    return code


def known(one: Speaker) -> tuple[Told, ...]:
    """Return what a machine told last, as the provider keeps it."""
    return tuple(_told(Inventory.objects.get(source="station", machine__serial=one.serial)))


def _beat(one: Speaker) -> bytes:
    return write(Fingerprint(one.digest))


def _said(line: http.client.HTTPConnection, one: Speaker, body: bytes) -> Code:
    # As the server in front says it, which there is none of on this machine.
    told = {"Authorization": f"{KEY_SCHEME}{key_of(one.serial)}", "X-Forwarded-Proto": "https"}
    line.request("POST", _PATH, body, told)
    answer = line.getresponse()
    heard = answer.read()
    # 503: the door is full or the database away; a machine keeps what it has, and comes again.
    return read(heard, Answer).code if answer.status == 200 else Code.TRY_LATER
