"""Each French text of the code has its English one, and French stays as it was written.

The pages' texts are in the domain « django », those of the islands in « djangojs ».
"""

import ast
import functools
import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.pofile import read_po
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

import quenotte

PACKAGE = Path(quenotte.__file__).parent
CATALOGUES = PACKAGE / "locale" / "en" / "LC_MESSAGES"
ISLANDS = PACKAGE.parent / "islands"
DOMAINS: Final = ("django", "djangojs")

#: The names that `makemessages` looks for; a text under another name is never collected.
KEYWORDS: Final = (
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
)
#: What French cannot do without, in a string of an island that nothing translates.
_UNTOLD: Final = re.compile(r"""(?<!gettext\()(["`])[^"`\n]*[àâçèéêëîïôùûœÀÇÈÉÊŒ’«][^"`\n]*\1""")
_COMMENT: Final = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
_PLACE: Final = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def _sources() -> Iterator[tuple[Path, bytes]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, path.read_bytes()
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        code = templatize(path.read_text("utf-8"), origin=str(path))
        # A template's indents mean nothing, and would be no Python.
        yield path, "\n".join(line.strip() for line in code.splitlines()).encode()


def _extracted(source: bytes) -> Iterator[tuple[int, str, object]]:
    # Babel's types forget that the name of the function comes second.
    found: Iterator[Any] = extract_python(BytesIO(source), dict.fromkeys(KEYWORDS), [], {})
    for line, name, text, _comments in found:
        yield line, name, text


@functools.cache
def _extracted_of_all() -> list[tuple[Path, int, str, object]]:
    """Return every text of the code: to find them takes longer than all that is asked of them."""
    return [(path, *found) for path, source in _sources() for found in _extracted(source)]


def _strings(text: object) -> tuple[str, ...]:
    """Return the words of a text: alone, or with its plural or its context."""
    if isinstance(text, tuple | list):
        return tuple(text)
    return (text,) if isinstance(text, str) else ()


def _islands() -> Iterator[Path]:
    return (path for path in sorted(ISLANDS.rglob("*.ts")) if ".test." not in path.name)


def _untold(code: str) -> list[str]:
    code = re.sub(r"gettext\(\s+", "gettext(", _COMMENT.sub("", code))
    return [found.group() for found in _UNTOLD.finditer(code)]


def _texts_of_islands() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in _islands():
        texts: Iterator[Any] = extract_javascript(
            BytesIO(path.read_bytes()), {"gettext": None}, [], {"encoding": "utf-8"}
        )
        for line, _name, text, _comments in texts:
            if words := _strings(text):
                found.setdefault(words[0], f"{path.relative_to(ISLANDS)}:{line}")
    return found


def _texts() -> dict[str, str]:
    """Return where each text of the code is first found."""
    found: dict[str, str] = {}
    for path, line, name, text in _extracted_of_all():
        words = _strings(text) or ("",)
        # The first word of `pgettext` and `npgettext` is a context.
        first = words[1] if "pgettext" in name else words[0]
        if first:
            found.setdefault(first, f"{path.relative_to(PACKAGE)}:{line}")
    return found


@pytest.fixture(scope="module", params=DOMAINS)
def domain(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def texts(domain: str) -> dict[str, str]:
    return _texts() if domain == "django" else _texts_of_islands()


@pytest.fixture(scope="module")
def catalogue(domain: str) -> Catalog:
    with (CATALOGUES / f"{domain}.po").open("rb") as lines:
        return read_po(lines, abort_invalid=True)


def _singular(message: Message) -> str:
    return next(iter(_strings(message.id)), "")


def _forms(message: Message) -> tuple[str, ...]:
    return _strings(message.string)


def test_each_text_has_its_english(texts: dict[str, str], catalogue: Catalog) -> None:
    assert len(texts) > 90
    translated = {
        _singular(message) for message in catalogue if not message.fuzzy and all(_forms(message))
    }
    missing = [f"{where}: {text}" for text, where in texts.items() if text not in translated]
    assert missing == [], "run `make messages`, then translate what is empty"


def test_english_has_nothing_that_the_code_lost(texts: dict[str, str], catalogue: Catalog) -> None:
    assert {_singular(message) for message in catalogue if message.id} - texts.keys() == set()


def test_english_keeps_the_places_of_the_french(catalogue: Catalog) -> None:
    for message in catalogue:
        if not message.id:
            continue
        french = Counter(_PLACE.findall(_singular(message)))
        for form in _forms(message):
            assert Counter(_PLACE.findall(form)) == french, message.id


def test_no_other_catalogue_changes_our_french(texts: dict[str, str]) -> None:
    """« Note » is English too: Django's own catalogue made « Remarque » of it."""
    # A context of ours is in no other catalogue.
    own = {
        _strings(text)[1] for _path, _line, name, text in _extracted_of_all() if "pgettext" in name
    }
    with override("fr"):
        changed = {text: gettext(text) for text in texts.keys() - own if gettext(text) != text}
    assert changed == {}


def test_islands_say_nothing_that_is_not_collected() -> None:
    untold = {
        path.name: found for path in _islands() if (found := _untold(path.read_text("utf-8")))
    }
    assert untold == {}
    assert _untold('toast("Rien n’est perdu");\n// « Un commentaire »\n') == ['"Rien n’est perdu"']


def test_texts_are_marked_by_the_names_that_are_collected() -> None:
    sources = [path for path in PACKAGE.rglob("*.py") if b"gettext" in path.read_bytes()]
    assert len(sources) > 100
    for path in sources:
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                for name in node.names:
                    if "gettext" in name.name:
                        assert (name.asname or name.name) in KEYWORDS, path
