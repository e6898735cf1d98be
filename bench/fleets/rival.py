"""Debian's zabbix_server on the same PostgreSQL: thirty values a report, through its trapper.

Its own shape of the same news: a value an item, kept one by one. Only what runs when a value comes
is on: no graphs, no triggers, no discovery.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psycopg

from bench.cpu import family, spent_ms
from bench.fleets.ground import Ground

#: Of its Debian package.
PROGRAM = Path("/usr/sbin/zabbix_server")
_SHARE = Path("/usr/share/zabbix-server-pgsql")
#: Values of a report; as many machines as talk to us would only fill its tables.
ITEMS, HOSTS = 30, 2_000
_HEADER = b"ZBXD\x01"
#: Kinds of its values: whole numbers, and texts of up to 255 signs.
_WHOLE, _TEXT = 3, 1


@dataclass(frozen=True)
class Cost:
    """CPU of one report in microseconds, of the server and of its database; reports a second."""

    app_us: float
    pg_us: float
    per_s: float
    kept: int


def measure(ground: Ground, seconds: float) -> Cost | None:
    """Return what a report of thirty values costs; None where zabbix_server is not installed."""
    if not PROGRAM.exists():
        return None
    _prepare(ground)
    with _running(ground) as (port, process):
        _talk(port, 2.0)
        _wait_until_kept(ground)
        ground.settle("zabbix")
        before, app, database = _kept(ground), _app_ms(process), ground.spent_ms()
        begun = time.monotonic()
        sent = _talk(port, seconds)
        took_s = time.monotonic() - begun
        _wait_until_kept(ground)
        app, database = _app_ms(process) - app, ground.spent_ms() - database
        kept = (_kept(ground) - before) // ITEMS
    assert kept == sent, f"{sent} reports sent, {kept} kept"
    return Cost(app * 1000 / sent, database * 1000 / sent, sent / took_s, kept)


def _app_ms(process: "subprocess.Popen[bytes]") -> float:
    return spent_ms(family(process.pid))


def _prepare(ground: Ground) -> None:
    ground.make("zabbix")
    for name in ("schema", "images", "data"):
        path = _SHARE / f"{name}.sql.gz"
        unpacked = subprocess.run(["gzip", "-dc", path], check=True, stdout=subprocess.PIPE)
        words = ["psql", "-q", "-h", str(ground.folder), "-U", "quenotte", "-d", "zabbix"]
        subprocess.run(
            words, input=unpacked.stdout, check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
    with psycopg.connect(ground.url("zabbix"), autocommit=True) as connection:
        connection.execute("UPDATE hosts SET status = 1 WHERE status = 0")
        connection.execute(
            "INSERT INTO hosts (hostid, host, name, status) "
            "SELECT 100000 + n, 'host' || n, 'host' || n, 0 FROM generate_series(0, %s) n",
            [HOSTS - 1],
        )
        connection.execute(
            "INSERT INTO items (itemid, type, hostid, key_, name, value_type, delay, history,"
            " trends) SELECT 1000000 + n * 100 + k, 2, 100000 + n, 'k' || k, 'k' || k,"
            f" CASE WHEN k < {ITEMS // 2} THEN {_WHOLE} ELSE {_TEXT} END, '0', '31d', '0'"
            f" FROM generate_series(0, %s) n, generate_series(0, {ITEMS - 1}) k",
            [HOSTS - 1],
        )
        connection.execute("INSERT INTO item_rtdata (itemid) SELECT itemid FROM items WHERE"
                           " itemid >= 1000000 ON CONFLICT DO NOTHING")  # fmt: skip


@contextlib.contextmanager
def _running(ground: Ground) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    folder = Path(tempfile.mkdtemp(prefix="qzb-"))
    port = _port()
    conf = folder / "zabbix.conf"
    conf.write_text(
        "\n".join(
            (
                f"ListenPort={port}", "ListenIP=127.0.0.1", f"DBHost={ground.folder}",
                "DBName=zabbix", "DBUser=quenotte", "LogType=console",
                f"PidFile={folder}/pid", f"SocketDir={folder}", "AllowRoot=1", "CacheSize=256M",
                "HistoryCacheSize=64M", "HistoryIndexCacheSize=64M",
                "ValueCacheSize=64M", "StartPollers=0",
                "StartPollersUnreachable=0", "StartPingers=0", "StartDiscoverers=0",
                "StartHTTPPollers=0", "StartTrappers=5", "StartLLDProcessors=1",
                "StartPreprocessors=1", "AllowUnsupportedDBVersions=1", "",
            )
        )
    )  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "-f", "-c", conf], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(port, process, folder / "log")
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _port() -> int:
    """Return a free port of those that its configuration takes: up to 32767."""
    for port in range(21_000, 32_000):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port")


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"zabbix_server stopped: {log.read_text()[-500:]}")
        with contextlib.suppress(OSError, ValueError, KeyError):
            if _said(port, _report(0, Random(0))) == ITEMS:
                return
        time.sleep(0.5)
    raise RuntimeError("zabbix_server keeps nothing")


def _report(number: int, random: Random) -> bytes:
    values = [
        {
            "host": f"host{number % HOSTS}",
            "key": f"k{item}",
            "value": str(random.randrange(10**6))
            if item < ITEMS // 2
            else f"valeur d'un poste {random.randrange(1000)}",
        }
        for item in range(ITEMS)
    ]
    body = json.dumps({"request": "sender data", "data": values}).encode()
    return _HEADER + struct.pack("<Q", len(body)) + body


def _said(port: int, message: bytes) -> int:
    """Send a report; return how many of its values were taken."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(message)
        answer = b""
        while part := line.recv(4096):
            answer += part
    if len(answer) <= 13:
        raise ValueError(f"no answer: {answer!r}")
    told = json.loads(answer[13:])["info"]
    return int(told.split("processed: ")[1].split(";")[0])


def _talk(port: int, seconds: float) -> int:
    random, until, sent = Random(1), time.monotonic() + seconds, 0
    while time.monotonic() < until:
        if _said(port, _report(sent, random)) != ITEMS:
            raise RuntimeError("zabbix_server did not take every value")
        sent += 1
    return sent


def _kept(ground: Ground) -> int:
    with psycopg.connect(ground.url("zabbix"), autocommit=True) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM history_uint) + (SELECT count(*) FROM history_str)"
        ).fetchone()
    assert row is not None
    return int(row[0])


def _wait_until_kept(ground: Ground) -> None:
    """Return when its history syncers wrote all they held."""
    before, same = -1, 0
    while same < 3:
        time.sleep(1.5)
        now = _kept(ground)
        before, same = now, same + 1 if now == before else 0


if __name__ == "__main__":
    from bench.fleets.ground import ground

    os.environ.setdefault("LC_ALL", "C.UTF-8")
    with ground() as here:
        print(measure(here, 8.0))
