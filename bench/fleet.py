"""The provider's door and pages with a whole fleet: 10,000 practices, 60,000 machines.

PostgreSQL as in service, the real door, machines of another process, and Debian's zabbix_server in
the same run. CPU is what the processes themselves used, the database's apart. ``--practices``
makes a smaller fleet, ``--keep FOLDER`` writes the sink of what was answered there.
"""

import argparse
import contextlib
import json
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import requests

from bench import server
from bench.cpu import family, spent_ms
from bench.fleets import rival
from bench.fleets.ground import Ground, ground
from tests.support.mail_servers import Post, serving

GOALS = {
    "report_app_us": 400.0,
    "report_pg_us": 300.0,
    "heartbeat_us": 150.0,
    "wal_bytes_unchanged": 600.0,
    "zabbix_ratio": 0.7,
    "front_page_p95_ms": 300.0,
    "lost_reports": 0,
    "alert_delay_s": 60.0,
}
PRACTICES, A_PRACTICE = 10_000, 6
SECONDS = 15.0
#: Open connections of a load that asks for as much as is answered.
CONNECTIONS = 256
#: Per cent of the reports that say something new, as a fleet at work does.
CHANGED = 2.0
#: Reports that are read whole, a second: a machine that others use takes so long.
SLOWEST_PER_S = 400
#: 60,000 machines, each every five minutes.
STEADY = 200
KILLS = 5
PAGES = 60
_SETTINGS = "quenotte.config.settings.provider"


@dataclass(frozen=True)
class Fleet:
    """A filled fleet: where its rows are, and what its machines say."""

    ground: Ground
    url: str
    env: dict[str, str]
    talkers: Path


@dataclass(frozen=True)
class Load:
    """What a load came to, a report."""

    app_us: float
    pg_us: float
    wal: float
    told: dict[str, Any]


