"""Our `format_html` draws what Django's draws."""

from typing import Any
from uuid import UUID

import pytest
from django.utils.html import format_html as format_html_of_django
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from quenotte.web.html import format_html, joined


class Drawn:
    """Something that says itself how it is drawn."""

    def __html__(self) -> str:
        return "<i>x</i>"


@pytest.mark.parametrize(
    "value",
    [
        "",
        """L’<b>"O'Hara"</b> & Cie {}""",
        mark_safe("<b>x</b>"),
        gettext_lazy("Journal"),
        Drawn(),
        42,
        True,
        None,
        2.5,
        UUID(int=7),
        ["<x>"],
    ],
)
def test_value_is_escaped_as_django_escapes_it(value: Any) -> None:
    drawn = format_html('<p title="{}">{}</p>', value, value)

    assert drawn == format_html_of_django('<p title="{}">{}</p>', value, value)
    assert type(drawn) is SafeString


def test_form_that_was_filled_before_is_refused() -> None:
    without_values = ["<p>already filled</p>"]

    with pytest.raises(TypeError):
        format_html(*without_values)


def test_pieces_stay_markup() -> None:
    assert format_html("<ul>{}</ul>", joined([mark_safe("<li>"), mark_safe("</li>")])) == (
        "<ul><li></li></ul>"
    )
