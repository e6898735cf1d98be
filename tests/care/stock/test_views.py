import html
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Draft
from quenotte.base.people.operations import save_draft
from quenotte.care.prosthetics.models import PlacedDevice
from quenotte.care.stock import operations, queries
from quenotte.care.stock.models import Article, Inventory, Lot, LotRecallNote, StockMovement
from quenotte.kernel.gs1 import Udi, check_digit
from quenotte.kernel.hibc import Udi as HibcUdi
from quenotte.kernel.hibc import check_character
from tests.care.people import actor
from tests.factories import (
    ArticleFactory,
    LaboratoryFactory,
    LotFactory,
    PatientFactory,
    PersonFactory,
    PlacedDeviceFactory,
    PouchFactory,
    PouchUseFactory,
    StockMovementFactory,
)

FRAGMENT = {"HX-Request": "true"}
GTIN = f"0376011000123{check_digit('0376011000123')}"
CODE = Udi(GTIN, "L42", "", date(2028, 1, 31)).shown


def url(name, *args):
    return reverse(f"stock:{name}", args=args)


def page(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def lot(alice):
    return StockMovementFactory.create(
        author=alice,
        lot__article__name="Articaïne",
        lot__article__category="anaesthetic",
        lot__article__gtin=GTIN,
        lot__number="L42",
        lot__expires_on=date(2028, 1, 31),
    ).lot


@pytest.fixture
def manager(practice):
    return PersonFactory.create(practice=practice, role="gestionnaire")


def toast(answer):
    return json.loads(answer["HX-Trigger"])["toast"]


def test_scan_uses_a_product_and_can_be_taken_back(bob, patient, lot, client_of):
    client = client_of(bob)
    answer = client.post(url("scan_for", patient.id), {"code": CODE}, headers=FRAGMENT)
    assert toast(answer)["level"] == "ok"
    shown = page(client.get(url("traceability", patient.id)))
    assert "Articaïne" in shown
    client.post(toast(answer)["undoUrl"], headers=FRAGMENT)
    assert queries.lot(bob.practice_id, lot.id).left == 10
    assert "Aucun produit noté" in page(client.get(url("traceability", patient.id)))


def test_box_in_the_hand_is_traced_whatever_the_ledger_says(bob, patient, lot, client_of):
    operations.use(actor=actor(bob), lot_id=lot.id, quantity=10)
    client, path = client_of(bob), url("scan_for", patient.id)
    answer = client.post(path, {"code": CODE}, headers=FRAGMENT)
    assert "Utiliser quand même" in page(client.get(answer["HX-Redirect"]))
    typed = {"lot": lot.id, "key": str(uuid4())}
    client.post(path, typed | {"reason": " "})
    assert not queries.used_for(bob.practice_id, patient.id)
    for _ in range(2):
        client.post(path, typed | {"reason": "Boîte en main"})
    assert len(queries.used_for(bob.practice_id, patient.id)) == 1
    rows = lot.movements.order_by("at").values_list("kind", "quantity")
    assert min(rows) == ("correction", 1)
    assert queries.lot(bob.practice_id, lot.id).left == 0
    Lot.objects.update(expires_on=date(2026, 3, 1))
    client.post(path, {"lot": lot.id, "key": str(uuid4()), "reason": "Boîte en main"})
    assert lot.movements.count() == 4


def test_scan_opens_a_pouch_for_the_patient(bob, patient, client_of):
    pouch = PouchFactory.create(cycle__operator=bob)
    client = client_of(bob)
    for level, words in (("ok", "rattaché à ce patient"), ("danger", "rien à refaire")):
        answer = client.post(url("scan_for", patient.id), {"code": pouch.code}, headers=FRAGMENT)
        assert (toast(answer)["level"], words in toast(answer)["text"]) == (level, True)
    answer = client.post(url("scan_for", patient.id), {"code": "ST0000000000"})
    assert answer.url == url("traceability", patient.id)
    assert "Aucun sachet ne porte ce code" in page(client.get(answer.url))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "Scannez une étiquette"),
        ("bonjour", "ni celui d’un sachet"),
        (CODE.replace("0131", "1331"), "date qui n’existe pas"),
        ("(01)03760110001230", "contrôle"),
    ],
)
def test_scan_that_says_nothing_sure_is_told(bob, patient, client_of, code, words):
    answer = client_of(bob).post(url("scan_for", patient.id), {"code": code}, headers=FRAGMENT)
    assert words in toast(answer)["text"]
    assert not StockMovement.objects.exists()


