"""Every page, light and dark: nothing that axe finds, nothing wider than the screen.

``QUENOTTE_SHOTS=folder`` keeps a picture of each.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e import radiographs
from e2e.conftest import Site

#: name -> address; {patient} and {picture} are filled in.
PAGES = {
    "aujourdhui": "/",
    "patients": "/patients/",
    "recherche": "/patients/recherche/?q=mar",
    "nouveau": "/patients/nouveau/",
    "dossier": "/patients/{patient}/",
    "fiche": "/patients/{patient}/identite/",
    "alertes": "/patients/{patient}/alertes/",
    "notes": "/patients/{patient}/notes/",
    "rendez-vous": "/patients/{patient}/rendez-vous/",
    "historique": "/patients/{patient}/historique/",
    "images-du-patient": "/patients/{patient}/images/",
    "a-rattacher": "/images/",
    "cabinet": "/cabinet/",
    "lieux": "/cabinet/lieux/",
    "postes": "/cabinet/postes/",
    "comptes": "/cabinet/comptes/",
    "nouveau-compte": "/cabinet/comptes/nouveau/",
    "appareils": "/cabinet/appareils/",
    "journal": "/journal/",
    "taches": "/taches/",
    "rappels": "/rappels/",
    "reglages-rappels": "/cabinet/rappels/",
    "textes-rappels": "/cabinet/rappels/textes/",
    "texte-sms": "/cabinet/rappels/textes/sms/reminder/",
    "calendriers": "/cabinet/calendriers/",
    "mot-de-passe": "/mot-de-passe/",
    "kit": "/kit/",
    "introuvable": "/nulle-part/",
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_clean(
    log_in: Callable[..., Page], site: Site, theme: str, tmp_path: Path
) -> None:
    patient = site.sample["patients"][40]
    radiographs.storescu(
        site.dicom_port, radiographs.draw(tmp_path, patient, site.sample["issuer"])
    )
    page = log_in("alice", color_scheme=theme)
    found: dict[str, list[str]] = {}
    for name, address in PAGES.items():
        page.goto(site.base + address.format(patient=patient["id"]))
        for size in SIZES:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            _shot(page, f"{name}-{theme}-{size['width']}")
        page.set_viewport_size(SIZES[0])  # type: ignore[arg-type]
        if findings := _findings(page):
            found[name] = findings
        wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if wider:
            found.setdefault(name, []).append("wider than the screen")
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
