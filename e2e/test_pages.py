"""Every page, light and dark: nothing that axe finds, nothing wider than the screen.

``QUENOTTE_SHOTS=folder`` keeps a picture of each.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e import radiographs
from e2e.conftest import Site

#: name -> address; what stands in braces is filled in.
PAGES = {
    "aujourdhui": "/",
    "a-faire": "/a-faire/",
    "a-rappeler": "/a-rappeler/",
    "mots": "/mots/",
    "appels": "/cabinet/appels/",
    "patients": "/patients/",
    "recherche": "/patients/recherche/?q=mar",
    "nouveau": "/patients/nouveau/",
    "dossier": "/patients/{patient}/",
    "fiche": "/patients/{patient}/identite/",
    "reunir": "/patients/{patient}/reunir/",
    "alertes": "/patients/{patient}/alertes/",
    "notes": "/patients/{patient}/notes/",
    "rendez-vous": "/patients/{patient}/rendez-vous/",
    "agenda": "/agenda/?vue=jour&colonnes=fauteuils",
    "agenda-semaine": "/agenda/?vue=semaine&colonnes=praticiens",
    "agenda-liste": "/agenda/?vue=liste",
    "agenda-imprime": "/agenda/imprimer/",
    "creneaux": "/agenda/creneaux/?minutes=30",
    "liste-d-attente": "/agenda/liste-courte/",
    "nouveau-rendez-vous": "/agenda/rendez-vous/nouveau/",
    "types-de-rendez-vous": "/cabinet/agenda/",
    "horaires": "/cabinet/agenda/horaires/",
    "absences": "/cabinet/agenda/absences/",
    "historique": "/patients/{patient}/historique/",
    "images-du-patient": "/patients/{patient}/images/",
    "proches": "/patients/{patient}/proches/",
    "imprimer": "/patients/{patient}/imprimer/",
    "correction": "/patients/{patient}/notes/{note}/corriger/",
    "a-rattacher": "/images/",
    "image": "/images/{picture}/fiche",
    "choisir": "/images/{waiting}/choisir/",
    "cabinet": "/cabinet/",
    "lieux": "/cabinet/lieux/",
    "postes": "/cabinet/postes/",
    "relier-ferme": "/cabinet/postes/relier/",
    "comptes": "/cabinet/comptes/",
    "compte": "/cabinet/comptes/{person}/",
    "nouveau-compte": "/cabinet/comptes/nouveau/",
    "appareils": "/cabinet/appareils/",
    "reprise": "/cabinet/reprise/",
    "emporter": "/cabinet/reprise/export/",
    "journal": "/journal/",
    "taches": "/taches/",
    "rappels": "/rappels/",
    "reglages-rappels": "/cabinet/rappels/",
    "textes-rappels": "/cabinet/rappels/textes/",
    "texte-sms": "/cabinet/rappels/textes/sms/reminder/",
    "calendriers": "/cabinet/calendriers/",
    "mot-de-passe": "/mot-de-passe/",
    "kit": "/kit/",
    "compte-ferme": "/compte-ferme/",
    "introuvable": "/nulle-part/",
}
#: What other roles see of what they share, and of what is refused to them.
OTHER_PAGES = {
    "sarah": ("/", "/patients/{patient}/", "/images/", "/journal/"),
    "bob": ("/", "/patients/{patient}/", "/cabinet/"),
    "carole": ("/", "/patients/{patient}/"),
}
SIZES = ({"width": 1366, "height": 768}, {"width": 1920, "height": 1080})


def _shot(page: Page, name: str) -> None:
    folder = os.environ.get("QUENOTTE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")


def _findings(page: Page) -> list[str]:
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in violations
        for node in violation["nodes"]
    ]


def _addresses(page: Page, site: Site, patient: dict[str, Any], folder: Path) -> dict[str, str]:
    """Return what fills the braces: a note, a picture filed, one that waits, a person."""
    issuer = site.sample["issuer"]
    radiographs.storescu(site.dicom_port, radiographs.draw(folder, patient, issuer))
    lost = radiographs.draw(folder, patient, issuer, born_on="1950-01-01")
    radiographs.storescu(site.dicom_port, lost)
    places = {
        "note": (f"/patients/{patient['id']}/notes/", "/corriger/"),
        "picture": (f"/patients/{patient['id']}/", "/fiche"),
        "waiting": ("/images/", "/choisir/"),
        "person": ("/cabinet/comptes/", "/"),
    }
    return {"patient": patient["id"]} | {
        name: _id_in_a_link(page, site.base + address, end)
        for name, (address, end) in places.items()
    }


def _id_in_a_link(page: Page, url: str, end: str) -> str:
    page.goto(url)
    html = page.content()
    found = re.search(rf'="/[^"]*?([0-9a-f]{{8}}-[0-9a-f-]{{27}}){end}"', html)
    assert found, f"{url} leads to no …{end}"
    return found[1]


def _trouble(page: Page) -> list[str]:
    """Return what is wrong with the page at its smallest size."""
    wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return _findings(page) + (["wider than the screen"] if wider else [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_clean(
    log_in: Callable[..., Page], site: Site, theme: str, tmp_path: Path
) -> None:
    page = log_in("alice", color_scheme=theme)
    addresses = _addresses(page, site, site.sample["patients"][40], tmp_path)
    found: dict[str, list[str]] = {}
    for name, address in PAGES.items():
        page.goto(site.base + address.format(**addresses))
        for size in SIZES:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            _shot(page, f"{name}-{theme}-{size['width']}")
        page.set_viewport_size(SIZES[0])  # type: ignore[arg-type]
        if trouble := _trouble(page):
            found[name] = trouble
    assert found == {}


@pytest.mark.parametrize("username", OTHER_PAGES)
def test_pages_of_the_other_roles_are_clean(
    log_in: Callable[..., Page], site: Site, username: str
) -> None:
    page = log_in(username)
    found: dict[str, list[str]] = {}
    for address in OTHER_PAGES[username]:
        page.goto(site.base + address.format(patient=site.sample["patients"][40]["id"]))
        _shot(page, f"{username}-{address.strip('/').partition('/')[0] or 'aujourdhui'}")
        if trouble := _trouble(page):
            found[address] = trouble
    assert found == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_viewer_is_clean(
    log_in: Callable[..., Page], site: Site, theme: str, tmp_path: Path
) -> None:
    patient = site.sample["patients"][41]
    radiographs.storescu(
        site.dicom_port, radiographs.draw(tmp_path, patient, site.sample["issuer"])
    )
    page = log_in("alice", color_scheme=theme)
    page.goto(f"{site.base}/patients/{patient['id']}/")
    page.goto(site.base + str(page.locator("[data-picture]").first.get_attribute("href")))
    page.locator("[data-island=viewer][data-ready=true]").wait_for()
    _shot(page, f"visionneuse-{theme}")
    assert _findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_login_page_is_clean(log_in: Callable[..., Page], theme: str) -> None:
    page = log_in("", color_scheme=theme)
    _shot(page, f"connexion-{theme}")
    assert _findings(page) == []


#: Teeth, rows and columns of the pictures on the README's page.
_SERIES = (
    ((18, 17, 16), 1000, 1500),
    ((15, 14), 1500, 1000),
    ((11, 21), 1500, 1000),
    ((22, 23), 1500, 1000),
    ((36, 37, 38), 1000, 1500),
)


def test_readme_screenshot_is_made(log_in: Callable[..., Page], site: Site, tmp_path: Path) -> None:
    """``QUENOTTE_README_SHOT=1`` rewrites the picture that the README shows."""
    patient = site.sample["patients"][42]
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
    page.wait_for_timeout(500)
    picture = page.screenshot()
    assert len(picture) > 20_000
    if os.environ.get("QUENOTTE_README_SHOT"):
        target = Path(__file__).parents[1] / "docs" / "record.png"
        target.write_bytes(picture)