@pytest.mark.parametrize("category", ["implant", "unknown"])
def test_scan_of_an_implant_opens_its_form(bob, patient, lot, client_of, category):
    Article.objects.update(category="implant")
    if category == "unknown":
        Article.objects.update(gtin="")
    answer = client_of(bob).post(url("scan_for", patient.id), {"code": CODE}, headers=FRAGMENT)
    assert answer["HX-Redirect"].startswith(reverse("prosthetics:new_placed", args=[patient.id]))
    shown = page(client_of(bob).get(answer["HX-Redirect"]))
    assert ('value="L42"' in shown, "Articaïne" in shown) == (True, category == "implant")


def test_scan_without_a_patient_leads_to_a_page(bob, lot, client_of):
    client = client_of(bob)
    pouch = PouchFactory.create(cycle__operator=bob)
    other = Udi(GTIN, "L43", "", date(2029, 1, 31)).shown
    ways = {
        CODE: url("lot", lot.id),
        other: f"{url('article', lot.article_id)}?code={other}",
        pouch.code: f"{reverse('sterilisation:cycle', args=[pouch.cycle_id])}#{pouch.code}",
    }
    for code, expected in ways.items():
        assert client.post(url("scan"), {"code": code}).url == expected
    assert 'value="L43"' in page(client.get(ways[other]))
    Lot.objects.update(article=ArticleFactory.create(practice=bob.practice))
    Article.objects.filter(gtin=GTIN).update(gtin="")
    assert client.post(url("scan"), {"code": CODE}).url.startswith(url("new_article"))
    assert client.post(url("scan"), {"code": "ST0000000000"}).url == url("stock")
    assert f'value="{GTIN}"' in page(client.get(f"{url('new_article')}?code={CODE}"))
    assert client.get(f"{url('new_article')}?code=rien").status_code == 200


def test_hibc_is_read_where_a_gtin_is(bob, patient, lot, client_of):
    client, product = client_of(bob), "+Z901DIGUE151"
    whole = HibcUdi(product, "L9", "", date(2028, 1, 31)).shown
    begun = client.post(url("scan"), {"code": whole})
    assert begun.url.startswith(url("new_article"))
    assert f'value="{product}"' in page(client.get(begun.url))
    Article.objects.update(gtin=product)
    begun = client.post(url("scan"), {"code": whole})
    shown = page(client.get(begun.url))
    assert begun.url.startswith(url("article", lot.article_id))
    assert ('value="L9"' in shown, 'value="31/01/2028"' in shown) == (True, True)
    # A label of two codes: the second one waits for the first, on whichever page.
    first = HibcUdi(product).shown
    second = f"+$$3280131L42{first[-1]}"
    second += check_character(second)
    opened = client.post(url("scan"), {"code": first})
    assert f'data-first="{first}"' in page(client.get(opened.url))
    path = url("scan_for", patient.id)
    for code, words in (
        (first, "Lisez maintenant le second code"),
        (second, "lisez d’abord celui du produit"),
        (f"{first}\x1d{second}", "1 retiré du stock"),
        (f"{HibcUdi('+Z901AUTRE1').shown}\x1d{second}", "la même étiquette"),
        (first[:-1] + "%", "mal lu"),
    ):
        said = client.post(path, {"code": code}, headers=FRAGMENT)
        assert words in toast(said)["text"]
    assert queries.lot(bob.practice_id, lot.id).left == 9
    Article.objects.update(category="implant")
    answer = client.post(path, {"code": whole}, headers=FRAGMENT)
    form = page(client.get(answer["HX-Redirect"]))
    assert (f'value="{product}"' in form, 'value="L9"' in form) == (True, True)


