"""``{% translate "…" %}`` as Django's, and a fixed sentence is translated once a language.

A page has some hundred and fifty of them; each would look for its words anew.
"""

from typing import Any

from django.template import Context
from django.template.base import Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate, register
from django.utils.translation import get_language


class FixedSentence(TranslateNode):
    """A sentence in quotes without filter: it depends on the language alone."""

    def __init__(self, node: Any) -> None:
        super().__init__(node.filter_expression, noop=False)
        self._name: str | None = node.asvar
        self._kept: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """Return the sentence in the language of this thread, or keep it as a variable."""
        language = get_language()
        text = self._kept.get(language)
        if text is None:
            text = self._kept[language] = super().render(context)
        if not self._name:
            return text
        context[self._name] = text
        return ""


def translate(parser: Parser, token: Token) -> TranslateNode:
    """Compile the tag as Django does, and keep what can be kept."""
    node = do_translate(parser, token)
    expression = node.filter_expression
    is_fixed = getattr(expression.var, "literal", None) is not None and not expression.filters
    if is_fixed and not node.noop and node.message_context is None:
        return FixedSentence(node)
    return node


def keep() -> None:
    """Put the tag in the place of Django's in its own library, which each template loads."""
    for name in ("translate", "trans"):
        register.tag(name, translate)
