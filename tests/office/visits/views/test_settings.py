"""What a practice describes for its visits."""

from dataclasses import asdict
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from quenotte.office.visits import queries
from quenotte.office.visits.models import AnaestheticProduct, NoteTemplate
from tests.office.visits.views import page


@pytest.mark.parametrize("name", ["visits:templates", "visits:anaesthetics"])
def test_settings_stand_among_the_parts_of_the_practice(alice, client_of, name):
    shown = page(client_of(alice).get(reverse(name)))
    assert f'<a href="{reverse("visits:templates")}" aria-current="page">' in shown
    assert f'<a href="{reverse("practice:cabinet")}">' in shown


def test_settings_of_the_practice(alice, client_of, chloe):
    client = client_of(alice)
    there = reverse("visits:templates")
    client.post(reverse("visits:usual_templates"))
    data = {"name": "Mien", "text": "Dent {dent}", "is_active": "on"}
    client.post(there, data)
    mine = NoteTemplate.objects.get(name="Mien")
    assert client.post(there, data).status_code == 422
    one = reverse("visits:template", args=[mine.id])
    assert "changé entre-temps" in page(client.post(one, {**data, "text": "Perdu"}))
    client.post(one, {**data, "text": "Autre", "version": "1"})
    assert NoteTemplate.objects.get(name="Mien").text == "Autre"
    assert client.post(one, {"name": ""}).status_code == 422
    assert client_of(chloe).get(one).status_code == 404
    product = reverse("visits:anaesthetic", args=["mepivacaine"])
    assert "Mépivacaïne" in page(client.get(product))
    figures = {"name": "Mépi", "mg_per_ml": 30, "cartridge_ul": 1800, "most_ug_per_kg": 3000,
               "child_ug_per_kg": 3000, "most_mg": 200, "source": "RCP", "from_years": 4,
               "from_kg": 20}  # fmt: skip
    assert client.post(product, {**figures, "most_mg": 0}).status_code == 422
    client.post(product, figures)
    assert "changé entre-temps" in page(client.post(product, figures))
    assert AnaestheticProduct.objects.get().is_active is False
    assert "plus proposé" in page(client.get(reverse("visits:anaesthetics")))
    assert client.get(reverse("visits:anaesthetic", args=["inconnu"])).status_code == 404


def test_each_product_that_is_described_is_one_of_its_own(alice, client_of):
    client, new = client_of(alice), reverse("visits:anaesthetic", args=["nouveau"])
    figures = {"mg_per_ml": 30, "cartridge_ul": 1800, "most_ug_per_kg": 3000, "most_mg": 200,
               "child_ug_per_kg": 3000, "source": "RCP", "from_years": 4, "from_kg": 20,
               "is_active": "on"}  # fmt: skip
    for name, status in (("Prilo", 302), ("Bupi", 302), ("prilo ", 422)):
        key = client.get(new).context["key"]
        data = {**figures, "name": name, "cle": key}
        assert client.post(new, data).status_code == status
        # Sent twice, it is one.
        assert client.post(new, data).status_code == 422
    rows = AnaestheticProduct.objects.order_by("name")
    assert [one.name for one in rows] == ["Bupi", "Prilo"]
    for one in rows:
        assert one.name in page(client.get(reverse("visits:anaesthetic", args=[one.code])))


@pytest.mark.django_db
def test_shipped_minimums_reach_a_practice_with_its_own_figures_and_are_said(alice, client_of):
    figures = asdict(queries.anaesthetics(alice.practice_id)[0])
    own = {**figures, "from_years": 0, "from_kg": 0, "most_mg": 400}
    AnaestheticProduct.objects.create(practice_id=alice.practice_id, **own)
    there = reverse("visits:anaesthetics")
    shown = page(client_of(alice).get(there))
    assert "maximum (mg) : 500, âge minimal (ans) : 4, poids minimal (kg) : 20" in shown
    AnaestheticProduct.objects.update(from_kg=15)
    import_module("quenotte.office.migrations.0004_shipped_minimums").fill(apps, None)
    kept = AnaestheticProduct.objects.get()
    assert (kept.from_years, kept.from_kg, kept.most_mg, kept.version) == (4, 15, 400, 2)
    code = figures["code"]
    shown = page(client_of(alice).get(reverse("visits:anaesthetic", args=[code])))
    assert "maximum (mg) : 500, poids minimal (kg) : 20. Les vôtres" in shown
