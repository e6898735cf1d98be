"""A signature is strokes and nothing else, whatever a browser sends."""

import pytest

from quenotte.kernel import signatures
from quenotte.kernel.signatures import NotASignature, cleaned

_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120"'
_STROKE = '<path d="M10.0 20.0Q30.0 40.0 50.0 60.0L80.0 90.0"/>'
GOOD = f"{_HEAD}>{_STROKE}</svg>"


def test_strokes_are_written_anew() -> None:
    kept = cleaned(f'{_HEAD} width="300" height="120">{_STROKE}<path d="M1 1L2 2"/></svg>')

    assert kept.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120">')
    assert 'd="M10.0 20.0Q30.0 40.0 50.0 60.0L80.0 90.0"' in kept
    assert kept.count("<path") == 2


def _with(inner: str) -> str:
    return f"{_HEAD}>{inner}</svg>"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * (signatures.MAX_LENGTH + 1),
        "Jeanne Martin",
        "<html/>",
        f'{_HEAD} onload="alert(1)">{_STROKE}</svg>',
        f"{_HEAD} style='x'>{_STROKE}</svg>",
        f'<svg viewBox="0 0 300 120">{_STROKE}</svg>',
        _with(f"<script>alert(1)</script>{_STROKE}"),
        _with(f'<image href="https://voleur.example/x"/>{_STROKE}'),
        _with(f'<g>{_STROKE}</g>'),
        _with(f'<a href="javascript:alert(1)">{_STROKE}</a>'),
        _with(_STROKE.replace("/>", ' onclick="x"/>')),
        _with(_STROKE.replace("/>", ' style="fill:url(#x)"/>')),
        _with(_STROKE.replace("/>", ">x</path>")),
        _with(_STROKE.replace("/>", "><set/></path>")),
        _with('<path d="url(#x)"/>'),
        _with('<path d="M10 10L99999 10"/>'),
        _with("<path/>"),
        _with('<path d="M"/>'),
        _with('<path d="M10 10L12 12"/>'),
        _with(""),
        _with(_STROKE * (signatures.MAX_STROKES + 1)),
        f'<!DOCTYPE svg [<!ENTITY a "aaaa">]>{GOOD}',
        f'<?xml-stylesheet href="x.css"?><!DOCTYPE svg SYSTEM "file:///etc/passwd">{GOOD}',
        GOOD.replace("300 120", "300"),
        GOOD.replace("300 120", "0 120"),
        GOOD.replace("300 120", "99999 120"),
        GOOD.replace("300 120", "a b"),
        GOOD[:-5],
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotASignature):
        cleaned(text)


def test_what_is_kept_is_a_signature_again() -> None:
    assert signatures.drawn(["M10 10L90 90"], 300, 120) == cleaned(
        _with('<path d="M10 10L90 90"/>')
    )
