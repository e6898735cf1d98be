"""Starts the real product for a measurement, and stops it."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import requests

LOGIN = "/connexion/"


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **extra: str) -> dict[str, str]:
    """Return the environment of a server whose data folder is ``data``."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.practice",
        "QUENOTTE_DATA": str(data),
        **extra,
    }


@contextlib.contextmanager
def running(
    command: Sequence[str], *, url: str, env: dict[str, str], timeout_s: float = 60
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run ``quenotte`` with ``command`` until the block ends; wait for a first answer.

    Raises: RuntimeError when the server stops or stays silent.
    """
    server = subprocess.Popen(
        [sys.executable, "-m", "quenotte", *command],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(url, server, timeout_s)
        yield server
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=15)
        for child in psutil.Process().children(recursive=True):
            if child.pid == server.pid:
                child.kill()


def wait_until_ready(url: str, server: "subprocess.Popen[bytes]", timeout_s: float) -> None:
    """Return when ``url`` answers 200."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server stopped with code {server.returncode}")
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(url, timeout=5).status_code == 200:
                return
        time.sleep(0.02)
    raise RuntimeError(f"no answer from {url}")


def logged_in(base: str, username: str, password: str) -> requests.Session:
    """Return a session of a person who logged in by the form."""
    session = requests.Session()
    page = session.get(base + LOGIN, timeout=10)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    if token is None:
        raise RuntimeError("no form on the login page")
    answer = session.post(
        base + LOGIN,
        data={"login": username, "password": password, "csrfmiddlewaretoken": token.group(1)},
        headers={"Referer": base + LOGIN},
        timeout=10,
    )
    if "quenotte_session" not in session.cookies or answer.status_code >= 400:
        raise RuntimeError(f"login refused ({answer.status_code})")
    # Somebody asks for these pages: without her the keyboard locks itself after some minutes.
    session.headers["Sec-Fetch-User"] = "?1"
    return session
