"""A page about one patient shows her alerts, or says here why it does not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quenotte import care, office

ROOTS = [Path(room.__path__[0]) / "templates" for room in (care, office)]
PAGES = {
    str(path.relative_to(root)): path.read_text("utf-8")
    for root in ROOTS
    for path in root.rglob("*.html")
}
_EXTENDED = re.compile(r'{% extends "([^"]+)" %}')
#: What a template prints, or asks, of one patient; words between quotes are no variables.
_NAMED = re.compile(r"{[{%][^}]*\bpatient\.(?:full_name|file_number)|{{ patient }}")
#: How her alerts come on a page.
_SHOWN = ('panels "patient" "alerts"', "care/patients/_banner.html", "care/patients/_alerts.html")
#: Pages that name several people, each in her line; who opens one reads her alerts there.
OF_MANY = {
    "care/prosthetics/works.html",
    "care/sterilisation/cycle.html",
    "care/sterilisation/recall.html",
    "care/stock/lot.html",
    "care/stock/recall.html",
}


def _parents(name: str) -> Iterator[str]:
    while name:
        yield name
        found = _EXTENDED.search(PAGES.get(name, ""))
        name = found[1] if found else ""


ABOUT = [
    name
    for name, text in sorted(PAGES.items())
    if "web/page.html" in _parents(name) and _NAMED.search(text)
]


def test_pages_about_patients_are_found() -> None:
    assert {"care/patients/identity.html", "care/documents/choose.html"} <= set(ABOUT)


@pytest.mark.parametrize("name", sorted(set(ABOUT) - OF_MANY))
def test_page_about_a_patient_shows_her_alerts(name: str) -> None:
    texts = [PAGES.get(one, "") for one in _parents(name)]
    assert any(way in text for text in texts for way in _SHOWN)


def test_what_is_excused_is_there() -> None:
    assert set(ABOUT) >= OF_MANY
