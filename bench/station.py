"""What the companion costs its workstation: ``python -m bench.station``.

A companion looks at this very machine and speaks TLS to a door on the loopback that takes
everything. ``station_rss_mb``: memory of its process after all that follows. CPU time, that of
programs it runs included, medians: ``station_heartbeat_ms`` for a heartbeat with the looks that go
with each, ``station_report_ms`` for a whole report of the same, ``station_quarter_ms`` when the
looks of each quarter of an hour are due as well, ``station_start_ms`` for the start of the program.
The answer is also kept in ``bench/results.json``.
"""

import argparse
import json
import os
import resource
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil

from bench.__main__ import RESULTS

GOALS = {"station_rss_mb": 40.0, "station_heartbeat_ms": 60.0, "station_report_ms": 80.0}
RUNS = 30
_QUARTER_S = 900.0


@contextmanager
def _door(folder: Path) -> Iterator[str]:
    """Open a door that says yes; yield its address. Its authority lies in the folder."""
    from quenotte.devices.certificates import pairs
    from quenotte.devices.certificates.authority import issue, make_authority
    from quenotte.wire.answers import Answer, Code
    from quenotte.wire.messages import write

    body = write(Answer(Code.ACCEPTED))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    authority = make_authority("localhost", datetime.now(UTC))
    (folder / "ca.pem").write_bytes(pairs.public_pem(authority.certificate))
    pairs.write(folder / "door.pem", issue(authority, ["localhost"], ["127.0.0.1"], _now()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "door.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _now() -> datetime:
    return datetime.now(UTC)


def look(folder: Path, url: str, runs: int) -> dict[str, float]:
    """Be a companion for a while, in a process of its own; return what it cost."""
    from quenotte.station.addresses import server_of
    from quenotte.station.clocks import RealClock
    from quenotte.station.collectors.choosing import collectors
    from quenotte.station.collectors.machines import Real
    from quenotte.station.collectors.rounds import Rounds
    from quenotte.station.knowing import Known
    from quenotte.station.lines import Line
    from quenotte.station.running import Companion
    from quenotte.station.state import Standing, State, StateFile
    from quenotte.station.talking import tell

    line = Line(server_of(url), str(folder / "ca.pem"))
    clock, known = RealClock(), Known()
    rounds = Rounds(collectors(), Real(), known, clock)
    state = State(url, "ab" * 32, standing=Standing.BELIEVED)
    file = StateFile(folder / "state" / "station.json")
    one = Companion(file, state, lambda told: tell(line, state.key, told), rounds, known, clock)
    one.once()

    def whole() -> None:
        one.state = replace(one.state, fingerprint="")
        one.beat()

    def quarter() -> None:
        rounds.wake()
        one.beat()

    return {
        "station_heartbeat_ms": _cpu_ms(one.beat, runs),
        "station_report_ms": _cpu_ms(whole, runs),
        "station_quarter_ms": _cpu_ms(quarter, max(runs // 4, 3)),
        "station_rss_mb": round(psutil.Process().memory_info().rss / 1e6, 1),
    }


def _cpu_ms(act: Callable[[], object], runs: int) -> float:
    """Return the median CPU time of an act, of the programs that it runs as well, in ms."""
    took = []
    for _run in range(runs):
        before = _spent_s()
        act()
        took.append((_spent_s() - before) * 1000)
    return round(statistics.median(took), 2)


def _spent_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def start_ms() -> float:
    """Return the CPU time of the shortest command."""
    words = [sys.executable, "-m", "quenotte.station", "--version"]
    return _cpu_ms(lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL), 7)


def measure(runs: int = RUNS) -> dict[str, float]:
    """Return the figures."""
    with tempfile.TemporaryDirectory(prefix="quenotte-station-") as name, _door(Path(name)) as url:
        words = [sys.executable, "-m", "bench.station", "--be", name, "--url", url]
        done = subprocess.run(
            [*words, "--runs", str(runs)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "QUENOTTE_LANGUAGE": "fr"},
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "station_start_ms": start_ms()}


def keep(figures: dict[str, object]) -> None:
    """Write the figures beside those of the other measurements."""
    results = json.loads(RESULTS.read_text("utf-8"))
    results["station"] = figures
    ordered = {name: results[name] for name in sorted(results)}
    RESULTS.write_text(json.dumps(ordered, indent=2) + "\n", "utf-8")


def main() -> None:
    """Measure, keep it, and print one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--be", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.be:
        print(json.dumps(look(given.be, given.url, given.runs)))
        return
    figures: dict[str, object] = {"bench": "station", "goals": GOALS, **measure(given.runs)}
    keep(figures)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
