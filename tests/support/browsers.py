"""Debian's Chromium without a screen, driven by Playwright.

Its headless shell draws with the same engine and has none of a desktop's windows, profiles and
extensions: a page costs two thirds of the processor time, a fresh context a third. The whole
browser stands in where a distribution has no shell.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = next(
    (path for name in ("chromium-headless-shell", "chromium", "chromium-browser")
     if (path := shutil.which(name))),
    "/usr/bin/chromium",
)  # fmt: skip
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


#: Without it Chromium looks elsewhere for `name.local` than where the tests serve.
RESOLVER = "--host-resolver-rules=MAP *.local 127.0.0.1"


@contextlib.contextmanager
def trusting(browser: Browser, authority: Path, home: Path) -> Iterator[Browser]:
    """Give a browser of a workstation that imported an authority, as its page says (NSS)."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for words in (
        ["-N", "--empty-password"],
        ["-A", "-n", "cabinet", "-t", "C,,", "-i", str(authority)],
    ):
        subprocess.run(["certutil", "-d", f"sql:{store}", *words], check=True)
    with stranger(browser, home) as opened:
        yield opened


@contextlib.contextmanager
def stranger(browser: Browser, home: Path) -> Iterator[Browser]:
    """Give a browser of a workstation whose home, and trust, are its own."""
    opened = browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=[*_FLAGS, RESOLVER],
        env={**os.environ, "HOME": str(home)},
    )
    try:
        yield opened
    finally:
        opened.close()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser that asks nothing of the outside."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()
