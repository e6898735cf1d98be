"""The manual names every command and every setting."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import quenotte
from quenotte.config.cli import main

PACKAGE = Path(quenotte.__file__).parent
MANUAL = PACKAGE.parent / "docs" / "manual"


def _manual() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(MANUAL.glob("*.md")))


def _commands(group: click.Command, name: str = "quenotte") -> Iterator[str]:
    if not isinstance(group, click.Group):
        yield name
        return
    for key, command in group.commands.items():
        if not command.hidden:
            yield from _commands(command, f"{name} {key}")


def _settings() -> set[str]:
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        found |= set(re.findall(r"\bQUENOTTE_[A-Z0-9_]+\b", path.read_text("utf-8")))
    return found


@pytest.mark.parametrize("command", list(_commands(main)))
def test_command_is_in_the_manual(command: str) -> None:
    assert command in _manual()


@pytest.mark.parametrize("setting", sorted(_settings()))
def test_setting_is_in_the_manual(setting: str) -> None:
    assert setting in _manual()


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*MANUAL.glob("*.md"), *MANUAL.parent.glob("**/*.md")]:
        for target in re.findall(r"\]\((?!http|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
