"""A practice open to its network, seen by the browser of a workstation."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from e2e.conftest import Untouched, _free_port, _listens, _wait
from e2e.looking import CHAIRSIDE, SCREENS, TELEPHONE, trouble
from tests.support import browsers

# One worker serves this network, and runs all that needs it.
pytestmark = pytest.mark.xdist_group("network")

NAME = "cabinet.local"


@dataclass(frozen=True)
class Lan:
    """A practice served with ``--lan``."""

    pages: str
    plain: str
    data: Path
    password: str
    environment: dict[str, str]


@pytest.fixture(scope="module")
def lan(tmp_path_factory: pytest.TempPathFactory, untouched: Untouched) -> Iterator[Lan]:
    """Serve a small practice to its network; here the network is this machine."""
    environment, sample = untouched.copy_to(tmp_path_factory.mktemp("lan")), untouched.sample
    port, trust, dicom = _free_port(), _free_port(), _free_port()
    words = ["--lan", "cabinet", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(
        [sys.executable, "-m", "quenotte", "serve", *words, "--trust-port", str(trust),
         "--dicom-port", str(dicom)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(lambda: _listens(port), server)
        _wait(lambda: _listens(trust), server)
        pages, plain = f"https://{NAME}:{port}", f"http://{NAME}:{trust}"
        data = Path(environment["QUENOTTE_DATA"])
        yield Lan(pages, plain, data, str(sample["password"]), environment)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


@pytest.fixture(scope="module")
def workstation(
    lan: Lan, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A workstation that fetched the authority from the plain port and imported it."""
    home = tmp_path_factory.mktemp("home")
    fetched = home / "autorite-quenotte.crt"
    address = lan.plain.replace(NAME, "127.0.0.1") + "/autorite-quenotte.crt"
    subprocess.run(["curl", "-sSf", "-o", str(fetched), address], check=True)
    with browsers.trusting(chromium, fetched, home) as browser:
        yield browser


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": 1366, "height": 768},
        locale="fr-FR",
    )
    context.set_default_timeout(60_000)
    return context


def _log_in(page: Page, lan: Lan) -> None:
    page.goto(lan.pages + "/connexion/")
    page.fill("input[name=login]", "alice")
    page.fill("input[name=password]", lan.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lan.pages + "/")


def test_workstation_that_trusts_nothing_yet_is_warned_by_its_browser(
    lan: Lan, chromium: Browser, tmp_path: Path
) -> None:
    with browsers.stranger(chromium, tmp_path) as browser:
        page = browser.new_page()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            page.goto(lan.pages + "/connexion/")
        # The plain port is there for it, and its address is not turned into another.
        page = browser.new_page()
        page.goto(lan.plain + "/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Relier ce poste au cabinet")


def test_pages_of_the_network_are_clean(lan: Lan, workstation: Browser) -> None:
    context = _context(workstation)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda word: complaints.append(f"{word.type} {word.text}"))
    page.goto(lan.plain + "/")
    assert trouble(page, "explication", sizes=[*SCREENS, TELEPHONE]) == []
    for summary in page.locator("summary").all():
        summary.focus()
        page.keyboard.press("Enter")
    assert trouble(page, "explication-ouverte", sizes=[CHAIRSIDE]) == []
    _log_in(page, lan)
    page.goto(lan.pages + "/cabinet/postes/")
    page.get_by_role("link", name="Relier un poste").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Relier un poste")
    assert trouble(page, "relier") == []
    page.get_by_role("link", name="Feuille à imprimer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Relier un poste au cabinet")
    assert trouble(page, "feuille") == []
    assert [word for word in complaints if word.startswith("error")] == []
    context.close()


def test_work_goes_on_while_the_certificate_is_renewed(lan: Lan, workstation: Browser) -> None:
    context = _context(workstation)
    page = context.new_page()
    _log_in(page, lan)
    page.goto(lan.pages + "/patients/nouveau/")
    page.locator("[name=birth_name]").first.fill("Martin")
    before = _serial(lan)
    subprocess.run(
        [sys.executable, "-m", "quenotte", "certificate", "renew"],
        env=lan.environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while _serial(lan) == before:
        assert time.monotonic() < deadline, "the new certificate never came"
        time.sleep(0.2)
    expect(page.locator("[name=birth_name]").first).to_have_value("Martin")
    page.goto(lan.pages + "/patients/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("window.isSecureContext")
    cookies = {cookie["name"]: cookie.get("secure") for cookie in context.cookies()}
    assert cookies
    assert all(cookies.values()), cookies
    context.close()


def _serial(lan: Lan) -> str:
    port = lan.pages.rpartition(":")[2]
    shown = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", NAME],
        input="", capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    return subprocess.run(
        ["openssl", "x509", "-noout", "-serial"],
        input=shown, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
