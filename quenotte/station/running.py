"""The life of the companion: look, tell, wait, and again."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum
from random import Random
from typing import Final, Protocol

from quenotte.station import cadence
from quenotte.station.clocks import LOOK_S, Clock
from quenotte.station.knowing import Known, report_of
from quenotte.station.refusals import StationError
from quenotte.station.showing import news
from quenotte.station.state import Standing, State, StateFile
from quenotte.station.talking import Outcome, Word
from quenotte.wire.fingerprints import Fingerprint, fingerprint_of
from quenotte.wire.reports import Report

logger = logging.getLogger(__name__)

#: The file is written for the time of the last contact alone this often.
_NOTED: Final = timedelta(hours=1)
#: What a machine that was revoked knocks with: it says nothing of the machine.
_KNOCK: Final = Fingerprint(fingerprint_of(()).digest)
#: No wait is shorter, in seconds: what is left of one must not vanish beside the time since boot.
_LEAST_S: Final = 0.1


class End(IntEnum):
    """How a process ends. A service is started again after any other code."""

    DONE = 0
    FAILED = 1
    #: Nothing but a person helps: not enrolled, a damaged file.
    REFUSED = 78
    #: A person took the key back, who may take that back as well.
    REVOKED = 77


class Looks(Protocol):
    """What looks at the machine."""

    @property
    def kept(self) -> tuple[str, ...]:
        """Return the keys that outlive a restart."""
        ...

    def go(self, *, slow: bool = False) -> bool:
        """Look; return whether anything was looked at."""
        ...

    def wake(self) -> None:
        """Look at everything next time."""
        ...

    def rest(self, ages_s: dict[str, float]) -> None:
        """Let slow looks wait for what was recalled."""
        ...


Tell = Callable[[Report | Fingerprint], Outcome]


class Companion:
    """A companion that is enrolled. ``tell`` says something to its server."""

    def __init__(
        self, file: StateFile, state: State, tell: Tell, looks: Looks, known: Known, clock: Clock
    ) -> None:
        self.state = state
        self._file, self._tell, self._looks = file, tell, looks
        self._known, self._clock = known, clock
        # Chance here keeps no secret: it spreads a fleet.
        self._random = Random()  # noqa: S311 - spreads machines over time, keeps no secret
        self._failures = 0
        self._reported_s = clock.since_boot_s()
        self._written = state
        self._is_told_full = False
        known.recall(state.facts, self._reported_s, clock.now())
        looks.rest({one.key: one.age_s for one in known.told(self._reported_s)})

    def run(self) -> End:
        """Beat until somebody asks to stop, or the server wants to hear no more.

        Who was revoked before knocks once, and is heard as ever when that was taken back.
        """
        # Who knocks was spread before, and holds the file from whoever enrols the machine anew.
        is_out = self.state.standing.is_shut_out
        wait_s = 0.0 if is_out else cadence.first_s(self._random)
        while not self._sleep(wait_s):
            wait_s = self.beat()
            if self.state.standing.is_shut_out:
                return End.REVOKED
            if self._looks.go(slow=True) and self._has_news():
                wait_s = min(wait_s, self.beat()) if not self._failures else wait_s
        self._keep()
        return End.DONE

    def once(self) -> None:
        """Look at everything, tell it, and keep what came of it."""
        self._looks.go(slow=True)
        self.beat()

    def beat(self) -> float:
        """Look, tell what is new or that nothing is; return after how many seconds to come."""
        if self.state.standing.is_shut_out and not self._is_let_in():
            return cadence.knock_s(self._random)
        self._looks.go()
        at_s = self._clock.since_boot_s()
        report = report_of(self._known.told(at_s), self._clock.now())
        digest = fingerprint_of(report.facts).digest
        is_new = digest != self.state.fingerprint
        if is_new and not self.state.unsent_since:
            self._note(unsent_since=self._now())
        is_whole = self._is_whole(is_new, at_s)
        outcome = self._said(report if is_whole else Fingerprint(digest), digest)
        if outcome.word is Word.SEND_ALL:
            outcome = self._said(report, digest)
        self._keep()
        return self._wait_s(outcome)

    def _is_let_in(self) -> bool:
        """Knock, and say nothing of the machine; tell whether its key opens again."""
        self._said(_KNOCK, _KNOCK.digest)
        self._keep()
        return not self.state.standing.is_shut_out

    def _is_whole(self, is_new: bool, at_s: float) -> bool:
        """Tell whether to say everything: what is new, or once an hour; not to who only waits."""
        if self.state.standing is Standing.WAITING:
            return False
        return is_new or at_s - self._reported_s >= cadence.REPORT_S

    def _said(self, message: Report | Fingerprint, digest: str) -> Outcome:
        before = (self.state.standing, self.state.trouble)
        outcome = self._heard(message, digest)
        if (self.state.standing, self.state.trouble) != before:
            logger.info("%s", news(self.state))
        return outcome

    def _heard(self, message: Report | Fingerprint, digest: str) -> Outcome:
        outcome = self._tell(message)
        match outcome.word:
            case Word.TAKEN:
                self._taken(digest, is_whole=isinstance(message, Report))
            case Word.WAITING:
                self._note(standing=Standing.WAITING, heard_at=self._now(), trouble="")
            case Word.SEND_ALL:
                self._note(standing=Standing.BELIEVED, fingerprint="", heard_at=self._now())
            case Word.REVOKED:
                is_asking = self.state.standing is Standing.ASKED
                self._note(
                    standing=Standing.ASKED if is_asking else Standing.REVOKED,
                    heard_at=self._now(),
                    fingerprint="",
                    trouble="",
                    facts={},
                )
            case _:
                self._note(trouble=outcome.trouble)
        return outcome

    def _taken(self, digest: str, *, is_whole: bool) -> None:
        if is_whole:
            self._reported_s = self._clock.since_boot_s()
        self._note(
            standing=Standing.BELIEVED,
            fingerprint=digest,
            heard_at=self._now(),
            unsent_since="",
            trouble="",
        )

    def _wait_s(self, outcome: Outcome) -> float:
        if outcome.word is Word.LATER:
            self._failures += 1
            return cadence.told_s(outcome.retry_after_s, self._failures, self._random)
        self._failures = 0
        if outcome.word is Word.STRANGE:
            return cadence.REFUSED_S * self._random.uniform(0.8, 1.2)
        return cadence.beat_s(self._random)

    def _has_news(self) -> bool:
        report = report_of(self._known.told(self._clock.since_boot_s()), self._clock.now())
        return fingerprint_of(report.facts).digest != self.state.fingerprint

    def _sleep(self, seconds: float) -> bool:
        """Wait in short steps; a machine that slept meanwhile looks at everything soon."""
        end_s = self._clock.since_boot_s() + seconds
        while (before_s := self._clock.since_boot_s()) < end_s:
            step_s = max(min(end_s - before_s, LOOK_S), _LEAST_S)
            if self._clock.wait(step_s):
                return True
            if cadence.has_slept(before_s, self._clock.since_boot_s(), step_s):
                self._looks.wake()
                end_s = self._clock.since_boot_s() + cadence.first_s(self._random)
        return False

    def _note(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def _keep(self) -> None:
        """Write the file when it says something new. A full disk stops nothing but the file."""
        kept = self._known.kept(self._looks.kept, self._clock.since_boot_s(), self._clock.now())
        if not self.state.standing.is_shut_out:
            self._note(facts=kept)
        if not self._is_worth_writing():
            return
        try:
            self._file.write(self.state)
        except StationError as error:
            if not self._is_told_full:
                logger.error("%s", error)
            self._is_told_full = True
            return
        self._written, self._is_told_full = self.state, False

    def _is_worth_writing(self) -> bool:
        if _plain(self.state) != _plain(self._written):
            return True
        before, now = self._written.heard_at, self.state.heard_at
        return bool(now) and (not before or _moment(now) - _moment(before) >= _NOTED)

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")


def _plain(state: State) -> tuple[object, ...]:
    """Return what a state says, save times that change with every contact."""
    facts = {key: (one["value"], one["unknown"]) for key, one in state.facts.items()}
    return (state.standing, state.fingerprint, state.unsent_since, state.trouble, facts)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