def test_doubtful_code_is_compared_before_it_is_kept(manager, bob, patient, client_of):
    article = ArticleFactory.create(practice=bob.practice, gtin=GTIN, category="implant")
    glued = f"01{GTIN}10L4421S7"
    client = client_of(manager)
    answer = client.post(url("scan"), {"code": glued})
    assert "À vérifier" in page(client.get(answer.url))
    arrival = {"key": str(uuid4()), "number": "L44", "serial": "S7", "quantity": 1}
    refused = client.post(url("receive", article.id), arrival | {"doubt": "True"})
    assert "comparez le lot" in page(refused)
    assert not Lot.objects.exists()
    typed = {"kind": "implant", "name": "Conique", "tooth": "16", "gtin": GTIN, "doubt": "True"}
    surgeon = PersonFactory.create(practice=bob.practice, role="praticien")
    typed |= {"placed_on": "17/03/2026", "practitioner": str(surgeon.id)}
    typed |= {"lot_number": "L44", "serial": "S7"}
    client = client_of(bob)
    answer = client.post(url("scan_for", patient.id), {"code": glued})
    assert "À vérifier" in page(client.get(answer.url))
    assert client.post(answer.url, typed).status_code == 422
    assert client.post(answer.url, typed | {"compared": "on"}).status_code == 302
    assert PlacedDevice.objects.get().udi == Udi(GTIN, "L44", "S7").shown


def test_article_is_followed_and_filled(manager, client_of):
    client = client_of(manager)
    typed = {
        "name": "Sutures", "category": "single_use", "unit": "sachet", "gtin": GTIN[1:],
        "reorder_point": 5, "order_quantity": 10, "is_active": "on",
    }  # fmt: skip
    assert client.post(url("new_article"), typed | {"gtin": "1"}).status_code == 422
    answer = client.post(url("new_article"), typed)
    article = Article.objects.get()
    assert (answer.url, article.gtin) == (url("article", article.id), GTIN)
    assert client.post(url("new_article"), typed).status_code == 422
    arrival = {"key": str(uuid4()), "number": "L1", "expires_on": "31/01/2028", "quantity": 3}
    for _ in range(2):
        assert client.post(url("receive", article.id), arrival).status_code == 302
    assert queries.lines(manager.practice_id)[0].left == 3
    wrong = arrival | {"key": str(uuid4()), "expires_on": "31/01/2029"}
    assert "autre date de péremption" in page(client.post(url("receive", article.id), wrong))
    assert client.post(url("receive", article.id), {"quantity": 0}).status_code == 422
    saved = client.post(url("article", article.id), typed | {"name": "Fils", "version": 1})
    assert saved.status_code == 302
    stale = client.post(url("article", article.id), typed | {"version": 1})
    assert "modifié cet article entre-temps" in page(stale)
    assert "Fils" in page(client.get(url("order_list")))
    assert "Fils" in page(client.get(url("stock"), {"vue": "commande", "q": "fil"}))
    assert "ne correspond" in page(client.get(url("stock"), {"q": "rien"}))


def test_lot_tells_who_received_it(alice, patient, lot, client_of):
    operations.use(actor=actor(alice), lot_id=lot.id, quantity=1, patient_id=patient.id)
    client = client_of(alice)
    answer = page(client.get(url("lot", lot.id)))
    assert patient.full_name in answer
    assert Line.objects.filter(object_kind="lot", action="read").count() == 1
    moves = (
        ({"kind": "use", "quantity": 2}, 302),
        ({"kind": "loss", "quantity": 1}, 422),
        ({"kind": "correction", "quantity": -1, "reason": "Recompté"}, 302),
        ({"kind": "use", "quantity": 99}, 422),
    )
    for typed, expected in moves:
        assert client.post(url("lot", lot.id), typed).status_code == expected
    client.post(url("recall", lot.id), {"reason": "Avis du fabricant"})
    assert "Avis du fabricant" in page(client.get(url("lot", lot.id)))
    client.post(url("recall", lot.id) + "?fin")
    assert Lot.objects.get(id=lot.id).recalled_at is None
    client.post(url("take_back", lot.movements.get(quantity=-2).id))
    assert queries.lot(alice.practice_id, lot.id).left == 8


