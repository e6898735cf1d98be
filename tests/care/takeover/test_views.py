import html
import resource
import zipfile
from io import BytesIO
from random import Random

import pytest
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.base.files.models import Blob
from quenotte.care.patients.models import Patient
from quenotte.care.takeover import jobs
from quenotte.care.takeover.models import Import, OpeningBalance
from tests.care.takeover.conftest import PATIENTS, upload_of, workbook_of
from tests.factories import AppointmentFactory, PatientFactory

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true"}


def url(name, *args):
    return reverse(f"takeover:{name}", args=args)


def page(response):
    return html.unescape(response.content.decode())


def content(response):
    return b"".join(response.streaming_content)


def send(client, raw=PATIENTS, kind="patients", name="patients.csv"):
    return client.post(url("home"), {"kind": kind, "file": upload_of(raw, name)})


def columns_of(source):
    return {f"column_{at}": key for at, key in source.columns.items()}


def test_home_lists_the_imports(alice, client_of, written):
    client = client_of(alice)
    assert "Aucun fichier repris" in page(client.get(url("home")))
    written()
    assert "patients.csv" in page(client.get(url("home")))


def test_upload_leads_to_the_columns(alice, client_of):
    client = client_of(alice)
    answer = send(client)
    source = Import.objects.get()
    assert answer.url == url("show", source.id)
    shown = page(client.get(answer.url))
    for words in ("N° dossier", "101 · 102", "Date de naissance", "Vérifier toutes les lignes"):
        assert words in shown


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "ancien format d’Office"),
        (b"%PDF-1.7 ....", "ni un CSV ni un classeur"),
        (b"PK\x03\x04 broken", "abîmé"),
        (b" \n;;\n", "aucune ligne"),
    ],
)
def test_upload_of_something_else_is_explained(raw, words, alice, client_of):
    answer = send(client_of(alice), raw)
    assert answer.status_code == 422
    assert words in page(answer)
    assert not Import.objects.exists()


def endless_cell():
    """A workbook of some hundred kilobytes with one cell of 24 megabytes."""
    raw = workbook_of([["Nom"], ["ICI"]])
    random = Random(1)
    text = b"".join(b"x" * 900 + f"{random.getrandbits(64):x}".encode() for _ in range(26_000))
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part).replace(b"ICI", text))
    return out.getvalue()


