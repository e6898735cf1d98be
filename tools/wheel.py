"""Build the wheel and the sdist, install the wheel in a clean environment, and try it there."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tools.wheel_backups import BackupsFailed, Trial, try_backups

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
#: First start draws the demonstration practice, in s.
READY_WITHIN_S = 90
STOPPED_WITHIN_S = 5


class SmokeFailed(Exception):
    """The installed wheel does not do what it must."""


def build() -> Path:
    """Build the sdist, then the wheel, and return the wheel.

    Raises: subprocess.CalledProcessError when a build fails.
    """
    shutil.rmtree(DIST, ignore_errors=True)
    words = [sys.executable, "-m", "uv", "build", "--quiet", "--out-dir", str(DIST)]
    subprocess.run([*words, "--sdist"], cwd=ROOT, check=True)
    subprocess.run([*words, "--wheel"], cwd=ROOT, check=True)
    return next(DIST.glob("*.whl"))


def install(wheel: Path, folder: Path) -> Path:
    """Install the wheel with the locked libraries in a new environment; return its programs."""
    subprocess.run([sys.executable, "-m", "uv", "venv", "--quiet", str(folder)], check=True)
    pip = [sys.executable, "-m", "uv", "pip", "install", "--quiet"]
    programs = folder / "bin"
    pip += ["--python", str(programs / "python")]
    lock = str(ROOT / "requirements" / "runtime.txt")
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    return programs


def fetch(address: str) -> str:
    """Return the body of an answer 200.

    Raises: SmokeFailed when the answer is another one.
    """
    with urllib.request.urlopen(address, timeout=10) as answer:
        if answer.status != 200:
            raise SmokeFailed(f"{address}: {answer.status}")
        return str(answer.read().decode("utf-8", errors="replace"))


def try_site(quenotte: Path, folder: Path) -> None:
    """Start the demonstration, follow it to the login page and its script, stop it.

    Raises: SmokeFailed when a step fails.
    """
    port, dicom_port = free_port(), free_port()
    words = [str(quenotte), "demo", "--data", str(folder / "data"), "--port", str(port)]
    base = f"http://127.0.0.1:{port}"
    with started([*words, "--dicom-port", str(dicom_port)], folder) as process:
        page = _when_ready(f"{base}/", process)
        bundles = re.findall(r'src="(/static/web/built/[^"]+\.js)"', page)
        if not bundles:
            raise SmokeFailed("the login page names no built script")
        fetch(base + bundles[0])
        told(f"login page and {bundles[0]}: 200")
        stopping_at = time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            raise SmokeFailed(f"not stopped {STOPPED_WITHIN_S} s after SIGTERM") from None
        told(f"stopped in {time.monotonic() - stopping_at:.1f} s")


@contextlib.contextmanager
def started(words: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program away from the sources; kill it if it is still there at the end."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            words, cwd=folder, env=environment(), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield process
        except BaseException:
            print((folder / "log").read_text("utf-8", errors="replace")[-4000:])
            raise
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def environment() -> dict[str, str]:
    """Return the environment without anything that points back at the sources."""
    return {
        key: value
        for key, value in os.environ.items()
        if key not in {"PYTHONPATH", "VIRTUAL_ENV"} and not key.startswith("QUENOTTE_")
    }


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def told(line: str) -> None:
    """Print one line of progress."""
    print(f"wheel: {line}", flush=True)


def main() -> int:
    """Build, install and try; return the exit code."""
    wheel = build()
    told(f"{wheel.name}, {wheel.stat().st_size / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory(prefix="quenotte-wheel-") as name:
        folder = Path(name)
        quenotte = install(wheel, folder / "venv") / "quenotte"
        told("installed in a clean environment")
        try:
            for word in ("--version", "--help"):
                subprocess.run([quenotte, word], cwd=folder, env=environment(), check=True)
            try_site(quenotte, folder)
            words = [str(quenotte), "doctor", "--data", str(folder / "data")]
            subprocess.run(words, cwd=folder, env=environment(), check=True)
            trial = Trial(quenotte, folder, environment())
            try_backups(trial, free_port(), lambda words: started(words, folder), told)
        except (SmokeFailed, BackupsFailed, subprocess.CalledProcessError, OSError) as error:
            told(f"FAILED: {error}")
            return 1
    told("everything passed")
    return 0


def _when_ready(address: str, process: subprocess.Popen[bytes]) -> str:
    started_at = time.monotonic()
    while time.monotonic() - started_at < READY_WITHIN_S:
        if process.poll() is not None:
            raise SmokeFailed(f"quenotte demo ended with {process.returncode}")
        try:
            page = fetch(address)
        except urllib.error.HTTPError as error:
            raise SmokeFailed(f"{address}: {error.code}") from error
        except OSError:
            time.sleep(0.2)  # nobody listens yet
        else:
            told(f"ready in {time.monotonic() - started_at:.1f} s")
            return page
    raise SmokeFailed(f"no page within {READY_WITHIN_S} s")


if __name__ == "__main__":
    raise SystemExit(main())