def test_expiry_is_put_right_on_the_page_of_the_lot(bob, sarah, lot, client_of):
    Lot.objects.update(expires_on=date(2026, 3, 1))
    client, path = client_of(bob), url("expiry", lot.id)
    assert "si c’est la date qui est fausse" in page(client.get(url("lot", lot.id)))
    typed = {"expires_on": "01/03/2028", "reason": "Faute de frappe"}
    assert client_of(sarah).post(path, typed).status_code == 403
    for changes, words in (({"expires_on": "hier"}, "date"), ({"reason": ""}, "pourquoi la date")):
        refused = client.post(path, typed | changes)
        assert (refused.status_code, words in page(refused)) == (422, True)
    shown = page(client.get(client.post(path, typed).url))
    assert "l’ancienne date reste lisible" in shown
    assert "01/03/2026 → 01/03/2028 : Faute de frappe" in shown
    assert "Ce lot est périmé" not in shown


def test_recall_of_a_lot_says_who_was_told(bob, sarah, chloe, patient, lot, client_of):
    operations.use(actor=actor(bob), lot_id=lot.id, quantity=1, patient_id=patient.id)
    client, path = client_of(sarah), url("recall", lot.id)
    note = url("note_told", patient.id, lot.id)
    assert client.get(path).url == url("lot", lot.id)
    assert client.post(path, {"reason": "Avis"}).status_code == 403
    client.post(note, {"way": "phone"})
    assert not LotRecallNote.objects.exists()
    client_of(bob).post(path, {"reason": "Avis"})
    assert "1 patient à informer" in page(client.get("/"))
    for way, told in (("tried", 0), ("pigeon", 0), ("phone", 1)):
        client.post(note, {"way": way, "words": "Rassurée"})
        assert f"1 patient concerné, {told} informé" in page(client.get(path))
    assert "Par téléphone" in page(client.get(path + "?papier"))
    assert "1 patient, 1 informé" in page(client.get(url("lot", lot.id)))
    assert "à informer" not in page(client.get("/"))
    assert Line.objects.filter(object_kind="lot", action="print").count() == 1
    assert Line.objects.filter(object_kind="recall_note", patient_id=patient.id).count() == 2
    other = PatientFactory.create(practice=bob.practice)
    client.post(url("note_told", other.id, lot.id), {"way": "phone"})
    assert client_of(chloe).get(path).status_code == 404
    assert client_of(chloe).post(note, {"way": "phone"}).status_code == 404
    assert client.get(note).status_code == 405
    assert LotRecallNote.objects.count() == 2


def test_second_recall_of_a_lot_tells_everybody_again(bob, patient, lot, client_of):
    operations.use(actor=actor(bob), lot_id=lot.id, quantity=1, patient_id=patient.id)
    operations.recall_lot(actor=actor(bob), lot_id=lot.id, reason="Avis de mars")
    told = operations.note_told(actor=actor(bob), lot_id=lot.id, patient_id=patient.id, way="phone")
    operations.lift_recall(actor=actor(bob), lot_id=lot.id)
    LotRecallNote.objects.update(at=told.at - timedelta(days=90))
    client = client_of(bob)
    client.post(url("recall", lot.id), {"reason": "Avis de juin"})
    assert "1 patient à informer" in page(client.get("/"))
    shown = page(client.get(url("recall", lot.id)))
    assert "1 patient concerné, 0 informé" in shown
    assert "Rappel précédent : Par téléphone" in shown


def test_number_is_recalled_from_the_page_of_its_article(bob, sarah, alice, patient, client_of):
    article = ArticleFactory.create(practice=bob.practice, category="implant")
    PlacedDeviceFactory.create(patient=patient, practitioner=alice, lot_number="L42")
    client, path = client_of(bob), url("recall_number", article.id)
    assert client_of(sarah).post(path, {"number": "L42", "reason": "Avis"}).status_code == 403
    answer = client.post(path, {"number": "", "reason": "Avis"})
    assert "Tapez le numéro du lot rappelé" in page(client.get(answer.url))
    answer = client.post(path, {"number": "L42", "reason": "Avis"})
    assert answer.url == url("recall", Lot.objects.get().id)
    assert patient.full_name in page(client.get(answer.url))
    arrival = {"key": str(uuid4()), "number": "L42", "quantity": 1, "serial": "S1"}
    client.post(url("receive", article.id), arrival)
    assert "Ce lot est rappelé : ne l’utilisez pas" in page(client.get(url("article", article.id)))
    shown = page(client.get(url("lot", Lot.objects.get(serial="S1").id)))
    assert "Toutes les pièces du lot L42 sont comptées" in shown


