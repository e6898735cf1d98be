"""A machine of tests: files in a folder, programs that answer what they are told to."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil

from quenotte.devices.agents.gathering import Gathering
from quenotte.kernel.posture.facts import Source
from quenotte.station.collectors.collector import Collector
from quenotte.station.collectors.machines import NoProgram, Real, Said
from quenotte.station.collectors.rounds import Rounds
from quenotte.station.knowing import Known
from quenotte.wire.reports import Told

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


class FakeClock:
    """Clocks that stand until somebody moves them."""

    def __init__(self) -> None:
        self.s, self.at = 5_000.0, NOW
        self.waits: list[float] = []
        #: Called at each wait, with the seconds; what it returns says whether to stop.
        self.on_wait: Callable[[float], bool] = lambda _seconds: False

    def since_boot_s(self) -> float:
        return self.s

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.s += seconds
        return self.on_wait(seconds)


def counts(**others: Any) -> Any:
    """Return what stands for psutil: an empty machine, save what is given."""
    return SimpleNamespace(
        **{
            "Error": psutil.Error,
            "CONN_LISTEN": psutil.CONN_LISTEN,
            "boot_time": lambda: NOW.timestamp() - 3600,
            "virtual_memory": lambda: SimpleNamespace(total=8 << 30),
            "process_iter": lambda _names: [],
            "net_connections": lambda _kind: [],
            "disk_partitions": lambda all: [],  # noqa: A006
            "disk_usage": lambda _mount: SimpleNamespace(total=100 << 30, free=40 << 30),
            **others,
        }
    )


class FakeMachine(Real):
    """A machine below a folder. ``answers``: what a program says, by how its words begin."""

    def __init__(self, root: Path, counts: Any = None) -> None:
        super().__init__(root)
        self.counts = counts or globals()["counts"]()
        self.answers: dict[str, Said | Exception] = {}
        self.asked: list[tuple[str, ...]] = []

    def write(self, path: str, text: str) -> Path:
        """Put a file there."""
        place = self.place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        return place

    def run(self, *words: str, timeout_s: float = 20.0, user: int | None = None) -> Said:
        self.asked.append(words)
        line = " ".join(words)
        found = [one for one in self.answers if line.startswith(one)]
        if not found:
            raise NoProgram(words[0])
        told = self.answers[max(found, key=len)]
        if isinstance(told, Exception):
            raise told
        return told


class FakeWindows(FakeMachine):
    """A Windows whose PowerShell answers what lies in a folder, by the name of the script."""

    def __init__(self, root: Path, answers: Path, counts: Any = None) -> None:
        super().__init__(root, counts)
        self._folder = answers
        self.scripts: list[str] = []

    def run(self, *words: str, timeout_s: float = 20.0, user: int | None = None) -> Said:
        from quenotte.station.collectors.windows import powershell

        frame = base64.b64decode(words[-1]).decode("utf-16-le")
        self.scripts.append(frame)
        for path in powershell.SCRIPTS.glob("*.ps1"):
            if path.read_text("utf-8").partition("$WORDS")[0] in frame:
                return Said(0, (self._folder / f"{path.stem}.txt").read_bytes().decode("utf-8"))
        raise AssertionError(frame)


def gathered(look: Callable[..., None], machine: Any) -> dict[str, Any]:
    """Return what a look tells: values, or the reason why there is none."""
    found = Gathering(Source.STATION, NOW)
    look(machine, found)
    return {fact.key: fact.unknown or fact.value for fact in found.facts()}


def told(collectors: tuple[Collector, ...], machine: Any) -> dict[str, Any]:
    """Return what a companion would tell after one round of all of them."""
    return {one.key: one.unknown or one.value for one in facts(collectors, machine)}


def facts(collectors: tuple[Collector, ...], machine: Any) -> tuple[Told, ...]:
    """Return the facts of one round of all of them."""
    known, clock = Known(), FakeClock()
    rounds = Rounds(collectors, machine, known, clock)
    rounds.go()
    rounds.go(slow=True)
    return known.told(clock.since_boot_s())
