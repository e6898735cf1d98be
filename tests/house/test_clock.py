"""A time of day is written in one way for people: « 10 h 14 »."""

import re
from pathlib import Path

import pytest

import quenotte

PACKAGE = Path(quenotte.__file__).parent
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
#: ``10:14``, but for what a form or a script reads.
_OTHER_WAY = re.compile(r"""(?<!\\T)\b[HG]:i\b""")
_READ_BY_A_FORM = re.compile(r"""(value|data-[a-z-]+)="{{ [\w.]+\|(date|time):"H:i" }}\"""")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_template_writes_a_time_of_day_with_a_colon(path: Path) -> None:
    text = _READ_BY_A_FORM.sub("", path.read_text(encoding="utf-8"))
    # Write « G \h i » instead.
    assert not _OTHER_WAY.findall(text)


def test_no_date_format_of_python_writes_it_with_a_colon() -> None:
    found = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"""date_format\(.*[HG]:i""", path.read_text(encoding="utf-8"))
    ]
    assert found == []
