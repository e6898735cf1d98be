"""A technician's morning on the provider's own site: who needs somebody, why, and the evidence."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from e2e.conftest import Watch
from e2e.looking import CHAIRSIDE, TABLET_UPRIGHT, trouble
from quenotte.base.people.rules import DEMO_PASSWORD

pytestmark = pytest.mark.xdist_group("provider")

_PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from quenotte.provider.fleet.operations import make_coming_months
make_coming_months()
from quenotte.config.fleet_demo import parc
parc.prepare(lambda _words, _share: None, size=parc.Size(practices=60, machines=5))
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a small provider of the demo; give its address."""
    folder = tmp_path_factory.mktemp("provider")
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.provider",
        "QUENOTTE_DATA": str(folder / "data"),
        "QUENOTTE_DATABASE_URL": "",
    }
    subprocess.run([sys.executable, "-c", _PREPARE], env=env, check=True, timeout=300)
    port, agents = _free_port(), _free_port()
    words = ["provider", "serve", "--port", str(port), "--agents-port", str(agents)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "quenotte", *words], env=env, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address + "/connexion/", server, folder / "log")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=60)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the provider's site did not start: {log.read_text()[-800:]}")


@pytest.fixture(scope="module")
def entered(base: str, chromium: Browser) -> StorageState:
    """Tom's login with the code that the demo shows: a code is good once."""
    context = chromium.new_context(**_LIKE)
    page = context.new_page()
    page.goto(base + "/connexion/")
    page.fill("input[name=login]", "tom")
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    code = page.locator("[data-demo-code]").inner_text()
    page.fill("input[name=code]", code)
    page.press("input[name=code]", "Enter")
    page.wait_for_url(base + "/parc/")
    state = context.storage_state()
    context.close()
    return state


_LIKE: dict[str, Any] = {
    "viewport": {"width": 1366, "height": 768},
    "locale": "fr-FR",
    "timezone_id": "Europe/Paris",
}


@pytest.fixture
def watch() -> Watch:
    """What Tom's browser complains about."""
    return Watch()


@pytest.fixture
def tom(base: str, chromium: Browser, entered: StorageState, watch: Watch) -> Iterator[Page]:
    """Tom's browser, on the page of the morning."""
    context = chromium.new_context(**_LIKE, storage_state=entered)
    context.set_default_timeout(60_000)
    page = context.new_page()
    watch.follow(page)
    page.goto(base + "/parc/")
    yield page
    context.close()
    assert watch.complaints == []


def test_why_a_practice_is_red_is_found_in_two_clicks(tom: Page, base: str) -> None:
    needs = tom.locator(".fleet-needs tbody tr")
    expect(needs.first).to_be_visible()
    expect(needs.first).to_contain_text("urgent")
    # The list begins in the upper half of a small screen; what says that the rules do not look yet,
    # as after a start, may push it down by itself.
    table = tom.locator(".fleet-needs").bounding_box()
    notices = [one.bounding_box() for one in tom.locator(".banner.tone-danger").all()]
    pushed = sum(one["height"] + 16 for one in notices if one is not None)
    assert table is not None
    assert table["y"] - pushed < 768 / 2
    name = needs.first.locator("a.table-name").first
    said = name.inner_text()
    name.click()
    expect(tom.get_by_role("heading", level=1)).to_have_text(said)
    # What is open stands first, with its evidence one click away: the fact, its source, its time.
    evidence = tom.locator(".fleet-findings details").first
    evidence.locator("summary").click()
    told = evidence.inner_text()
    assert re.search(r"Quenotte|GLPI|osquery|serveur du cabinet", told), told
    assert re.search(r"\d{1,2}:\d\d|\d{1,2} h|aujourd’hui|il y a", told), told


def test_morning_draws_itself_again_and_says_when_it_could_not(tom: Page, watch: Watch) -> None:
    minute = "() => document.body.dispatchEvent(new CustomEvent('live:minute', { detail: null }))"
    old = "document.querySelector('.fleet-refreshed').dataset.old = 'yes'"
    tom.locator("#cause").select_option(index=1)
    tom.locator("#cause").focus()
    tom.evaluate(old)
    tom.evaluate(minute)
    expect(tom.locator(".fleet-refreshed:not([data-old])")).to_contain_text("Page actualisée à")
    # What was chosen and not yet asked for is still there, under the keys.
    expect(tom.locator("#cause")).to_be_focused()
    expect(tom.locator("#cause")).not_to_have_value("")
    tom.evaluate(old)
    tom.context.set_offline(True)
    with tom.expect_event("requestfailed"):
        tom.evaluate(minute)
    expect(tom.locator("[data-stale]")).to_be_visible()
    expect(tom.locator(".toast")).to_have_count(0)
    tom.context.set_offline(False)
    tom.evaluate(minute)
    expect(tom.locator(".fleet-refreshed:not([data-old])")).to_be_visible()
    expect(tom.locator("[data-stale]")).to_be_hidden()
    # The line was cut on purpose.
    watch.complaints[:] = [one for one in watch.complaints if "htmx:sendError" not in one]