def blanks():
    """A workbook of some hundred kilobytes whose sheet is 200 megabytes of blanks."""
    out = BytesIO(workbook_of([["Nom"]]))
    with (
        zipfile.ZipFile(out, "a", 8, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as sheet,
    ):
        for _megabyte in range(200):
            sheet.write(b" " * 1_000_000)
    return out.getvalue()


@pytest.mark.parametrize("bomb", [endless_cell, blanks])
def test_excel_bomb_is_explained_and_leaves_nothing(bomb, alice, client_of, folder):
    raw = bomb()
    assert len(raw) < 1_000_000
    client = client_of(alice)
    client.get(url("home"))
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = send(client, raw, name="patients.xlsx")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 20_000
    assert answer.status_code == 422
    assert "anormalement grand une fois décompressé" in page(answer)
    line = Line.objects.get(object_kind="import")
    assert (line.action, line.result, line.detail["reason"]) == ("receive", "refused", "too_big")
    assert not Import.objects.exists()
    assert not Blob.objects.exists()
    assert not [one for one in (folder / "incoming").iterdir() if one.is_file()]


def test_upload_without_a_file_is_explained(alice, client_of):
    answer = client_of(alice).post(url("home"), {"kind": "patients"})
    assert "Choisissez d’abord un fichier" in page(answer)


def test_file_is_read_otherwise(alice, client_of, received):
    source = received()
    posted = {"encoding": "cp1252", "delimiter": ",", "header_lines": "2"}
    client_of(alice).post(url("layout", source.id), posted)
    source.refresh_from_db()
    assert source.layout["delimiter"] == ","
    assert source.layout["header_lines"] == 2
    answer = client_of(alice).post(url("layout", source.id), posted | {"header_lines": "99"})
    assert answer.status_code == 422


def test_sheet_of_a_workbook_is_chosen(alice, client_of, received):
    source = received(workbook_of([["Nom", "Prénom"], ["Durand", "Marie"]]))
    client = client_of(alice)
    assert "Feuille" in page(client.get(url("show", source.id)))
    client.post(url("layout", source.id), {"sheet": "Sheet", "header_lines": "1"})
    source.refresh_from_db()
    assert source.layout["sheet"] == "Sheet"


def test_whole_way_from_columns_to_undo(alice, client_of, received):
    source, client = received(), client_of(alice)
    client.post(url("check", source.id), columns_of(source))
    source.refresh_from_db()
    assert source.state == "checking"
    assert "Le travail commence" in page(client.get(url("show", source.id), headers=FRAGMENT))
    jobs.check(import_id=str(source.id), person_id=str(alice.id))
    shown = page(client.get(url("show", source.id)))
    assert "n’existe pas dans le calendrier" in shown
    assert "3 lignes prêtes" in shown
    assert "Petit · Paul" in page(client.get(url("show", source.id), {"lignes": "refused"}))
    assert "Téléphone incomplet" in page(client.get(url("show", source.id), {"lignes": "warned"}))
    client.post(url("write", source.id))
    jobs.write(import_id=str(source.id), person_id=str(alice.id))
    assert "3 lignes reprises" in page(client.get(url("show", source.id)))
    Patient.objects.filter(birth_name="DURAND").update(version=2)
    client.post(url("undo", source.id))
    jobs.undo(import_id=str(source.id), person_id=str(alice.id))
    shown = page(client.get(url("show", source.id)))
    assert "2 lignes retirées" in shown
    assert "DURAND Marie" in shown


def test_columns_are_refused_in_words(alice, client_of, received):
    source, client = received(), client_of(alice)
    twice = columns_of(source) | {"column_7": "town"}
    answer = client.post(url("check", source.id), twice)
    assert answer.status_code == 422
    assert "Déjà choisi pour une autre colonne" in page(answer)
    answer = client.post(url("check", source.id), {"column_3": "born_on"})
    assert "Il manque le nom et le prénom" in page(answer)
    source.refresh_from_db()
    assert source.state == "mapping"


def test_columns_may_be_seen_again_until_it_is_written(alice, client_of, checked, written):
    client = client_of(alice)
    assert "Que contient chaque colonne" in page(client.get(url("check", checked().id)))
    done = written("Nom;Prénom\nZwicker;Anna\n")
    assert client.get(url("check", done.id)).url == url("show", done.id)


def test_doubles_are_decided_one_by_one_and_together(alice, practice, client_of, checked):
    for surname, first, born in (
        ("Durand", "Marie", "1985-04-03"),
        ("Le Gall", "Hélène", "1972-11-12"),
    ):
        one = PatientFactory.create(
            practice=practice, birth_name=surname, first_birth_first_name=first
        )
        Patient.objects.filter(id=one.id).update(born_on=born)
    source, client = checked(), client_of(alice)
    assert source.counts["undecided"] == 2
    shown = page(client.get(url("show", source.id)))
    assert "2 lignes attendent votre décision" in shown
    assert "Ce patient a déjà un dossier" in shown
    refused = client.post(url("write", source.id), follow=True)
    assert "dites d’abord ce qu’elles deviennent" in page(refused)
    client.post(url("decide", source.id), {"decision": "skip", "line": "2"})
    client.post(url("decide", source.id), {"decision": "nonsense"})
    client.post(url("decide", source.id), {"decision": "link", "line": "x"})
    source.refresh_from_db()
    assert source.counts["undecided"] == 1
    answer = client.post(url("decide", source.id), {"decision": "link"})
    assert answer.url == f"{url('show', source.id)}?lignes=double"
    source.refresh_from_db()
    assert source.counts["undecided"] == 0


def test_refused_lines_leave_with_their_reasons(alice, client_of, checked):
    source = checked(PATIENTS + "106;=1+1;Formule;;;;;;\n")
    answer = client_of(alice).get(url("refused", source.id))
    text = content(answer).decode("utf-8-sig")
    assert "attachment" in answer["Content-Disposition"]
    rows = text.splitlines()
    assert rows[0].endswith("Ligne;Pourquoi")
    assert "Petit;Paul;31/02/1990" in rows[1]
    assert "n’existe pas dans le calendrier" in rows[1]
    assert "'=1+1" in rows[3]
    line = Line.objects.get(action="export")
    assert line.detail == {"purpose": "refused", "format": "csv"}


def test_import_is_given_up(alice, client_of, checked):
    source = checked()
    client = client_of(alice)
    assert "abandonnée" in page(client.post(url("give_up", source.id), follow=True))
    assert not Import.objects.exists()
    # The page that still watches it hears so once, and is not told that it broke.
    watched = client.get(url("show", source.id), headers=FRAGMENT)
    assert "Cette reprise a été abandonnée" in page(watched)
    assert "hx-get" not in page(watched)
    assert client.get(url("show", source.id)).status_code == 404


def test_import_without_a_line_to_bring_in_offers_none(alice, client_of, checked):
    shown = page(client_of(alice).get(url("show", checked().id)))
    assert "Reprendre ces lignes" in shown
    nothing = checked("N° dossier;Nom;Prénom;Né(e) le\n104;;Anonyme;01/01/1980\n")
    shown = page(client_of(alice).get(url("show", nothing.id)))
    assert "Revoir les colonnes" in shown
    assert "Reprendre ces lignes" not in shown


def test_appointments_and_balances_ask_for_what_they_need(alice, client_of, received):
    client = client_of(alice)
    source = received("N° dossier;Date RDV;Heure\n1;20/03/2026;09:00\n", kind="appointments")
    shown = page(client.get(url("show", source.id)))
    assert "Praticien quand il manque" in shown
    assert alice.full_name in shown
    posted = columns_of(source) | {"practitioner": str(alice.id), "minutes": "45"}
    client.post(url("check", source.id), posted)
    source.refresh_from_db()
    assert source.options["minutes"] == 45
    source = received("N° dossier;Solde\n1;12\n", kind="balances")
    posted = columns_of(source) | {"as_of": "31/12/2025"}
    client.post(url("check", source.id), posted)
    source.refresh_from_db()
    assert source.options["as_of"] == "2025-12-31"


def test_opening_balance_is_in_the_banner(alice, client_of, written):
    written()
    written("N° dossier;Solde\n101;1 234,50\n102;-12\n", kind="balances")
    client = client_of(alice)
    for name, words in (
        ("DURAND", "1\u202f234,50\u00a0€ dus"),
        ("LE GALL", "avoir de 12,00\u00a0€"),
    ):
        patient = Patient.objects.get(birth_name=name)
        shown = page(client.get(reverse("patients:record", args=[patient.id])))
        assert words in shown
    assert OpeningBalance.objects.count() == 2


@pytest.mark.parametrize("kind", ["patients", "appointments", "balances"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_list_leaves_with_one_line(kind, form, alice, client_of, patient):
    AppointmentFactory.create(patient=patient, practitioner=alice)
    client = client_of(alice)
    assert "Emporter la liste" in page(client.get(url("export")))
    answer = client.post(url("download", kind, form))
    assert answer.status_code == 200
    assert f"quenotte-{kind}-2026-03-17.{form}" in answer["Content-Disposition"]
    assert content(answer)
    line = Line.objects.get(action="export")
    assert (line.object_kind, line.detail) == ("list", {"purpose": kind, "format": form})


def test_unknown_lists_do_not_exist(alice, client_of):
    client = client_of(alice)
    assert client.post(url("download", "secrets", "csv")).status_code == 404
    assert client.post(url("download", "patients", "pdf")).status_code == 404


def test_doors(alice, bob, sarah, chloe, client_of, client, checked):
    source = checked()
    gets = [url("home"), url("show", source.id), url("refused", source.id), url("export")]
    posts = [
        url(name, source.id) for name in ("layout", "check", "decide", "write", "undo", "give_up")
    ] + [url("download", "patients", "csv")]
    for person in (bob, sarah):
        for address in gets:
            assert client_of(person).get(address).status_code == 403, address
        for address in posts:
            assert client_of(person).post(address).status_code == 403, address
    for address in posts[:-1]:
        assert client_of(chloe).post(address).status_code == 404, address
        assert client.post(address).status_code == 302
    assert client_of(chloe).get(url("show", source.id)).status_code == 404
    assert client_of(alice).put(url("home")).status_code == 405
    assert client_of(alice).get(url("write", source.id)).status_code == 405
    assert client_of(alice).get(url("download", "patients", "csv")).status_code == 405
