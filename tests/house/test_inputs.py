"""Several people use one browser: each field that is written by hand says what it may remember."""

import re
from pathlib import Path

import quenotte

_INSIDE = r"(?:\{%.*?%\}|\{\{.*?\}\}|[^>{])*"
_INPUT = re.compile(rf"<input\b({_INSIDE})>", re.DOTALL)
_TYPED = re.compile(r'\btype="(?:text|tel|email|number|url|search)"')


def test_no_field_leaves_what_is_typed_to_the_browser() -> None:
    folders = sorted(Path(quenotte.__file__).parent.glob("*/templates"))
    silent = [
        f"{file.name}: {found[:80]}"
        for folder in folders
        for file in sorted(folder.rglob("*.html"))
        for found in _INPUT.findall(file.read_text())
        if _TYPED.search(found) and "autocomplete=" not in found
    ]
    assert folders
    assert silent == []
