"""What the manual says of roles, of tables and of its own pages is what the code says."""

import re
from pathlib import Path

import pytest
from django.apps import apps

import quenotte
from quenotte.base.people.rules import PERMISSIONS, Role

MANUAL = Path(quenotte.__file__).parents[1] / "docs" / "manual"
_LINK = re.compile(r"\]\(([^)#\s:]*)#([^)]+)\)")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _slugs(page: str) -> set[str]:
    """Return the anchors that a reader of Markdown gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", (MANUAL / page).read_text("utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings)
    return {re.sub(r"\s", "-", heading) for heading in kept}


@pytest.mark.parametrize("action", sorted(PERMISSIONS))
def test_manual_says_who_may(action: str) -> None:
    lines = (MANUAL / "comptes.md").read_text("utf-8").splitlines()
    told = [_cells(line)[1:] for line in lines if f"(`{action}`)" in line]
    assert told == [["oui" if role in PERMISSIONS[action] else "—" for role in Role]]


def test_manual_says_what_each_table_keeps() -> None:
    ours = {one.__name__ for one in apps.get_models() if one.__module__.startswith("quenotte.")}
    lines = (MANUAL / "confidentialite.md").read_text("utf-8").splitlines()
    rows = [_cells(line) for line in lines if re.match(r"\| .+ \(`\w+`\)", line)]
    assert {row[0].rpartition("`")[0].rpartition("`")[2] for row in rows} == ours
    assert all(len(row) == 4 and all(row) for row in rows)


def test_links_lead_to_headings() -> None:
    for page in MANUAL.glob("*.md"):
        for target, anchor in _LINK.findall(page.read_text("utf-8")):
            assert anchor in _slugs(target or page.name), f"{page.name}: {target}#{anchor}"