@pytest.mark.parametrize(
    ("name", "key"),
    [("stock:new_article", "article"), ("stock:inventory", "inventory"),
     ("stock:article", "arrival:{lot.article_id}"),
     ("stock:article", "article:{lot.article_id}"),
     ("prosthetics:new_order", "lab-order:{patient.id}"),
     ("prosthetics:new_placed", "placed:{patient.id}")],
)  # fmt: skip
def test_what_is_typed_is_kept(bob, patient, lot, client_of, name, key):
    LaboratoryFactory.create(practice=bob.practice)
    key = key.format(patient=patient, lot=lot)
    save_draft(person_id=bob.id, key=key, text='{"name": "Digue"}')
    args = {"stock:article": [lot.article_id]}.get(name, [patient.id] if "new_" in name else [])
    path = reverse(name, args=[] if name == "stock:new_article" else args)
    shown = page(client_of(bob).get(path))
    assert (f'data-draft="{key}"' in shown, '{"name": "Digue"}' in shown) == (True, True)
    assert '{"name": "Digue"}' not in page(client_of(bob).post(path, {"nothing": "sent"}))


def test_draft_of_a_device_brings_its_lot_back_in_sight(bob, patient, lot, client_of):
    Article.objects.update(category="implant")
    path, key = reverse("prosthetics:new_placed", args=[patient.id]), f"placed:{patient.id}"
    told = "Cette pièce est en stock"
    save_draft(person_id=bob.id, key=key, text=json.dumps({"lot": str(lot.id), "doubt": "False"}))
    shown = page(client_of(bob).get(path))
    assert (told in shown, f'name="lot" value="{lot.id}"' in shown) == (True, True)
    assert "data-draft-afresh" not in shown
    save_draft(person_id=bob.id, key=key, text=json.dumps({"lot": str(uuid4()), "tooth": "16"}))
    assert told not in page(client_of(bob).get(path))
    chosen = page(client_of(bob).get(path, {"lot": str(lot.id)}))
    assert ("data-draft-afresh" in chosen, told in chosen) == (True, True)


def test_draft_of_a_doubtful_code_is_still_to_be_compared(bob, patient, client_of):
    ArticleFactory.create(practice=bob.practice, gtin=GTIN, category="implant")
    path, key = reverse("prosthetics:new_placed", args=[patient.id]), f"placed:{patient.id}"
    kept = {"udi": Udi(GTIN, "L44", "S7").shown, "doubt": "True"}
    save_draft(person_id=bob.id, key=key, text=json.dumps(kept))
    shown = page(client_of(bob).get(path))
    assert ("À vérifier" in shown or "comparé" in shown, kept["udi"] in shown) == (True, True)
    save_draft(person_id=bob.id, key=key, text=json.dumps(kept | {"doubt": "False"}))
    assert 'name="compared"' not in page(client_of(bob).get(path))


@pytest.mark.parametrize(("udi", "doubt"), [("", "True"), (CODE, "False")])
def test_draft_of_an_arrival_keeps_its_doubt_and_its_code(bob, lot, client_of, udi, doubt):
    path, key = url("article", lot.article_id), f"arrival:{lot.article_id}"
    kept = {"udi": udi, "doubt": doubt, "number": "L42", "quantity": "3"}
    save_draft(person_id=bob.id, key=key, text=json.dumps(kept))
    begun = client_of(bob).get(path).context["arrival"]
    assert (begun["udi"].value(), begun.is_doubtful) == (udi, doubt == "True")
    # Another code is another arrival: nothing of the draft stays.
    read = client_of(bob).get(path, {"code": CODE}).context["arrival"]
    assert (read["udi"].value(), read.is_doubtful) == (CODE, False)


