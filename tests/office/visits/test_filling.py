"""A template speaks of one act: its tooth and its words go together."""

from html import unescape

import pytest

from quenotte.office.visits import filling, operations, queries, rules
from quenotte.office.visits.models import Visit
from tests.factories import ActFactory, NoteTemplateFactory, VisitActFactory
from tests.office.visits.test_amending import call, visit
from tests.office.visits.views import FRAGMENT, page, url

__all__ = ["visit"]

FILLED = "Dent 26 : Obturation 3 faces et plus, prémolaire ou molaire MOD."


@pytest.fixture
def done(visit):
    """A crown on 46 and a composite on 26, done in one visit."""
    ActFactory.create(practice=visit.practice, code="HBMD038", words="composite soin carie")
    crown = VisitActFactory.create(
        visit=visit, code="HBLD734", label="Couronne céramo-métallique, molaire", teeth="46"
    )
    composite = VisitActFactory.create(
        visit=visit, code="HBMD038", label="Obturation 3 faces et plus, prémolaire ou molaire",
        teeth="26", surfaces="MOD",
    )  # fmt: skip
    return crown, composite


@pytest.mark.parametrize(
    ("name", "told", "is_about"),
    [
        ("Composite", "Obturation 1 face composite soin carie", True),
        ("Couronne, empreinte", "Couronne métallique cc", True),
        ("Détartrage", "detartrage et polissage", True),
        ("Composite", "Couronne métallique", False),
        ("Ma note", "note", False),
    ],
)
def test_template_of_an_act_by_its_name(name, told, is_about):
    assert rules.is_about(name, told) is is_about


def _template(practice, name, text="Dent {dent} : {acte}."):
    return NoteTemplateFactory.create(practice=practice, name=name, text=text)


def _use(client, visit, template, act=None, **headers):
    chosen = f"{template.id} {act.id}" if act else str(template.id)
    seen = Visit.objects.get().note_version
    data = {"modele": chosen, "text": Visit.objects.get().note_text, "version": seen}
    return client.post(url("use_template", visit), data, **headers)


def test_of_several_acts_the_template_takes_the_one_whose_name_it_bears(
    alice, visit, practice, done, client_of
):
    client = client_of(alice)
    _use(client, visit, _template(practice, "Composite"), headers=FRAGMENT)
    assert Visit.objects.get().note_text == FILLED
    crown = _template(practice, "Couronne, empreinte", "Dent {dent} : préparation.")
    _use(client, visit, crown, headers=FRAGMENT)
    assert Visit.objects.get().note_text == f"{FILLED}\nDent 46 : préparation."


def test_of_several_acts_that_it_may_mean_it_asks(alice, visit, practice, done, client_of):
    client, template = client_of(alice), _template(practice, "Ma phrase")
    data = {"modele": template.id, "text": "Vu.", "version": "1"}
    asked = page(client.post(url("use_template", visit), data, headers=FRAGMENT))
    assert "« Ma phrase » : pour quel acte ?" in asked
    # What was typed is kept; nothing is written of an act that nobody chose.
    assert Visit.objects.get().note_text == "Vu."
    for act in done:
        assert f'value="{template.id} {act.id}"' in asked
    assert "pour quel acte" not in page(_use(client, visit, template, done[1], headers=FRAGMENT))
    assert Visit.objects.get().note_text == f"Vu.\n{FILLED}"
    # Without a script the page itself asks.
    shown = page(_use(client, visit, template, follow=True))
    assert "« Ma phrase » : pour quel acte ?" in shown


def test_nothing_is_asked_when_every_act_gives_the_same_words(visit, practice, done):
    shown = queries.shown(visit)
    for text in ("Teinte {teinte}.", "Fait : {actes}. {anesthesique}"):
        assert len(filling.meant(_template(practice, text, text), shown)) == 1
    both = queries.shown(visit)
    for act in both.acts:
        act.teeth = "26"
    assert len(filling.meant(_template(practice, "Un", "Dent {dent}."), both)) == 1


def test_page_knows_the_anaesthetic_once_it_is_noted(alice, visit, client_of):
    client = client_of(alice)
    assert '{"anesthesique": ""}' in page(client.get(url("visit", visit)))
    call(operations.give_anaesthetic, alice, visit, code="articaine_200", quarters=4)
    shown = page(client.get(url("visit", visit), headers=FRAGMENT))
    words = "Articaïne 4 % adrénaline 1/200 000, 1 cartouche, 68 mg"
    assert f'data-places-known="{{"anesthesique": "{words}"}}"' in unescape(shown)
