"""A fixed sentence is translated once a language; everything else as Django does."""

from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from quenotte.web.sentences import FixedSentence


def drawn(text: str, **context: Any) -> str:
    return Template("{% load i18n %}" + text).render(Context(context))


def test_fixed_sentence_follows_the_language() -> None:
    template = Template('{% load i18n %}{% translate "Dents" %}')
    with translation.override("fr"):
        assert template.render(Context()) == "Dents"
    with translation.override("en"):
        assert template.render(Context()) == "Teeth"
    with translation.override("fr"):
        assert template.render(Context()) == "Dents"


def test_it_is_kept_as_a_variable_when_asked() -> None:
    assert drawn('{% translate "Dents" as title %}[{{ title }}]') == "[Dents]"


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ('{% translate "Dents"|upper %}', {}, "DENTS"),
        ("{% translate what %}", {"what": "Dents"}, "Dents"),
        ("{% translate what %}", {"what": "<b>"}, "&lt;b&gt;"),
        ('{% translate "Dents" noop %}', {}, "Dents"),
        ('{% translate _("Dents") %}', {}, "Dents"),
        ('{% trans "100 %" %}', {}, "100 %"),
    ],
)
def test_what_is_not_fixed_is_drawn_each_time(
    text: str, context: dict[str, Any], expected: str
) -> None:
    assert drawn(text, **context) == expected


def test_only_sentences_in_quotes_are_kept() -> None:
    def kinds(text: str) -> list[bool]:
        nodes = Template("{% load i18n %}" + text).nodelist
        return [isinstance(node, FixedSentence) for node in nodes][1:]

    assert kinds('{% translate "Dents" %}{% translate what %}') == [True, False]
    assert kinds('{% translate "Dents" context "a" %}{% translate "Dents"|upper %}') == [False] * 2
