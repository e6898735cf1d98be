"""Every page, light and dark, on every screen: nothing that axe finds, nothing wider than it."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from e2e import radiographs
from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, OFFICE, TABLET_UPRIGHT, TELEPHONE, trouble
from e2e.pages import ANSWERS, OTHER_PAGES, PAGES
from quenotte.base.keyboard.forms import ReasonForm
from quenotte.base.people.forms import InstallationForm

LogIn = Callable[..., Page]


def _addresses(page: Page, site: Site, patient: dict[str, Any], folder: Path) -> dict[str, str]:
    """Return what fills the braces: a note, a picture filed, one that waits, a person."""
    issuer = site.sample["issuer"]
    filed = radiographs.draw(folder, patient, issuer)
    lost = radiographs.draw(folder, patient, issuer, born_on="1950-01-01")
    radiographs.storescu(site.dicom_port, filed, lost)
    places = {
        "note": (f"/patients/{patient['id']}/notes/", '/patients/[^"]*/', "/corriger/"),
        "picture": (f"/patients/{patient['id']}/", "/images/", "/fiche"),
        "waiting": ("/images/", "/images/", "/choisir/"),
        "person": ("/cabinet/comptes/", "/cabinet/comptes/", "/"),
    }
    return (
        {"patient": patient["id"], "other": site.sample["patients"][41]["id"]}
        | {
            name: _id_in_a_link(page, site.base + address, start, end)
            for name, (address, start, end) in places.items()
        }
        | {name: str(UUID(str(site.ask(words)[0][0]))) for name, words in _ANY.items()}
    )


_PLAN = (
    "FROM office_planline l JOIN office_treatmentplan p ON p.id = l.plan_id "
    "WHERE l.status = 'planned' ORDER BY l.id LIMIT 1"
)
_VISIT = (
    "FROM office_visit v JOIN office_visitact a ON a.visit_id = v.id "
    "WHERE v.closed_at IS NULL ORDER BY v.id LIMIT 1"
)
_ENDED = (
    "FROM office_visit v JOIN office_visitact a ON a.visit_id = v.id "
    "WHERE v.closed_at IS NOT NULL AND a.undone_at IS NULL ORDER BY v.id, a.id LIMIT 1"
)
#: Things of which the practice has several: any that Dr Alice reads will do.
_ANY = {
    "appointment": "SELECT id FROM care_appointment WHERE status = 'booked' ORDER BY id LIMIT 1",
    "machine": "SELECT id FROM upkeep_machine WHERE name = 'FAUTEUIL-2'",
    "task": "SELECT t.id FROM care_task t JOIN base_person p ON p.id IN (t.author_id, t.person_id) "
    "WHERE p.username = 'alice' ORDER BY t.id LIMIT 1",
    "recall": "SELECT id FROM care_recall WHERE closed_at IS NULL ORDER BY due_on, id LIMIT 1",
    "planned": f"SELECT patient_id {_PLAN}",
    "plan": f"SELECT plan_id {_PLAN}",
    "session": f"SELECT session_id {_PLAN}",
    "line": f"SELECT l.id {_PLAN}",
    "seated": f"SELECT patient_id {_VISIT}",
    "visit": f"SELECT v.id {_VISIT}",
    "act": f"SELECT a.id {_VISIT}",
    "treated": f"SELECT patient_id {_ENDED}",
    "ended": f"SELECT v.id {_ENDED}",
    "noted": f"SELECT a.id {_ENDED}",
    "template": "SELECT id FROM office_notetemplate ORDER BY id LIMIT 1",
    "callback": "SELECT id FROM care_callback ORDER BY id LIMIT 1",
    "document": "SELECT id FROM care_document ORDER BY created_at LIMIT 1",
    "prescription": "SELECT id FROM care_prescription WHERE state = 'draft' LIMIT 1",
    "letter": "SELECT id FROM care_letter WHERE state = 'draft' LIMIT 1",
    "correspondent": "SELECT id FROM care_correspondent LIMIT 1",
}


def _id_in_a_link(page: Page, url: str, start: str, end: str) -> str:
    html = page.request.get(url).text()
    found = re.search(rf'="{start}([0-9a-f]{{8}}-[0-9a-f-]{{27}}){end}"', html)
    assert found, f"{url} leads to no {start}…{end}"
    return found[1]


#: Several walks, so that two workers share them.
_WALKS = 4


@pytest.mark.parametrize("walk", range(_WALKS))
def test_pages_are_clean(log_in: LogIn, site: Site, walk: int, tmp_path: Path) -> None:
    page = log_in("alice")
    addresses = _addresses(page, site, site.sample["patients"][40], tmp_path)
    found: dict[str, list[str]] = {}
    for name, address in list(PAGES.items())[walk::_WALKS]:
        answer = page.goto(site.base + address.format(**addresses))
        # What is looked at is the page, and not the words that it is not there.
        assert answer is not None
        assert answer.status == ANSWERS.get(name, 200), name
        if wrong := trouble(page, name):
            found[name] = wrong
    assert found == {}


@pytest.mark.parametrize("username", OTHER_PAGES)
def test_pages_of_the_other_roles_are_clean(log_in: LogIn, site: Site, username: str) -> None:
    page = log_in(username)
    found: dict[str, list[str]] = {}
    for address in OTHER_PAGES[username]:
        page.goto(site.base + address.format(patient=site.sample["patients"][40]["id"]))
        name = f"{username}-{address.strip('/').partition('/')[0] or 'aujourdhui'}"
        if wrong := trouble(page, name):
            found[address] = wrong
    assert found == {}


def test_viewer_is_clean(log_in: LogIn, site: Site, tmp_path: Path) -> None:
    patient = site.sample["patients"][45]
    radiographs.storescu(
        site.dicom_port, radiographs.draw(tmp_path, patient, site.sample["issuer"])
    )
    page = log_in("alice")
    page.goto(f"{site.base}/patients/{patient['id']}/")
    page.goto(site.base + str(page.locator("[data-picture]").first.get_attribute("href")))
    page.locator("[data-island=viewer][data-ready=true]").wait_for()
    assert trouble(page, "visionneuse", sizes=[CHAIRSIDE, TABLET_UPRIGHT]) == []


#: Pages for when something is wrong: no journey brings a full disk or a lost database about.
_FAILURES: dict[str, dict[str, Any]] = {
    "400.html": {},
    "403.html": {"reason": "old"},
    "413.html": {},
    "423.html": {"is_reading": True, "incident": "K7P2"},
    "429.html": {},
    "500.html": {"incident": "K7P2"},
    "503.html": {"incident": "K7P2"},
    "507.html": {},
    "base/keyboard/reason.html": {"form": ReasonForm({})},
    "base/people/installation.html": {"form": InstallationForm({})},
}


def test_pages_without_a_login_are_clean(log_in: LogIn, site: Site) -> None:
    page = log_in("")
    sizes = [CHAIRSIDE, OFFICE, TABLET_UPRIGHT, TELEPHONE]
    wrong = {"connexion": trouble(page, "connexion", sizes=sizes)}
    assert not page.evaluate("document.documentElement.scrollHeight > innerHeight")
    bodies: list[str] = []
    page.route("**/panne/", lambda route: route.fulfill(
        body=bodies[-1], content_type="text/html; charset=utf-8",
    ))  # fmt: skip
    for template, context in _FAILURES.items():
        bodies.append(render_to_string(template, {"csrf_token": "x", **context}))
        page.goto(site.base + "/panne/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        wrong[template] = trouble(page, Path(template).stem, sizes=sizes)
    assert {name: found for name, found in wrong.items() if found} == {}


#: Teeth, rows and columns of the pictures on the README's page.
_SERIES = (
    ((18, 17, 16), 1000, 1500),
    ((15, 14), 1500, 1000),
    ((11, 21), 1500, 1000),
    ((22, 23), 1500, 1000),
    ((36, 37, 38), 1000, 1500),
)


def test_readme_screenshot_is_made(log_in: LogIn, site: Site, tmp_path: Path) -> None:
    """``QUENOTTE_README_SHOT=1`` rewrites the picture that the README shows."""
    patient = site.sample["patients"][46]
    paths = [
        radiographs.draw(
            tmp_path, patient, site.sample["issuer"], teeth=teeth, rows=rows, columns=columns
        )
        for teeth, rows, columns in _SERIES
    ]
    radiographs.storescu(site.dicom_port, *paths)
    page = log_in("alice", color_scheme="light")
    page.goto(f"{site.base}/patients/{patient['id']}/")
    expect(page.locator("#strip [data-picture] img")).to_have_count(len(_SERIES))
    for image in page.locator("#strip [data-picture] img").all():
        expect(image).to_have_js_property("complete", True)
    picture = page.screenshot()
    assert len(picture) > 20_000
    if os.environ.get("QUENOTTE_README_SHOT"):
        target = Path(__file__).parents[1] / "docs" / "record.png"
        target.write_bytes(picture)
