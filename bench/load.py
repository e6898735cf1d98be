"""Forty people at once: the agenda open everywhere, one booking each 5 s, one search each 2 s.

Each person has a session of her own, a live stream, and a week on screen that is read again as
the page does it: when a booking touches its days, once a second at most. All requests go over
HTTP to granian; the clients run on the same two cores as the server.
"""

import argparse
import contextlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import requests

from bench import server
from bench.cpu import family, spent_ms

GOALS = {"load_p95_ms": 250.0, "errors": 0, "lost_bookings": 0, "live_delay_p95_ms": 1000.0}
DURATION_S = 60.0
BOOK_EACH_S = 5.0
SEARCH_EACH_S = 2.0
#: As the grid does: see islands/agenda/agenda.ts.
REREAD_S = 1.0
_SETTLE_S = 5.0


@dataclass
class Tally:
    """What happened to everybody; lists and sets of Python are safe to add to from threads."""

    waits_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    #: Appointment -> when its form was sent.
    sent: dict[str, float] = field(default_factory=dict)
    heard: list[tuple[str, float]] = field(default_factory=list)


class Somebody:
    """A person at her screen."""

    def __init__(
        self, base: str, session: requests.Session, week: dict[str, Any], tally: Tally
    ) -> None:
        self._base = base
        self._session = session
        self._monday = week["monday"]
        self._forms: deque[dict[str, str]] = week["queue"]
        self._tally = tally
        self._reread = threading.Event()
        self._tag = ""

    def work(self, words: list[str], until: float, seed: int) -> None:
        """Book, search and read the week again until ``until`` (monotonic seconds)."""
        random = Random(seed)
        now = time.monotonic()
        book_at, search_at = now + random.uniform(0, BOOK_EACH_S), now + random.uniform(0, 2)
        read_at = now
        while (now := time.monotonic()) < until:
            if now >= search_at:
                search_at += SEARCH_EACH_S
                self._search(random.choice(words))
            elif now >= book_at:
                book_at += BOOK_EACH_S
                self._book()
            elif self._reread.is_set() and now >= read_at + REREAD_S:
                self._reread.clear()
                read_at = now
                self.read()
            else:
                self._rest(min(until, search_at, book_at) - now, read_at + REREAD_S - now)

    def _rest(self, next_s: float, reread_s: float) -> None:
        """Sleep until something is due: forty people who look each 10 ms would be a load too."""
        if reread_s > 0:
            time.sleep(min(next_s, reread_s))
        else:
            self._reread.wait(next_s)

    def listen(self, stop: threading.Event) -> None:
        """Follow the live stream; note each booking it tells, and whether our week changed."""
        with contextlib.suppress(requests.RequestException, AttributeError):
            self._follow(stop)
        if not stop.is_set():
            self._tally.errors.append("a live stream was cut")

    def _follow(self, stop: threading.Event) -> None:
        with self._session.get(self._base + "/live/", stream=True, timeout=30) as stream:
            stream.raise_for_status()
            for line in stream.iter_lines(chunk_size=1):
                if stop.is_set():
                    return
                event = json.loads(line[5:]) if line.startswith(b"data:") else {}
                if event.get("name") == "agenda":
                    self._told(event["data"])

    def read(self) -> list[list[Any]]:
        """Read the week; return its rows, none when nothing changed."""
        headers = {"HX-Request": "true"} | ({"If-None-Match": self._tag} if self._tag else {})
        url = f"{self._base}/agenda/donnees/?jour={self._monday}&vue=semaine"
        answer = self._ask("week", "get", url, headers=headers, allowed=(200, 304))
        if answer is None or answer.status_code == 304:
            return []
        self._tag = answer.headers["ETag"]
        rows: list[list[Any]] = answer.json()["rows"]
        return rows

    def _told(self, data: dict[str, Any]) -> None:
        if "appointment" in data:
            self._tally.heard.append((data["appointment"], time.monotonic()))
        if not data["days"] or any(_is_in_week(day, self._monday) for day in data["days"]):
            self._reread.set()

    def _search(self, word: str) -> None:
        url = f"{self._base}/patients/recherche/"
        self._ask("search", "get", url, params={"q": word}, headers={"HX-Request": "true"})

    def _book(self) -> None:
        form = self._forms.popleft()
        headers = {
            "HX-Request": "true",
            "X-CSRFToken": str(self._session.cookies["quenotte_csrf"]),
            "Referer": self._base,
        }
        url = f"{self._base}/agenda/rendez-vous/nouveau/"
        sent = time.monotonic()
        answer = self._ask("book", "post", url, data=form, headers=headers, allowed=(204,))
        if answer is not None:
            booked = json.loads(answer.headers["HX-Trigger"])["agenda:booked"]["id"]
            self._tally.sent[booked] = sent

    def _ask(
        self, what: str, verb: str, url: str, *, allowed: tuple[int, ...] = (200,), **more: Any
    ) -> requests.Response | None:
        start = time.perf_counter()
        try:
            answer = self._session.request(verb, url, timeout=30, **more)
        except requests.RequestException as error:
            self._tally.errors.append(f"{what} {type(error).__name__}")
            return None
        self._tally.waits_ms[what].append((time.perf_counter() - start) * 1000)
        if answer.status_code not in allowed:
            self._tally.errors.append(f"{what} {answer.status_code}")
            return None
        return answer