@contextlib.contextmanager
def door(fleet: Fleet) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Run the door of the agents; yield its port and its process."""
    port = server.free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "quenotte.config.processes.agents", "127.0.0.1", str(port)],
        env=fleet.env,
    )
    try:
        _wait_for(port, process)
        yield port, process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        process.kill()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(requests.ConnectionError):
            requests.get(f"http://127.0.0.1:{port}/", timeout=5)
            return
        time.sleep(0.1)
    raise RuntimeError("the door does not open")


def talking(
    fleet: Fleet, port: int, kind: str, *, seconds: float = SECONDS, rate: float = 0,
    changed: float = CHANGED, connections: int = CONNECTIONS, sink: Path | None = None,
) -> "subprocess.Popen[str]":  # fmt: skip
    """Let machines talk."""
    words = [str(port), str(fleet.talkers), kind, str(seconds), str(connections), str(rate)]
    words += [str(changed), *([str(sink)] if sink else [])]
    return subprocess.Popen(
        [sys.executable, "-m", "bench.fleets.talking", *words], stdout=subprocess.PIPE, text=True
    )


def load(
    fleet: Fleet, port: int, process: "subprocess.Popen[bytes]", kind: str, **more: Any
) -> Load:
    """Measure a load of the door and of its database.

    As in service: no checkpoint just before, after which each page is written whole once.
    """
    app, database, written = _app_ms(process), fleet.ground.spent_ms(), fleet.ground.written()
    out, _ = talking(fleet, port, kind, **more).communicate(timeout=600)
    told = json.loads(out)
    answered = told["answered"]
    if told["refused"] or told["cut"]:
        raise RuntimeError(f"the door refused under load: {told}")
    return Load(
        (_app_ms(process) - app) * 1000 / answered,
        (fleet.ground.spent_ms() - database) * 1000 / answered,
        (fleet.ground.written() - written) / answered,
        told,
    )


def _app_ms(process: "subprocess.Popen[bytes]") -> float:
    return spent_ms(family(process.pid))


def loads(fleet: Fleet) -> dict[str, float]:
    """Measure reports and heartbeats: as fast as they are answered, and at the pace of a fleet."""
    with door(fleet) as (port, process):
        fleet.ground.settle("fleet")
        # Each machine once and more: after a start everything is read whole.
        count = sum(1 for _line in fleet.talkers.open())
        load(fleet, port, process, "report", changed=0, seconds=count / SLOWEST_PER_S + 3)
        report = load(fleet, port, process, "report")
        unchanged = load(fleet, port, process, "report", changed=0)
        beat = load(fleet, port, process, "beat")
        steady = load(fleet, port, process, "beat", rate=STEADY, connections=32)
    return {
        "report_app_us": round(report.app_us),
        "report_pg_us": round(report.pg_us),
        "reports_per_s": round(report.told["answered"] / report.told["seconds"]),
        "report_p99_ms": report.told["p99_ms"],
        "wal_bytes_unchanged": round(unchanged.wal),
        "wal_bytes_mixed": round(report.wal),
        "heartbeat_us": round(beat.app_us),
        "heartbeat_pg_us": round(beat.pg_us),
        "steady_beat_app_us": round(steady.app_us),
        "steady_beat_pg_us": round(steady.pg_us),
    }


def killed(fleet: Fleet, folder: Path) -> dict[str, float]:
    """Kill the door in the middle of reports, again and again; count what it had answered."""
    answered = lost = 0
    for number in range(KILLS):
        sink = folder / f"sink{number}"
        with door(fleet) as (port, process):
            crowd = talking(
                fleet, port, "report", seconds=8, changed=100, connections=60, sink=sink
            )
            time.sleep(3 + number * 0.37)
            process.send_signal(signal.SIGKILL)
            crowd.communicate(timeout=60)
        told, missing = _compared(fleet, sink)
        answered, lost = answered + told, lost + missing
    if not answered:
        raise RuntimeError("nothing was answered before the kill")
    return {"kills": KILLS, "killed_answers": answered, "lost_reports": lost}


def _compared(fleet: Fleet, sink: Path) -> tuple[int, int]:
    """Return how many machines were answered, and of how many that report is not in the rows."""
    kept: dict[str, int] = {}
    later: dict[str, set[int]] = defaultdict(set)
    for line in sink.read_text().splitlines():
        word, serial, free = line.split()
        if word == "kept":
            kept[serial] = int(free)
            later[serial] = {int(free)}
        else:
            later[serial].add(int(free))
    with psycopg.connect(fleet.url) as connection:
        rows = connection.execute(
            "SELECT m.serial, (i.facts #>> '{disks,value,0,free_mib}')::int"
            " FROM provider_machine m JOIN provider_inventory i ON i.machine_id = m.id"
            " WHERE i.source = 'station' AND m.serial = ANY(%s)",
            [list(kept)],
        ).fetchall()
    found: dict[str, int] = dict(rows)
    return len(kept), sum(found.get(serial, -1) not in later[serial] for serial in kept)


def alerted(fleet: Fleet) -> dict[str, float]:
    """Return how long a letter takes from the report that says something grave, at its worst."""
    told = [json.loads(line) for line in fleet.talkers.read_text().splitlines()]
    # A workstation each of some practices: what is found there is an incident of its own.
    chosen = told[1 :: A_PRACTICE * max(1, len(told) // A_PRACTICE // ALARMS)][:ALARMS]
    with serving() as post, door(fleet) as (port, _process):
        _run(fleet, "bench.fleets.alarm", str(post.port))
        # Everybody was there: nobody is silent, and the fleet goes on talking.
        talking(fleet, port, "beat", seconds=len(told) / 2_000 + 3).communicate(timeout=120)
        with _worker(fleet):
            crowd = talking(fleet, port, "beat", seconds=ALARM_S, rate=STEADY, connections=32)
            waits = [_until_told(post, port, one) for one in chosen]
            print(f"waits: {[round(one, 1) for one in waits]}", file=sys.stderr, flush=True)
            crowd.kill()
            crowd.communicate()
    return {
        "alert_delay_s": round(max(waits), 1),
        "alert_median_s": round(statistics.median(waits), 1),
    }


ALARMS, ALARM_S = 5, 400.0


def _until_told(post: Post, port: int, talker: dict[str, str]) -> float:
    """Report a disk that fails; return after how many seconds its own letter came."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    # A disk of its own name: its letter is known by it among those of the fleet.
    disk = f"Disque {talker['serial']}"
    body = talker["report"].replace('"is_healthy":true', '"is_healthy":false')
    body = body.replace("NVMe 512 Go", disk)
    body = re.sub(r'"sent_at":"[^"]*"', f'"sent_at":"{now}"', body)
    headers = {"Authorization": f"Bearer {talker['key']}"}
    url = f"http://127.0.0.1:{port}/agents/station/report"
    answer = requests.post(url, body.encode(), headers=headers, timeout=30)
    begun = time.monotonic()
    if answer.json()["answer"] != "accepted":
        raise RuntimeError(f"the report was not taken: {answer.text}")
    seen = 0
    while time.monotonic() - begun < 240:
        letters = post.letters[seen:]
        if any(disk in one.get_content() for one in letters):
            return time.monotonic() - begun
        seen += len(letters)
        time.sleep(0.2)
    raise RuntimeError("nobody was told of a disk that fails")


