"""CPU and time of what a practice asks for all day: search, record, chart, week, booking.

Big practice: 20,000 patients, 200,000 appointments, 500,000 notes, a mouth of 2,000 events.
Requests go over HTTP to granian, one after another, by a person who logged in.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import requests

from bench import agenda_week, server
from bench.cpu import family, spent_ms

GOALS = {
    "search_cpu_ms": 10.0,
    "record_cpu_ms": 25.0,
    "chart_cpu_ms": 20.0,
    "week_cpu_ms": 25.0,
    "week_kb": 80.0,
    "book_cpu_ms": 25.0,
}
REQUESTS = 200
Numbers = dict[str, float]
WARM_UP = 30
#: Readings of the week, each after what the server keeps of it has grown old, in seconds.
WEEKS, WEEK_KEPT_S = 60, 1.1
#: A form of one's own: session, person and frame, nothing of the practice. What another page costs
#: more than this is its own; what this one costs is the machine's.
BARE = "/mot-de-passe/"


Ask = Callable[[], requests.Response]


def _measure(
    session: requests.Session, urls: list[str], pids: Callable[[], list[int]]
) -> tuple[float, float]:
    """Return (median CPU ms, 95th percentile of the wall time in ms) of ``urls``."""
    for url in urls[:WARM_UP]:
        session.get(url, timeout=30)
    return _spent([partial(session.get, url, timeout=30) for url in urls], pids)


def _spent(asks: list[Ask], pids: Callable[[], list[int]]) -> tuple[float, float]:
    """Return (median CPU ms, 95th percentile of the wall time in ms) of these requests."""
    return _middle([_timed(ask, pids) for ask in asks])


def _timed(ask: Ask, pids: Callable[[], list[int]]) -> tuple[float, float]:
    """Return (CPU ms, wall ms) of one request."""
    before, start = spent_ms(pids()), perf_counter()
    answer = ask()
    wall = (perf_counter() - start) * 1000
    cpu = spent_ms(pids()) - before
    if not answer.ok:
        raise RuntimeError(f"{answer.url} answered {answer.status_code}")
    return cpu, wall


def _middle(found: list[tuple[float, float]]) -> tuple[float, float]:
    cpu, wall = zip(*found, strict=True)
    return statistics.median(cpu), statistics.quantiles(wall, n=20)[18]


def _agenda(
    session: requests.Session,
    base: str,
    sample: dict[str, Any],
    pids: Callable[[], list[int]],
) -> Numbers:
    """Measure bookings, each of another free slot, and the full week, written anew each time.

    The server keeps a week for a second, and longer than that nobody knows whether it is still
    true: each measured reading waits for it. What a second screen pays for the same week is
    ``week_again_cpu_ms``.
    """
    url = f"{base}/agenda/donnees/?jour={sample['week']}&vue=semaine"
    read: Ask = partial(session.get, url, timeout=30)
    booked = [_timed(book, pids) for book in _bookings(session, base, sample["bookings"])][WARM_UP:]
    weeks = []
    for _ in range(WEEKS):
        time.sleep(WEEK_KEPT_S)
        weeks.append(_timed(read, pids))
    again, _ = _spent([read] * REQUESTS, pids)
    answer = session.get(url, timeout=30, headers={"Accept-Encoding": "identity"})
    if len(answer.json()["rows"]) != agenda_week.APPOINTMENTS:
        raise RuntimeError("the measured week is not the full one")
    (book_cpu, book_p95), (week_cpu, week_p95) = _middle(booked), _middle(weeks)
    return {
        "week_cpu_ms": round(week_cpu, 2),
        "week_p95_ms": round(week_p95, 2),
        "week_again_cpu_ms": round(again, 2),
        "week_kb": round(len(answer.content) / 1000, 1),
        "book_cpu_ms": round(book_cpu, 2),
        "book_p95_ms": round(book_p95, 2),
    }


def _bookings(session: requests.Session, base: str, forms: list[dict[str, str]]) -> list[Ask]:
    url = f"{base}/agenda/rendez-vous/nouveau/"
    token = str(session.cookies["quenotte_csrf"])
    headers = {"HX-Request": "true", "X-CSRFToken": token, "Referer": base}
    return [
        partial(session.post, url, data=form, headers=headers, timeout=30)
        for form in forms[: WARM_UP + REQUESTS]
    ]


def _pace_ms() -> float:
    """Return the CPU ms of a fixed piece of Python: shared machines change theirs by half."""
    spent = []
    for _ in range(21):
        start = thread_time()
        sum(number * number for number in range(100_000))
        spent.append((thread_time() - start) * 1000)
    return round(statistics.median(spent), 2)


def _pids(web: int, postgres: int | None) -> Callable[[], list[int]]:
    # PostgreSQL starts a process a connection: ask again each time.
    return lambda: family(web) + (family(postgres) if postgres else [])


def run(data: Path, *, database_url: str = "", postgres: int | None = None) -> dict[str, float]:
    """Fill a practice in ``data`` (or at ``database_url``), serve it, measure it."""
    env = server.environment(data, QUENOTTE_DATABASE_URL=database_url)
    filled = subprocess.run(
        [sys.executable, "-m", "bench.dataset"], env=env, check=True, stdout=subprocess.PIPE
    )
    sample = json.loads(filled.stdout.splitlines()[-1])
    port = server.free_port()
    base = f"http://127.0.0.1:{port}"
    with server.running(["web", "--port", str(port)], url=base + server.LOGIN, env=env) as process:
        session = server.logged_in(base, "alice", sample["password"])
        pids = _pids(process.pid, postgres)
        words = [sample["words"][i % len(sample["words"])] for i in range(REQUESTS)]
        searches = [f"{base}/patients/recherche/?q={word}" for word in words]
        charted = f"{base}/patients/{sample['mouth']}/bouche/"
        session.headers["HX-Request"] = "true"
        search_cpu, search_p95 = _measure(session, searches, pids)
        chart_cpu, chart_p95 = _measure(session, [charted] * REQUESTS, pids)
        del session.headers["HX-Request"]
        bare_cpu, _ = _measure(session, [base + BARE] * REQUESTS, pids)
        records = [f"{base}/patients/{key}/" for key in sample["patients"][:REQUESTS]]
        record_cpu, record_p95 = _measure(session, records, pids)
        agenda = _agenda(session, base, sample, pids)
    return {
        "search_cpu_ms": round(search_cpu, 2),
        "search_p95_ms": round(search_p95, 2),
        "record_cpu_ms": round(record_cpu, 2),
        "record_p95_ms": round(record_p95, 2),
        "chart_cpu_ms": round(chart_cpu, 2),
        "chart_p95_ms": round(chart_p95, 2),
        **agenda,
        "bare_cpu_ms": round(bare_cpu, 2),
        "pace_ms": _pace_ms(),
    }


def _on_postgres(folder: Path) -> dict[str, float]:
    os.environ.pop("QUENOTTE_DATABASE_URL", None)
    from tests.support import postgres

    url = postgres.start()
    return {
        f"pg_{key}": value
        for key, value in run(folder, database_url=url, postgres=postgres.servers()[-1].pid).items()
    }


def main() -> None:
    """Measure on SQLite, then on PostgreSQL, and print one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--sqlite-only", action="store_true")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="quenotte-bench-"))
    try:
        figures: dict[str, Any] = run(folder / "sqlite")
        if not options.sqlite_only:
            figures |= _on_postgres(folder / "postgres")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"bench": "pages", "goals": GOALS, **figures}))


if __name__ == "__main__":
    main()