def _is_in_week(day: str, monday: str) -> bool:
    from datetime import date

    return 0 <= (date.fromisoformat(day) - date.fromisoformat(monday)).days < 7


def run(data: Path) -> dict[str, float]:
    """Fill a practice in ``data``, serve it, and let forty people work for a minute."""
    env = server.environment(data)
    words = [sys.executable, "-m", "bench.crowd"]
    filled = subprocess.run(words, env=env, check=True, stdout=subprocess.PIPE)
    sample = json.loads(filled.stdout.splitlines()[-1])
    for week in sample["weeks"]:
        week["queue"] = deque(week["forms"])
    port = server.free_port()
    base = f"http://127.0.0.1:{port}"
    web = ["web", "--port", str(port)]
    with server.running(web, url=base + server.LOGIN, env=env) as process:
        before = spent_ms(family(process.pid))
        found = _crowd(base, sample)
        cpu_ms = spent_ms(family(process.pid)) - before
    return {**found, "cpu_share": round(cpu_ms / 1000 / DURATION_S, 2)}


def _crowd(base: str, sample: dict[str, Any]) -> dict[str, float]:
    tally, weeks = Tally(), sample["weeks"]
    people = [
        Somebody(
            base,
            server.logged_in(base, name, sample["password"]),
            weeks[number % len(weeks)],
            tally,
        )
        for number, name in enumerate(sample["people"])
    ]
    for one in people:
        one.read()
    tally.waits_ms.clear()
    with _listening(people):
        until = time.monotonic() + DURATION_S
        workers = [
            threading.Thread(target=one.work, args=(sample["words"], until, seed))
            for seed, one in enumerate(people)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        time.sleep(_SETTLE_S)
    return _numbers(tally, people)


@contextlib.contextmanager
def _listening(people: list[Somebody]) -> Iterator[None]:
    stop = threading.Event()
    for one in people:
        threading.Thread(target=one.listen, args=(stop,), daemon=True).start()
    time.sleep(2)
    yield
    stop.set()


def _numbers(tally: Tally, people: list[Somebody]) -> dict[str, float]:
    # Fresh eyes: each week is read whole once more, whatever its screens show.
    there: set[str] = set()
    for one in people[: len({each._monday for each in people})]:
        one._tag = ""
        there |= {row[0] for row in one.read()}
    delays = [
        (at - tally.sent[booked]) * 1000 for booked, at in tally.heard if booked in tally.sent
    ]
    missed = len(tally.sent) * len(people) - len(delays)
    if missed:
        tally.errors.append(f"{missed} bookings were not told to a screen")
    for error in sorted(set(tally.errors)):
        print(f"{tally.errors.count(error)} x {error}", file=sys.stderr)
    waits = [each for found in tally.waits_ms.values() for each in found]
    return {
        "load_p95_ms": _p95(waits),
        **{f"{what}_p95_ms": _p95(found) for what, found in sorted(tally.waits_ms.items())},
        "live_delay_p95_ms": _p95(delays),
        "requests": len(waits),
        "bookings": len(tally.sent),
        "errors": len(tally.errors),
        "lost_bookings": len(tally.sent.keys() - there),
    }


def _p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[18], 1) if len(values) > 1 else 0.0


def main() -> None:
    """Measure, and print one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="quenotte-bench-"))
    try:
        figures = run(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"bench": "load", "goals": GOALS, **figures}))


if __name__ == "__main__":
    main()
