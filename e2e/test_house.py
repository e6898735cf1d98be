"""The owner looks after the house: journal, devices, work, appearance."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.conftest import Site


def test_reading_a_record_is_one_line_of_the_journal(alice: Page, site: Site) -> None:
    patient = site.sample["patients"][47]["id"]
    alice.goto(f"{site.base}/patients/{patient}/")
    alice.goto(f"{site.base}/journal/")
    with alice.expect_download() as download:
        alice.get_by_role("button", name="Exporter (CSV)").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert sum(patient in row for row in rows) == 1


def test_journal_is_filtered_by_action(alice: Page, site: Site) -> None:
    alice.goto(site.base + "/journal/")
    expect(alice).to_have_title(re.compile("Journal"))
    expect(alice.locator("tbody tr").first).to_be_visible()


def test_work_in_the_background_is_visible(alice: Page, site: Site) -> None:
    alice.goto(site.base + "/taches/")
    expect(alice.get_by_role("heading", level=1)).to_be_visible()


def test_theme_is_remembered(alice: Page, site: Site) -> None:
    alice.locator("[data-theme-toggle]").first.click()
    chosen = alice.locator("html").get_attribute("data-theme")
    assert chosen in {"light", "dark"}
    alice.goto(site.base + "/patients/")
    assert alice.locator("html").get_attribute("data-theme") == chosen


def test_unknown_address_is_explained(alice: Page, site: Site) -> None:
    answer = alice.goto(site.base + "/nulle-part/")
    assert answer
    assert answer.status == 404
    expect(alice.get_by_role("heading", level=1)).to_be_visible()


def test_a_role_sees_only_what_it_may_use(log_in: Callable[..., Page], site: Site) -> None:
    page = log_in("sarah")
    expect(page.get_by_role("link", name="Patients")).to_be_visible()
    answer = page.goto(site.base + "/journal/")
    assert answer
    assert answer.status == 403
    expect(page.locator("body")).to_contain_text(re.compile("pas|réserv", re.IGNORECASE))