def test_practice_draws_itself_again_and_keeps_what_is_open(tom: Page) -> None:
    tom.locator(".fleet-needs a.table-name").first.click()
    summary = tom.locator(".fleet-findings details > summary").first
    summary.click()
    tom.evaluate("document.querySelector('.fleet-refreshed').dataset.old = 'yes'")
    tom.evaluate("document.body.dispatchEvent(new CustomEvent('live:minute', { detail: null }))")
    expect(tom.locator(".fleet-refreshed:not([data-old])")).to_be_visible()
    expect(tom.locator(".fleet-findings details").first).to_have_attribute("open", "")
    expect(tom.locator(".fleet-findings details > summary").first).to_be_focused()


def test_machine_is_found_by_what_it_runs(tom: Page, base: str) -> None:
    tom.goto(base + "/parc/recherche/?q=windows+10")
    expect(tom.get_by_text("Windows 10").first).to_be_visible()
    tom.locator("main a[href*='/parc/machines/']").first.click()
    expect(tom.get_by_text("Windows 10").first).to_be_visible()
    expect(tom.get_by_role("heading", level=1)).to_be_visible()


def test_token_is_made_by_keys_alone_and_seen_at_once(tom: Page, base: str) -> None:
    tom.goto(base + "/inscriptions/")
    tom.locator("#cherche-cabinet").fill("cabinet")
    tom.keyboard.press("Enter")
    expect(tom.locator("#nouveau-jeton li a").first).to_be_focused()
    tom.keyboard.press("Enter")
    expect(tom.locator("#id_machines")).to_be_focused()
    tom.keyboard.press("Enter")
    tom.wait_for_function("document.querySelector('#jeton, input[name=preuve]')")
    if tom.locator("input[name=preuve]").count():
        tom.fill("input[name=preuve]", DEMO_PASSWORD)
        tom.keyboard.press("Enter")
    # Not under the list of all the tokens, with an empty form in sight.
    expect(tom.locator("#jeton")).to_be_in_viewport()
    tom.get_by_role("button", name="Je l’ai noté").click()
    expect(tom.locator("#jeton")).to_have_count(0)


def _of(page: Page, base: str, address: str, pattern: str) -> str:
    page.goto(base + address)
    href = page.locator(f"a[href*='{pattern}']").first.get_attribute("href")
    assert href is not None
    return href


def test_pages_are_clean(tom: Page, base: str) -> None:
    practice = _of(tom, base, "/parc/", "/parc/cabinets/")
    machine = _of(tom, base, practice, "/parc/machines/")
    incident = _of(tom, base, "/parc/incidents/", "/parc/incidents/")
    addresses = {
        "parc": "/parc/",
        "cabinet": practice,
        "fiche": practice + "fiche/",
        "ouvertures": practice + "ouvertures/",
        "preuves": practice + "preuves/",
        "maintenance": practice + "maintenance/",
        "bilan": practice + "bilan/",
        "logiciels": practice + "logiciels/",
        "licence": practice + "licences/nouvelle/",
        "licences": "/parc/licences/",
        "machine": machine,
        "changements": machine + "changements/",
        "incidents": "/parc/incidents/",
        "incident": incident,
        "recherche": "/parc/recherche/?q=windows",
        "questions": "/parc/questions/",
        "question": "/parc/questions/nouvelle/",
        "alertes": "/parc/alertes/",
        "inscriptions": "/inscriptions/",
        "charte": "/charte/",
    }
    found: list[str] = []
    for name, address in addresses.items():
        answer = tom.goto(base + address)
        assert answer is not None
        assert answer.status == 200, f"{address}: {answer.status}"
        sizes = (CHAIRSIDE, TABLET_UPRIGHT)
        found += [f"{name}: {one}" for one in trouble(tom, f"provider-{name}", sizes=sizes)]
    assert found == []