@contextlib.contextmanager
def _worker(fleet: Fleet) -> Iterator[None]:
    worker = subprocess.Popen(
        [sys.executable, "-c", "from quenotte.config.processes import worker; worker.main()"],
        env=fleet.env,
    )
    try:
        yield
    finally:
        worker.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(timeout=60)
        worker.kill()


def _run(fleet: Fleet, module: str, *words: str) -> str:
    """Run a part in the site; return its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env=fleet.env, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]


def pages(fleet: Fleet) -> dict[str, float]:
    """Measure the page of the morning and that of a practice."""
    told = json.loads(_run(fleet, "bench.fleets.entering"))
    port = server.free_port()
    base = f"http://127.0.0.1:{port}"
    web = ["web", "--port", str(port)]
    with server.running(web, url=base + server.LOGIN, env=fleet.env) as process:
        session = requests.Session()
        session.cookies.set(told["name"], told["cookie"])
        session.headers["Sec-Fetch-User"] = "?1"
        front = _asked(session, [f"{base}/parc/"] * PAGES, process)
        practices = [f"{base}/parc/cabinets/{one}/" for one in told["practices"]]
        practice = _asked(session, practices, process)
    return {
        "front_page_p95_ms": front[1],
        "front_page_cpu_ms": front[0],
        "practice_page_p95_ms": practice[1],
        "practice_page_cpu_ms": practice[0],
        "open_findings": told["open"],
    }


def _asked(
    session: requests.Session, urls: list[str], process: "subprocess.Popen[bytes]"
) -> tuple[float, float]:
    """Return the CPU ms of a page (median of the web process) and the p95 of its time."""
    for url in urls[:5]:
        session.get(url, timeout=60)
    spent, waits = [], []
    for url in urls:
        before, begun = _app_ms(process), time.perf_counter()
        answer = session.get(url, timeout=60, allow_redirects=False)
        waits.append((time.perf_counter() - begun) * 1000)
        spent.append(_app_ms(process) - before)
        if answer.status_code != 200:
            raise RuntimeError(f"{url}: {answer.status_code}")
    return round(statistics.median(spent), 1), round(statistics.quantiles(waits, n=20)[18], 1)


def compared(fleet: Fleet, figures: dict[str, float]) -> dict[str, float]:
    """Measure the rival in the same run; nothing where it is not installed."""
    cost = rival.measure(fleet.ground, SECONDS)
    if cost is None:
        print("zabbix_server is not installed (apt install zabbix-server-pgsql)", file=sys.stderr)
        return {}
    ours = figures["report_app_us"] + figures["report_pg_us"]
    return {
        "zabbix_app_us": round(cost.app_us),
        "zabbix_pg_us": round(cost.pg_us),
        "zabbix_ratio": round(ours / (cost.app_us + cost.pg_us), 2),
    }


def run(practices: int, folder: Path) -> dict[str, float]:
    """Fill a fleet and measure it."""
    with ground() as here:
        url = here.make("fleet")
        extra = {"DJANGO_SETTINGS_MODULE": _SETTINGS, "QUENOTTE_DATABASE_URL": url}
        fleet = Fleet(here, url, server.environment(folder, **extra), folder / "talkers")
        words = [str(practices), str(practices * A_PRACTICE), str(fleet.talkers)]
        figures: dict[str, float] = json.loads(_run(fleet, "bench.fleets.filling", *words))
        for part in (loads, pages, alerted):
            _tell(figures, part(fleet))
        _tell(figures, compared(fleet, figures))
        _tell(figures, killed(fleet, folder))
    return {"machines": practices * A_PRACTICE, **figures}


def _tell(figures: dict[str, float], more: dict[str, float]) -> None:
    print(more, file=sys.stderr, flush=True)
    figures.update(more)


def main() -> None:
    """Measure, and print one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--practices", type=int, default=PRACTICES, help="a smaller fleet")
    told = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="quenotte-bench-"))
    try:
        figures = run(told.practices, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"bench": "fleet", "goals": GOALS, **figures}))


if __name__ == "__main__":
    main()
