"""Each page of the practice belongs to a place of the left rail that exists."""

import re
from pathlib import Path

import quenotte
from quenotte.web.navigation import _items

_NAMED = re.compile(r'{% rail "([^"]+)" %}')


def test_pages_name_a_place_of_the_rail() -> None:
    root = Path(quenotte.__file__).parent
    pages = [page for page in root.rglob("*.html") if page.relative_to(root).parts[0] != "provider"]
    named = {(key, page.name) for page in pages for key in _NAMED.findall(page.read_text("utf-8"))}
    assert len(named) > 50
    assert {(key, name) for key, name in named if key not in _items} == set()