def test_what_is_saved_is_no_draft_any_more(bob, lot, client_of):
    client, article = client_of(bob), lot.article_id
    for key in ("article", f"article:{article}", f"arrival:{article}", "inventory"):
        save_draft(person_id=bob.id, key=key, text="{}")
    client.post(url("receive", article), {"key": str(uuid4()), "number": "N", "quantity": 1})
    client.post(
        url("new_article"),
        {"name": "Digue", "category": "material", "unit": "boîte", "reorder_point": 0,
         "order_quantity": 0},
    )  # fmt: skip
    client.post(
        url("article", article),
        {"name": "Digues", "category": "material", "unit": "boîte", "reorder_point": 0,
         "order_quantity": 0, "version": 1},
    )  # fmt: skip
    client.post(url("inventory"), {f"lot-{lot.id}": "10", f"seen-{lot.id}": "10", "ecrire": "oui"})
    assert not Draft.objects.exists()


def test_count_is_shown_before_it_is_written(bob, lot, client_of):
    client = client_of(bob)
    typed = {f"lot-{lot.id}": "7", f"seen-{lot.id}": "10"}
    assert "1 écart" in page(client.post(url("inventory"), typed))
    assert not Inventory.objects.exists()
    for number in ("--5", "٣", "9999999", "-"):
        answer = client.post(url("inventory"), typed | {f"lot-{lot.id}": number})
        assert (answer.status_code, f'value="{number}"' in page(answer)) == (422, True)
    for wrong in ({f"lot-{lot.id}": "x"}, {f"seen-{lot.id}": "9", "ecrire": "oui"}):
        assert client.post(url("inventory"), typed | wrong).status_code in {200, 422}
    assert not Inventory.objects.exists()
    assert client.post(url("inventory"), typed | {"ecrire": "oui"}).status_code == 302
    assert "Articaïne L42 -3" in page(client.get(url("inventory")))


def test_first_page_tells_what_expires(bob, lot, client_of):
    Lot.objects.update(expires_on=date(2026, 3, 1))
    others = [LotFactory.create(article=lot.article, expires_on=date(2026, 3, 20)) for _ in "12345"]
    for one in others:
        StockMovementFactory.create(lot=one, author=bob)
    shown = page(client_of(bob).get("/"))
    assert "périmé le 01/03/2026" in shown
    assert "Voir 1 autre" in shown


@pytest.mark.parametrize(
    ("role", "expected"),
    [("praticien", 204), ("secretaire", 403), ("gestionnaire", 403), ("comptable", 403)],
)
def test_only_care_scans_for_a_patient(practice, patient, client_of, role, expected):
    person = PersonFactory.create(practice=practice, role=role)
    client = client_of(person)
    answer = client.post(url("scan_for", patient.id), {"code": "x"}, headers=FRAGMENT)
    assert answer.status_code == expected
    assert client.get(url("scan_for", patient.id)).status_code in {405, 403}


def test_secretary_reads_and_does_not_write(sarah, lot, client_of):
    client = client_of(sarah)
    assert client.get(url("article", lot.article_id)).status_code == 200
    for path in (url("article", lot.article_id), url("lot", lot.id)):
        assert client.post(path, {"kind": "use", "quantity": 1}).status_code == 403


def test_stranger_finds_nothing(chloe, patient, lot, client_of):
    client = client_of(chloe)
    for path in (
        url("article", lot.article_id),
        url("lot", lot.id),
        url("traceability", patient.id),
    ):
        assert client.get(path).status_code == 404
    row = lot.movements.get()
    for path in (url("take_back", row.id), url("take_back_for", patient.id, row.id)):
        assert client.post(path).status_code == 404


def test_use_of_another_patient_is_not_taken_back_here(bob, patient, lot, client_of):
    row = operations.use(actor=actor(bob), lot_id=lot.id, quantity=1)
    answer = client_of(bob).post(url("take_back_for", patient.id, row.id))
    assert answer.status_code == 404


def test_part_of_a_record_tells_all_that_is_traced(alice, patient, client_of):
    use = PouchUseFactory.create(patient=patient, author=alice)
    PlacedDeviceFactory.create(patient=patient, practitioner=alice, name="Conique 4,1")
    shown = page(client_of(alice).get(url("traceability", patient.id)))
    for words in (use.pouch.code, "Conique 4,1", "Passeport implantaire", "Nouveau travail"):
        assert words in shown
    assert timezone.localdate().strftime("%d/%m/%Y") in shown
