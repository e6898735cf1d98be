"""Views, panels and templates translate; they do not ask the database."""

import re
from pathlib import Path

import pytest

import quenotte

PACKAGE = Path(quenotte.__file__).parent
THIN = sorted(
    path
    for pattern in ("views.py", "panels.py", "forms.py", "urls.py")
    for path in PACKAGE.rglob(pattern)
)
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))


@pytest.mark.parametrize("path", THIN, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_page_code_asks_no_manager(path: Path) -> None:
    assert ".objects" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_template_asks_no_manager(path: Path) -> None:
    assert not re.search(r"\.(objects|all|filter)\b(?!\s*=)", path.read_text("utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_template_has_nothing_inline(path: Path) -> None:
    """The content security policy would silently drop it."""
    text = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=[\"']", text)
