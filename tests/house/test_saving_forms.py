"""A form that saves itself holds no button whose name or address could leave with a save.

htmx adds the name of the button that holds the focus to each request of its form, and sends it to
the ``formaction`` of that button: nobody has to press it.
"""

import re
from pathlib import Path

import quenotte

_INSIDE = r"(?:\{%.*?%\}|\{\{.*?\}\}|[^>{])*"
_FORM = re.compile(rf"<form\b({_INSIDE})>(.*?)</form>", re.DOTALL)
_INCLUDE = re.compile(r'\{% include "([^"]+)"[^%]*%\}')
_BUTTON = re.compile(rf"<button\b({_INSIDE})>|\{{% button ((?:(?!%\}}).)*)%\}}", re.DOTALL)
_LEAVES = re.compile(r"\b(?:name|formaction|formmethod)=")
_BY_ITSELF = re.compile(r'hx-trigger="[^"]*\b(?:change|input|keyup|blur)\b')


def _folders():
    return sorted(Path(quenotte.__file__).parent.glob("*/templates"))


def _whole(text, depth=0):
    """Return a template with what it includes; a name that is computed stays as it is."""

    def found(match):
        for folder in _folders():
            if depth < 6 and (file := folder / match[1]).is_file():
                return _whole(file.read_text(), depth + 1)
        return ""

    return _INCLUDE.sub(found, text)


def saving_forms():
    """Yield the file and the inside of each form that sends itself without a button."""
    for folder in _folders():
        for file in sorted(folder.rglob("*.html")):
            for opening, inside in _FORM.findall(_whole(file.read_text())):
                if _BY_ITSELF.search(opening):
                    yield file.name, inside


def leaving(inside):
    """Return the buttons of a form that could leave with a save."""
    found = ("".join(pair) for pair in _BUTTON.findall(inside))
    return [attributes for attributes in found if _LEAVES.search(attributes)]


def test_no_button_leaves_with_a_form_that_saves_itself():
    forms = list(saving_forms())
    assert {"_letter.html", "_editor.html", "fill.html", "section.html"} <= {
        one for one, _ in forms
    }
    assert [(name, leaving(inside)) for name, inside in forms if leaving(inside)] == []


def test_the_buttons_that_would_leave_are_seen():
    assert leaving('<button class="a" name="emettre" value="1">x</button>')
    assert leaving('<button formaction="{% link "a:b" c.id %}">x</button>')
    assert leaving("{% button text name=field type='submit' %}")
    assert not leaving('<button type="button" hx-post="{% link "a:b" c.id %}">x</button>')
