"""Pages of the catalogue: who sees and changes what, and what a browser gets."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.office.catalogue import jobs, operations
from quenotte.office.catalogue.models import (
    Act,
    CatalogueImport,
    Check,
    Favourite,
    Fee,
    Macro,
    Rate,
)
from tests.care.people import actor as actor_of
from tests.office.catalogue import files

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ROOT = "/cabinet/actes/"
ClientOf = Callable[[Person], Client]


@pytest.mark.parametrize(
    ("address", "shown", "hidden"),
    [
        ("", "Consultation", "Aucun acte"),
        ("?q=couronne+16", "16 : molaire", "HBLD350"),
        ("?q=zzz", "Aucun acte pour", "HBJD001"),
        ("?famille=crown", "HBLD073", "HBJD001"),
        ("?famille=favoris", "Aucun favori", "HBJD001"),
        ("?famille=masques", "Aucun acte ici", "HBJD001"),
        ("?famille=bizarre&page=2", "HBFD", "Aucun acte"),
        ("acte/HBLD073/", "Modificateurs|Honoraires du cabinet", "Notes de facturation"),
        ("acte/C/", "NGAP", "officiel paraît"),
        ("acte/TO90/", "n’a pas pu être vérifié", ""),
        ("acte/LBLD015/", "maladie rare", ""),
        ("acte/HBJA003/", "longue durée", ""),
        ("enchainements/", "HBLD073", ""),
        ("regles/", "Deux détartrages", ""),
        ("ccam/", "Lire ce fichier", ""),
    ],
)
def test_pages_show_the_catalogue(
    shelves: Practice, alice: Person, client_of: ClientOf, address: str, shown: str, hidden: str
) -> None:
    text = client_of(alice).get(ROOT + address).content.decode()

    assert any(words in text for words in shown.split("|"))
    assert not hidden or hidden not in text


def test_list_alone_is_what_htmx_asks(
    shelves: Practice, alice: Person, client_of: ClientOf
) -> None:
    text = client_of(alice).get(f"{ROOT}?q=detart", headers=HTMX).content.decode()

    assert text.lstrip().startswith('<div id="actes"')
    assert "HBJD001" in text


def test_fee_is_changed_in_place_and_taken_back(
    shelves: Practice, alice: Person, client_of: ClientOf
) -> None:
    client, address = client_of(alice), f"{ROOT}acte/HBLD073/honoraires/"
    assert client.get(address).status_code == 302
    assert 'name="fee"' in client.get(address, headers=HTMX).content.decode()
    assert "à fixer" in client.get(f"{address}?fermer", headers=HTMX).content.decode()

    wrong = client.post(address, {"fee": "beaucoup"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "ne se lit pas" in json.loads(wrong["HX-Trigger"])["toast"]["text"]
    assert client.post(address, {"fee": "999999"}, headers=HTMX).status_code == 422
    answer = client.post(address, {"fee": "440"}, headers=HTMX)
    assert "440,00\u00a0€" in answer.content.decode()
    undo = json.loads(answer["HX-Trigger"])["toast"]["undoUrl"]
    assert "HX-Trigger" not in client.post(address, {"fee": "440"}, headers=HTMX).headers

    back = client.post(undo, headers=HTMX)

    assert json.loads(back["HX-Trigger"])["acts"] is True
    assert Fee.objects.get().fee_cents is None
    again = f"{urlsplit(undo).path}?honoraires=abc"
    assert client.post(again, headers=HTMX).status_code == 404
    assert (
        client.post(f"{ROOT}acte/XXXX001/honoraires/", {"fee": "1"}, headers=HTMX).status_code
        == 404
    )


def test_act_is_described_and_dated(shelves: Practice, alice: Person, client_of: ClientOf) -> None:
    client, address = client_of(alice), f"{ROOT}acte/HBJD001/"
    assert client.post(address, {"label": ""}).status_code == 422
    assert client.post(address, {"label": "Détartrage", "minutes": "25"}).status_code == 302
    for tail, values in (
        ("honoraires/date/", {"fee": "45", "on": "01/04/2026"}),
        ("honoraires/date/", {"fee": "abc"}),
        ("tarif/", {"tariff": "30", "ceiling": "50", "worth_on": "01/05/2026"}),
        ("tarif/", {"tariff": "30"}),
    ):
        assert client.post(address + tail, values).status_code == 302

    act = Act.objects.get(practice=shelves, code="HBJD001")
    assert (act.own_label, act.own_minutes) == ("Détartrage", 25)
    assert [(one.from_on.month, one.fee_cents) for one in act.fees.all()] == [(4, 4500)]
    assert [one.tariff_cents for one in act.versions.all()] == [3000, 2892]
    text = client.get(address).content.decode()
    assert "à venir" in text
    assert "à partir du 01/04/2026" in text


def test_star_is_mine_or_everybodys(
    shelves: Practice, alice: Person, sarah: Person, client_of: ClientOf
) -> None:
    address = f"{ROOT}acte/HBJD001/favori/"
    answer = client_of(sarah).post(address, {"favori": "oui"}, headers=HTMX)
    assert 'aria-pressed="true"' in answer.content.decode()
    # A secretary does not choose for everybody: the star becomes hers.
    client_of(sarah).post(address, {"favori": "oui", "pour": "cabinet"}, headers=HTMX)
    assert client_of(alice).post(address, {"favori": "oui", "pour": "cabinet"}).status_code == 302

    assert set(Favourite.objects.values_list("person_id", flat=True)) == {sarah.id, None}
    assert "HBJD001" in client_of(alice).get(f"{ROOT}?famille=favoris").content.decode()


def test_macros_are_written_moved_and_put_back(
    shelves: Practice, alice: Person, sarah: Person, client_of: ClientOf
) -> None:
    client, address = client_of(alice), f"{ROOT}enchainements/"
    assert client_of(sarah).post(address, {"name": "X", "lines": "C"}).status_code == 404
    for lines in ("", "C\nzzz"):
        assert client.post(address, {"name": "Contrôle", "lines": lines}).status_code == 422
    values = {"name": "Contrôle", "lines": " C \n\ncouronne  zircone"}
    assert client.post(address, values).status_code == 302
    assert client.post(address, values).status_code == 422
    macro = Macro.objects.get(name="Contrôle")
    assert macro.lines == ["C", "couronne zircone"]
    mine = f"{address}{macro.id}/"
    assert client.get(mine).status_code == 200
    assert client.post(mine, {"name": "Contrôle", "lines": "C"}).status_code == 302
    assert client.post(f"{mine}ordre/", {"step": "up"}).status_code == 302

    gone = client.post(f"{mine}retrait/", headers=HTMX)
    undo = json.loads(gone["HX-Trigger"])["toast"]["undoUrl"]
    assert client.get(mine).status_code == 404
    assert client.post(undo, headers=HTMX)["HX-Redirect"] == address
    for bad in ("?nom=X&actes=[", "?nom=X&actes=5", "?nom=&actes=[]"):
        assert client.post(f"{address}retour/{bad}").status_code == 404
    macro = Macro.objects.get(name="Contrôle")
    assert client.post(f"{address}{macro.id}/retrait/").status_code == 302


def test_rules_and_rates_are_written(shelves: Practice, alice: Person, client_of: ClientOf) -> None:
    client, address = client_of(alice), f"{ROOT}regles/"
    values = {
        "kind": "together", "codes": "hbqk002, HBQK*", "others": "", "times": "1", "months": "0",
        "reason": "Chez nous.", "source": "Cabinet", "is_active": "on",
    }  # fmt: skip
    assert client.get(f"{address}nouvelle/").status_code == 200
    assert client.post(f"{address}nouvelle/", values).status_code == 422
    assert client.post(f"{address}nouvelle/", values | {"others": "é!"}).status_code == 422
    assert client.post(f"{address}nouvelle/", values | {"others": "C"}).status_code == 302
    check = Check.objects.get(reason="Chez nous.")
    assert check.codes == "HBQK002 HBQK*"
    mine = f"{address}{check.id}/"
    assert client.get(mine).status_code == 200
    assert client.post(mine, values | {"others": "C", "times": "2"}).status_code == 302
    assert client.post(f"{mine}etat/", {"active": "non"}).status_code == 302
    assert "Éteinte" in client.get(address).content.decode()
    assert client.post(f"{mine}etat/", {"active": "oui"}).status_code == 302
    assert client.post(f"{mine}retrait/").status_code == 302
    assert client.get(mine).status_code == 404
    shipped = Check.objects.exclude(key="").first()
    assert shipped
    text = client.post(f"{address}{shipped.id}/retrait/", follow=True).content.decode()
    assert "désactivez-la" in text

    share, amount = (Rate.objects.get(practice=shelves, key=key) for key in ("N", "F"))
    for rate, name, typed in ((share, "percent", "16,2"), (amount, "amount", "20")):
        where = f"{ROOT}taux/{rate.id}/"
        assert client.post(where, {f"{rate.id}-{name}": typed}).status_code == 302
        assert client.post(where, {f"{rate.id}-{name}": ""}).status_code == 302
        rate.refresh_from_db()
    assert (share.permille, amount.amount_cents) == (162, 2000)
    assert client.post(f"{ROOT}taux/{check.id}/").status_code == 404


def test_official_file_is_brought_and_agreed_to(
    shelves: Practice, alice: Person, client_of: ClientOf, folder: Path
) -> None:
    client, address = client_of(alice), f"{ROOT}ccam/"
    wrong = client.post(address, {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7" + b"x" * 50)})
    assert (wrong.status_code, client.post(address).status_code) == (422, 422)
    codes = [f"HBZZ{number:03}" for number in range(160)]
    text = files.table([*files.acts(codes), ("HBJD001", "Détartrage", 29.5, "AXI", "")])
    answer = client.post(address, {"file": SimpleUploadedFile("ccam.csv", text.encode())})
    source = CatalogueImport.objects.get()
    assert answer["Location"] == f"{address}{source.id}/"
    assert "every 1s" in client.get(answer["Location"]).content.decode()

    jobs.read(import_id=str(source.id))
    text = client.get(answer["Location"], headers=HTMX).content.decode()
    assert "Appliquer au catalogue" in text
    assert "29,50\u00a0€" in text
    assert client.post(f"{address}{source.id}/appliquer/").status_code == 302
    jobs.apply(import_id=str(source.id))
    assert "est à jour" in client.get(answer["Location"]).content.decode()
    assert "version 82" in client.get(ROOT).content.decode()
    assert client.post(f"{address}{source.id}/abandon/").status_code == 302
    assert "ccam.csv" in client.get(address).content.decode()
    stranger = f"{address}{shelves.id}/"
    assert client.get(stranger).status_code == 404


def test_stranger_and_others_find_nothing(
    shelves: Practice, sarah: Person, marc: Person, chloe: Person, client_of: ClientOf
) -> None:
    operations.load(chloe.practice_id)
    operations.set_fee(
        actor=actor_of(chloe),
        code="HBJD001",
        cents=777,
        on=date(2026, 1, 1),
    )
    macro, check = (
        Macro.objects.filter(practice=shelves)[0],
        Check.objects.filter(practice=shelves)[0],
    )
    stranger = client_of(chloe)
    for mine in (f"enchainements/{macro.id}/", f"regles/{check.id}/"):
        assert stranger.get(ROOT + mine).status_code == 404
    assert stranger.post(f"{ROOT}enchainements/{macro.id}/retrait/").status_code == 404
    assert client_of(marc).get(ROOT).status_code == 403
    secretary = client_of(sarah)
    text = secretary.get(ROOT).content.decode()
    assert "28,92" in text or "23,00" in text
    assert "7,77" not in text
    assert "modifier" not in text
    assert secretary.get(f"{ROOT}regles/").status_code == 200
    assert secretary.post(f"{ROOT}acte/HBJD001/", {"label": "X"}).status_code == 404
    assert secretary.get(f"{ROOT}ccam/").status_code == 403
    assert secretary.get(f"{ROOT}acte/XXXX001/").status_code == 404
    assert secretary.get(f"{ROOT}acte/HBJD001/favori/").status_code == 405
