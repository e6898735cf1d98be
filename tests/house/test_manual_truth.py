"""What the manual says of roles, of tables and of its own pages is what the code says."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from django.apps import apps

import quenotte
from quenotte.base.jobs import schedule
from quenotte.base.people.rules import PERMISSIONS, PRACTICE_ROLES
from quenotte.config.clocks import practice as clock
from quenotte.kernel.errors import Refusal

PACKAGE = Path(quenotte.__file__).parent
MANUAL = PACKAGE.parent / "docs" / "manual"
_LINK = re.compile(r"\]\(([^)#\s:]*)#([^)]+)\)")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _slugs(page: str) -> set[str]:
    """Return the anchors that a reader of Markdown gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", (MANUAL / page).read_text("utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings)
    return {re.sub(r"\s", "-", heading) for heading in kept}


#: What somebody may at the provider's is told to the provider.
OF_A_PRACTICE = sorted(action for action in PERMISSIONS if not action.startswith("fleet."))


@pytest.mark.parametrize("action", OF_A_PRACTICE)
def test_manual_says_who_may(action: str) -> None:
    lines = (MANUAL / "comptes.md").read_text("utf-8").splitlines()
    told = [_cells(line)[1:] for line in lines if f"(`{action}`)" in line]
    assert told == [["oui" if role in PERMISSIONS[action] else "—" for role in PRACTICE_ROLES]]


def test_manual_says_what_each_table_keeps() -> None:
    ours = {one.__name__ for one in apps.get_models() if one.__module__.startswith("quenotte.")}
    lines = (MANUAL / "confidentialite.md").read_text("utf-8").splitlines()
    rows = [_cells(line) for line in lines if re.match(r"\| .+ \(`\w+`\)", line)]
    assert {row[0].rpartition("`")[0].rpartition("`")[2] for row in rows} == ours
    assert all(len(row) == 4 and all(row) for row in rows)


def test_manual_lists_what_the_worker_does_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schedule, "_registry", {})
    clock.register()
    lines = (MANUAL / "taches.md").read_text("utf-8").splitlines()
    told = {re.split(r"\s[:(]", _cells(line)[0])[0] for line in lines if line.startswith("|")}
    assert {str(one.job.label) for one in schedule.registered()} - told == set()


def test_links_lead_to_headings() -> None:
    for page in MANUAL.glob("*.md"):
        for target, anchor in _LINK.findall(page.read_text("utf-8")):
            assert anchor in _slugs(target or page.name), f"{page.name}: {target}#{anchor}"


def _refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for child in kind.__subclasses__():
        yield from _refusals(child)
        if child.__module__.startswith("quenotte.") and str(child.message):
            yield child


def test_manual_explains_each_refusal() -> None:
    for room in ("base", "care", "devices", "exchange", "office", "upkeep"):
        for module in walk_packages([str(PACKAGE / room)], f"quenotte.{room}."):
            if ".migrations" not in module.name:
                import_module(module.name)
    told = (MANUAL / "pannes.md").read_text("utf-8").replace("\u00a0", " ")
    messages = {str(refusal.message).replace("\u00a0", " ") for refusal in _refusals()}
    # The first clause is enough to find the line.
    silent = {text for text in messages if re.split(r"[.:(,]", text)[0].strip() not in told}
    assert messages
    assert silent == set()
