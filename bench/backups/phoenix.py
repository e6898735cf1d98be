"""A practice back on a blank machine.

A database of 522 MiB and 3 GB of pictures are copied to a folder and come back by the commands
that people type. ``rto_agenda_s`` runs from the command to the first page that the served practice
answers, ``rto_full_s`` until its last picture is there.
"""

import hashlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.backups.practices import DATABASE_BYTES

ROOT = Path(__file__).resolve().parents[2]
PICTURES = 600
KEY = "bcde fghj knpr stuv xbcd efgh jknp rstu"


def quenotte(*words: str) -> dict[str, Any]:
    """Run a command to its end; return the object of its last line, when it is one."""
    done = subprocess.run(
        [sys.executable, "-m", "quenotte", *words], cwd=ROOT, check=True, capture_output=True,
        text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    last = done.stdout.strip().splitlines()[-1:]
    told: dict[str, Any] = json.loads(last[0]) if last and last[0].startswith("{") else {}
    return told


def make(folder: Path, share: float) -> None:
    """Make a data folder of that size."""
    quenotte("migrate", "--data", str(folder))
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.execute("CREATE TABLE bench_note (id INTEGER PRIMARY KEY, said TEXT)")
        while (folder / "db.sqlite3").stat().st_size < DATABASE_BYTES * share:
            with database:
                rows = ((f"{os.urandom(90).hex()} contrôle {number} " * 3,)
                        for number in range(4000))  # fmt: skip
                database.executemany("INSERT INTO bench_note (said) VALUES (?)", rows)
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with database:
            for _ in range(int(PICTURES * share)):
                database.execute(
                    "INSERT INTO base_blob (sha256, size_bytes, media_type, created_at) "
                    "VALUES (?, ?, 'application/dicom', '2026-01-01')",
                    _picture(folder / "blobs"),
                )


def _picture(folder: Path) -> tuple[str, int]:
    content = os.urandom(5_000_000)
    name = hashlib.sha256(content).hexdigest()
    path = folder / name[:2] / name[2:4] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name, len(content)


def measure(folder: Path, *, share: float) -> dict[str, Any]:
    """Copy, come back, serve; return the figures."""
    data, place, key = folder / "data", folder / "copies", folder / "key"
    key.write_text(KEY)
    make(data, share)
    to = ["--to", str(place)]
    quenotte("--data", str(data), "backup", "init", *to, "--passphrase-file", str(key))
    quenotte("--data", str(data), "backup", "run", *to, "--json")
    come_back = ["phoenix", "--from", str(place), "--passphrase-file", str(key), "--yes", "--json"]
    begun_at = time.monotonic()
    back = quenotte(*come_back, "--data", str(folder / "served"), "--agenda-only")
    back_s = time.monotonic() - begun_at
    rto_agenda_s = _served(folder / "served", begun_at)
    whole = quenotte(*come_back, "--data", str(folder / "whole"))
    return {
        "rto_agenda_s": round(rto_agenda_s, 2),
        "database_back_s": round(back_s, 2),
        "rto_full_s": whole["rto_full_s"],
        "phoenix_absent": whole["absent"],
        "phoenix_database_mib": round((folder / "whole/db.sqlite3").stat().st_size / 2**20),
        "phoenix_files": whole["files"],
        "snapshot_is_the_one": int(back["snapshot"] == whole["snapshot"]),
    }


def _served(data: Path, begun_at: float) -> float:
    """Serve a practice until it answers; return the seconds since the return began."""
    port, dicom = _free_port(), _free_port()
    words = ["serve", "--data", str(data), "--port", str(port), "--dicom-port", str(dicom)]
    server = subprocess.Popen(
        [sys.executable, "-m", "quenotte", *words], cwd=ROOT, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not _answers(f"http://127.0.0.1:{port}/"):
            time.sleep(0.05)
        return time.monotonic() - begun_at
    finally:
        server.terminate()
        server.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number
