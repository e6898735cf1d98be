"""One small practice served by the real command, and browsers of its people."""

import contextlib
import math
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    StorageState,
    expect,
)

from quenotte.kernel.holidays import public_holidays, territory_of
from tests.support import browsers, postgres, small_practice, workers

# What is awaited comes in a blink; on a busy machine nobody is told that it does not.
expect.set_options(timeout=30_000)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


#: Their tests take longest; at the end they would leave one worker alone.
_LONG = {"test_pages.py", "test_plans.py", "test_visit.py", "test_perio.py"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: item.path.name not in _LONG)


@dataclass(frozen=True)
class Site:
    """The practice's site under test."""

    base: str
    dicom_port: int
    data: Path
    sample: dict[str, Any] = field(repr=False)
    environment: dict[str, str] = field(repr=False)

    def ask(self, words: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run SQL on the practice's database, whichever it is; a value stands at each « %s »."""
        if url := self.environment["QUENOTTE_DATABASE_URL"]:
            with psycopg.connect(url) as connection:
                cursor = connection.execute(words.encode(), values)
                return cursor.fetchall() if cursor.description else []
        database = sqlite3.connect(self.data / "db.sqlite3", timeout=60)
        with contextlib.closing(database), database:
            return database.execute(words.replace("%s", "?"), values).fetchall()

    @property
    def password(self) -> str:
        """Everybody's password."""
        return str(self.sample["password"])


@dataclass(frozen=True)
class Untouched:
    """A small demo practice that nobody has served yet: making one takes longer than a copy."""

    data: Path
    sample: dict[str, Any] = field(repr=False)
    #: Its database on PostgreSQL; "" when it is a file of the folder.
    database: str = ""

    def copy_to(self, folder: Path) -> dict[str, str]:
        """Make a practice of its own for one site; return the environment that names it."""
        data = shutil.copytree(self.data, folder / "practice")
        url = ""
        if self.database:
            name = f"{self.database}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{folder.name}"
            url = postgres.new_database(name, template=self.database)
        return _environment(data, url)


def _environment(data: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.practice",
        "QUENOTTE_DATA": str(data),
        "QUENOTTE_DATABASE_URL": url,
    }


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Untouched:
    """Make the practice from which each site starts; workers share it."""
    made = workers.made_once(tmp_path_factory, "untouched", _make)
    return Untouched(Path(made["folder"]), made["sample"], made["database"])


def _make(folder: Path) -> dict[str, Any]:
    name = url = ""
    if os.environ.get("QUENOTTE_DATABASE_URL"):
        name = "untouched"
        url = postgres.new_database(name)
    sample = small_practice.make(folder, patients=150, QUENOTTE_DATABASE_URL=url)
    return {"folder": str(folder), "sample": sample, "database": name}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, untouched: Untouched) -> Iterator[Site]:
    """Serve a small demo practice until the last journey is over."""
    env, sample = untouched.copy_to(tmp_path_factory.mktemp("site")), untouched.sample
    port, dicom_port = _free_port(), _free_port()
    command = ["serve", "--port", str(port), "--dicom-port", str(dicom_port)]
    server = subprocess.Popen(
        [sys.executable, "-m", "quenotte", *command],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: _answers(base + "/connexion/"), server)
        _wait(lambda: _listens(dicom_port), server)
        yield Site(base, dicom_port, Path(env["QUENOTTE_DATA"]), sample, env)
    finally:
        server.terminate()
        server.wait(timeout=60)


def _answers(url: str) -> bool:
    with contextlib.suppress(urllib.error.URLError, ConnectionError):
        urllib.request.urlopen(url, timeout=60)
        return True
    return False


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60):
        return True
    return False


def _wait(condition: Callable[[], bool], server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and server.poll() is None:
        if condition():
            return
        time.sleep(0.1)
    raise RuntimeError("the site did not start")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; each person gets a context of her own."""
    with browsers.chromium() as browser:
        yield browser


class Watch:
    """What a browser complained about; a journey that ends with complaints fails."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def follow(self, page: Page) -> None:
        """Listen to a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("response", self._response)

    #: Chromium repeats refused requests, judged in ``_response``; htmx tells of a search that a
    #: later key replaced. A request that broke is told as ``htmx:sendError``.
    _SAID_ELSEWHERE = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        if not any(words in message.text for words in self._SAID_ELSEWHERE):
            self.complaints.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status}: {response.url}")


class Logins:
    """The logins of one run: a journey about something else takes up one that is still fresh."""

    #: Long before the lock that comes by itself, and before a proof grows old.
    KEPT_S = 120

    def __init__(self, site: Site) -> None:
        self._site = site
        self._kept: dict[str, tuple[float, StorageState]] = {}

    def kept(self, username: str) -> StorageState | None:
        """Return the cookies of a login of this person, None when there is none fresh enough."""
        made_at, state = self._kept.get(username, (-math.inf, None))
        return state if time.monotonic() - made_at < self.KEPT_S else None

    def log_in(self, page: Page, username: str) -> None:
        """Log in as a person does."""
        page.goto(self._site.base + "/connexion/")
        if not username:
            return
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", self._site.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(self._site.base + "/")

    def take_up(self, page: Page, username: str) -> None:
        """Go on with a login, else log in and keep it for the next journey."""
        page.goto(self._site.base + "/")
        if page.url != self._site.base + "/":
            page.context.clear_cookies()
            self.log_in(page, username)
            self._kept[username] = (time.monotonic(), page.context.storage_state())


@pytest.fixture(scope="session")
def logins(site: Site) -> Logins:
    """The logins that journeys share."""
    return Logins(site)


LogIn = Callable[..., Page]


@pytest.fixture
def log_in(site: Site, chromium: Browser, logins: Logins) -> Iterator[LogIn]:
    """Return a function that opens a browser in which a person of the team is logged in.

    A journey about logins, locks or workstations asks for one of its own (``is_own``).
    """
    watch = Watch()
    contexts: list[BrowserContext] = []

    def open_browser(username: str = "alice", *, is_own: bool = False, **options: Any) -> Page:
        context = chromium.new_context(
            viewport=options.pop("viewport", {"width": 1366, "height": 768}),
            locale="fr-FR",
            timezone_id="Europe/Paris",
            storage_state=None if is_own else logins.kept(username),
            **options,
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        watch.follow(page)
        if is_own or not username:
            logins.log_in(page, username)
        else:
            logins.take_up(page, username)
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert watch.complaints == []


#: Weeks that the demo leaves empty: each journey has one of its own, and the one after it.
_WEEKS = iter(range(30, 240, 2))


def _is_worked(day: date) -> bool:
    return day not in public_holidays(day.year, territory=territory_of("44000"))


@pytest.fixture
def monday() -> date:
    """A Monday in a week of which nobody has booked anything yet."""
    today = date.today()
    first = today - timedelta(days=today.weekday())
    days = (first + timedelta(weeks=week) for week in _WEEKS)
    around = (0, 1, 7)
    return next(day for day in days if all(_is_worked(day + timedelta(days=off)) for off in around))


@pytest.fixture
def alice(log_in: LogIn) -> Page:
    """Dr Alice's browser."""
    return log_in("alice")
