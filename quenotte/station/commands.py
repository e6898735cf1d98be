"""``quenotte-station``: the commands. Nothing slow is imported before it is needed."""

import argparse
import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Thread
from typing import Final

from quenotte.kernel.enrolment import new_key
from quenotte.station import arguments, cadence, places
from quenotte.station.addresses import server_of
from quenotte.station.clocks import LOOK_S, Clock, RealClock
from quenotte.station.collectors.choosing import collectors
from quenotte.station.collectors.machines import Real
from quenotte.station.collectors.rounds import Rounds
from quenotte.station.knowing import Known, report_of
from quenotte.station.lines import Line
from quenotte.station.refusals import (
    AlreadyEnrolled,
    AlreadyRuns,
    NotAnAuthority,
    NotAnswered,
    NotEnrolled,
    Revoked,
    StationError,
    TokenRefused,
)
from quenotte.station.running import Companion, End
from quenotte.station.state import Standing, State, StateFile
from quenotte.station.talking import enrol, tell
from quenotte.station.words import _
from quenotte.wire.reports import Report

#: In place of a token: it is read from standard input, where no list of processes shows it.
_TYPED: Final = "-"


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the code of the process."""
    for stream in (sys.stdout, sys.stderr):
        # Where Windows would write a page of signs without our quotes.
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    given = arguments.parser().parse_args(words)
    file = StateFile(places.state_path(given.state))
    try:
        return int(_COMMANDS[given.command](given, file))
    except StationError as error:
        print(error, file=sys.stderr)
        return int(End.REVOKED if isinstance(error, Revoked) else End.REFUSED)
    except KeyboardInterrupt:
        return int(End.DONE)


def _enrol(given: argparse.Namespace, file: StateFile) -> End:
    server = server_of(given.server, plain_loopback=given.plain_loopback)
    authority = _authority(given.ca)
    ours = _absolute(given.client_cert), _absolute(given.client_key)
    line = Line(server, authority, ours)
    with file.held():
        before = _demand_none(file)
        token = sys.stdin.readline().strip() if given.token == _TYPED else given.token
        # Before the token is spent: a disk that is full would lose the key.
        file.try_out()
        known, rounds, clock = _looking()
        rounds.go()
        asking = State(
            server.url,
            _key_for(before, server.url),
            authority=authority,
            is_plain=not server.is_tls,
            standing=Standing.ASKED,
            client_certificate=ours[0],
            client_key=ours[1],
        )
        file.write(asking)
        report = report_of(known.told(clock.since_boot_s()), clock.now())
        try:
            let_in = _let_in(file, line, token, report, before, asking)
        except NotAnswered:
            raise
        except StationError:
            # This time nobody was enrolled: a key of before may be good still.
            file.put_back(before)
            raise
        file.write(let_in)
    print(_("Ce poste est inscrit ; il attend d’être reconnu à son numéro de série."))
    return End.DONE


def _let_in(
    file: StateFile, line: Line, token: str, report: Report, before: State | None, asking: State
) -> State:
    """Enrol; with a new key where the server refuses that of before: the token may be good.

    That key was revoked meanwhile, or waits in another practice. Raises: StationError.
    """
    try:
        key = enrol(line, token, report, asking.key)
    except TokenRefused:
        if before is None or before.key != asking.key:
            raise
        asking = replace(asking, key=new_key())
        file.write(asking)
        key = enrol(line, token, report, asking.key)
    return replace(asking, key=key, standing=Standing.WAITING)


def _demand_none(file: StateFile) -> State | None:
    """Let a machine be enrolled that is not, or was revoked; return what is kept of before.

    Raises: AlreadyEnrolled, Damaged, Closed.
    """
    try:
        before = file.read()
    except NotEnrolled:
        return None
    if not before.standing.is_shut_out:
        raise AlreadyEnrolled
    return before


def _key_for(before: State | None, url: str) -> str:
    """Return the key to enrol with: that of a time when no answer came, or a new one."""
    is_same = before is not None and before.standing is Standing.ASKED and before.server == url
    return before.key if before is not None and is_same else new_key()


def _run(_given: argparse.Namespace, file: StateFile) -> End:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    with file.held():
        clock = RealClock()

        def stop(*_caught: object) -> None:
            # A handler interrupts the wait anywhere, perhaps with its lock in hand.
            Thread(target=clock.stop, daemon=True).start()

        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), stop)
        end = _companion(file, clock).run()
    while end is End.REVOKED:
        if _rests(file, clock):
            return End.DONE
        # Whoever enrols the machine holds the file for a moment: the next time, then.
        with contextlib.suppress(AlreadyRuns), file.held():
            end = _companion(file, clock).run()
    return end


def _rests(file: StateFile, clock: Clock) -> bool:
    """Leave the file to whoever enrols the machine anew, until that was done or a knock is due.

    Returns whether somebody asked to stop meanwhile. Raises: NotEnrolled, Damaged, Closed.
    """
    end_s = clock.since_boot_s() + cadence.knock_s(Random())  # noqa: S311 - keeps no secret
    while not clock.wait(LOOK_S):
        if clock.since_boot_s() >= end_s or not file.read().standing.is_shut_out:
            return False
    return True


def _once(_given: argparse.Namespace, file: StateFile) -> End:
    from quenotte.station import showing

    with file.held():
        companion = _companion(file, RealClock())
        companion.once()
    print("\n".join(showing.standing(companion.state)))
    if companion.state.standing.is_shut_out:
        raise Revoked if companion.state.standing is Standing.REVOKED else NotEnrolled
    return End.FAILED if companion.state.trouble else End.DONE


def _show(_given: argparse.Namespace, file: StateFile) -> End:
    from quenotte.station import showing

    known, rounds, clock = _looking()
    rounds.go()
    rounds.go(slow=True)
    server = ""
    with contextlib.suppress(StationError):
        server = file.read().server
    report = report_of(known.told(clock.since_boot_s()), clock.now())
    print("\n".join(showing.page(report, server)))
    return End.DONE


def _status(_given: argparse.Namespace, file: StateFile) -> End:
    from quenotte.station import showing

    state = file.read()
    print("\n".join(showing.standing(state)))
    codes = {Standing.REVOKED: End.REVOKED, Standing.ASKED: End.REFUSED}
    return codes.get(state.standing, End.DONE)


def _install(given: argparse.Namespace, file: StateFile) -> End:
    from quenotte.station.installing import install

    print("\n".join(install(file.path, Path(given.to) if given.to else None)))
    return End.DONE


def _uninstall(_given: argparse.Namespace, file: StateFile) -> End:
    from quenotte.station.installing import uninstall

    print("\n".join(uninstall(file.path)))
    return End.DONE


def _companion(file: StateFile, clock: RealClock) -> Companion:
    state = file.read()
    line = Line(
        server_of(state.server, plain_loopback=state.is_plain),
        state.authority,
        (state.client_certificate, state.client_key),
    )
    known, rounds, _clock = _looking(clock)
    return Companion(
        file, state, lambda message: tell(line, state.key, message), rounds, known, clock
    )


def _looking(clock: RealClock | None = None) -> tuple[Known, Rounds, RealClock]:
    clock, known = clock or RealClock(), Known()
    return known, Rounds(collectors(), Real(), known, clock), clock


def _authority(given: str) -> str:
    if not given:
        return ""
    path = Path(given).absolute()
    if not path.is_file():
        raise NotAnAuthority
    return str(path)


def _absolute(given: str) -> str:
    return str(Path(given).absolute()) if given else ""


_Command = Callable[[argparse.Namespace, StateFile], End]
_COMMANDS: Final[dict[str, _Command]] = {
    "enrol": _enrol,
    "run": _run,
    "once": _once,
    "show": _show,
    "status": _status,
    "install": _install,
    "uninstall": _uninstall,
}
