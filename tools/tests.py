"""Run the whole suite: SQLite, the browser journeys, PostgreSQL, the islands; then coverage."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tools.counts import hold

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin")
#: Two cores wait for processes and databases as often as they compute: more workers fill what is
#: left. Browsers and whole sites compute all the time.
WORKERS, FEWER_WORKERS = "4", "3"
#: A few tests at a time: by its own measure xdist gives the first worker all that have real
#: processes, which stand first, and the others wait for it at the end.
_SPREAD = ["-n", WORKERS, "--maxschedchunk", "8"]
_PYTEST = [sys.executable, "-m", "pytest", "-q"]
#: It counts lines, and tells the pass on another engine what that one need not read.
_COUNTED = [*_PYTEST, "-p", "tests.support.counted", "-p", "tests.support.settled"]
_LIVE_JOURNEYS = ("e2e/test_arrival.py", "e2e/test_agenda_today.py")
_LOOKS = "e2e/test_agenda_today.py::test_panels_are_clean"


class Suite(NamedTuple):
    """A part of the suite: its title, its command, and the database that it runs on."""

    title: str
    words: list[str]
    database: str = ""


class Count(NamedTuple):
    """How many tests passed and failed."""

    passed: int
    failed: int


def suites() -> list[Suite]:
    """Return the parts of the suite that exist."""
    found = [Suite("SQLite", [*_COUNTED, *_SPREAD, "tests"])]
    if (ROOT / "e2e").is_dir():
        # Not counted: every line has a test of its own in the first pass.
        # Journeys that share what is dear to start stay together; among thousands of short tests a
        # worker would wait longer for its next one than that saves.
        shared = ["-n", FEWER_WORKERS, "--dist", "loadgroup"]
        found.append(Suite("Browser journeys", [*_PYTEST, *shared, "e2e"]))
    # The same tests on another engine; those that cannot differ have answered already.
    once = [*_PYTEST, "-p", "tests.support.once"]
    found.append(Suite("PostgreSQL", [*once, *_SPREAD, "tests"], "postgres"))
    # The provider's site has other settings; a process of pytest has one set.
    # By the file: what makes a site of its own makes it once; in our order, the longest first.
    its_own = ["--ds=quenotte.config.settings.test_provider", "-n", FEWER_WORKERS]
    its_own += ["--dist", "loadfile", "--no-loadscope-reorder"]
    # Whole on the engine of a large fleet; a small one keeps its own on the other.
    found.append(Suite("Provider", [*_COUNTED, *its_own, "tests_provider"], "postgres"))
    found.append(Suite("Provider on SQLite", [*once, *its_own, "tests_provider"]))
    if (ROOT / "e2e").is_dir():
        # Those in which live events cross processes; QUENOTTE_TEST_DATABASE=postgres runs every
        # journey there (pytest e2e). How a page looks is the same on both. Apart: a browser keeps
        # an event loop running.
        live = [*_PYTEST, *_LIVE_JOURNEYS, "--deselect", _LOOKS]
        found.append(Suite("Live journeys on PostgreSQL", live, "postgres"))
    if any((ROOT / "islands").rglob("*.test.ts")):
        found.append(Suite("Islands", ["npm", "test", "--silent"]))
    return found


def count_of(printed: str) -> Count:
    """Return what the last summary line of pytest or vitest tells."""
    lines = [
        line for line in printed.splitlines() if re.search(r"\b\d+ (passed|failed|error)", line)
    ]
    line = re.sub(r"\x1b\[[0-9;]*m", "", lines[-1]) if lines else ""

    def told(word: str) -> int:
        return sum(int(number) for number in re.findall(rf"(\d+) {word}", line))

    return Count(told("passed"), told("failed") + told("errors?"))


def _worked() -> float:
    """Return the seconds of CPU of all that has ended so far: half idle means waiting."""
    if os.name == "nt":
        return 0.0
    import resource

    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def run(suite: Suite, env: dict[str, str]) -> tuple[int, Count]:
    """Run a part of the suite while showing what it prints."""
    print(f"== {suite.title}", flush=True)
    began_at, worked = time.monotonic(), _worked()
    words = {"QUENOTTE_TEST_DATABASE": suite.database} if suite.database else {}
    printed: list[str] = []
    with subprocess.Popen(
        suite.words,
        cwd=ROOT,
        env={**env, **words},
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            printed.append(line)
    took = time.monotonic() - began_at
    print(f"{suite.title}: {took:.0f} s, {_worked() - worked:.0f} s of work", flush=True)
    return process.returncode, count_of("".join(printed))


def main() -> int:
    """Run everything, close with one line that counts; return the exit code."""
    path = os.pathsep.join([str(SCRIPTS), os.environ.get("PATH", "")])
    env = {**os.environ, "PATH": path, "QUENOTTE_TEST_DATABASE": "sqlite"}
    # pytest rewrites the asserts of four hundred files: written down, the next pass has them.
    env["PYTHONDONTWRITEBYTECODE"] = ""
    with tempfile.TemporaryDirectory(prefix="quenotte-counts-") as counts:
        env["QUENOTTE_COUNTS"] = counts
        env["QUENOTTE_SETTLED"] = str(Path(counts) / "settled")
        results = {suite.title: run(suite, env) for suite in suites()}
        failures = [title for title, (code, _) in results.items() if code]
        if not hold(Path(counts)):
            failures.append("Coverage")
    if failures:
        print(f"Failed: {', '.join(failures)}", flush=True)
    passed = sum(count.passed for _, count in results.values())
    failed = sum(count.failed for _, count in results.values())
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
