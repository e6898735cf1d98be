import html
import re
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Draft
from quenotte.base.people.operations import save_draft
from quenotte.care.patients.models import MedicalAlert, Patient, RelatedPerson
from tests.factories import (
    AppointmentFactory,
    MedicalAlertFactory,
    NoteFactory,
    PatientFactory,
    RelatedPersonFactory,
    ToothStateFactory,
)

FRAGMENT = {"HX-Request": "true"}
NIR = "279035121518989"
NIA = "779035121518933"
NIR_OID, TEST_OID = "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.10"

READS = ("record", "banner", "history", "print")
TYPED = {
    "birth_name": "DURAND",
    "birth_first_names": "Marie Anne",
    "born_on": "3 avril 1985",
    "sex": "F",
}


def page(response):
    return html.unescape(response.content.decode())


def patient_lines():
    return list(Line.objects.filter(patient_id__isnull=False).values_list("action", "result"))


def url(name, *args):
    return reverse(f"patients:{name}", args=args)


def test_record_shows_who_what_and_when(alice, patient, client_of):
    MedicalAlertFactory.create(patient=patient, label="Pénicillines")
    NoteFactory.create(patient=patient, author=alice, text="Détartrage complet.")
    AppointmentFactory.create(patient=patient, practitioner=alice, title="Composite")
    ToothStateFactory.create(patient=patient, tooth=36, author=alice)
    shown = page(client_of(alice).get(url("record", patient.id)))
    for words in (
        patient.full_name,
        "40 ans",
        "03/04/1985",
        "Allergie : Pénicillines",
        "Détartrage complet.",
        "Composite",
        "Dents absentes : 36",
        "Identité provisoire",
    ):
        assert words in shown


def test_record_is_exactly_one_line_with_its_fragments(alice, patient, client_of):
    client = client_of(alice)
    client.get(url("record", patient.id))
    for name in ("banner", "history", "identity", "alerts", "relatives"):
        assert client.get(url(name, patient.id), headers=FRAGMENT).status_code == 200
    client.get(reverse("chart:notes", args=[patient.id]), headers=FRAGMENT)
    client.get(reverse("agenda:of_patient", args=[patient.id]))
    assert patient_lines() == [("read", "ok")]


def test_record_asks_the_database_little(alice, patient, client_of, django_assert_max_num_queries):
    MedicalAlertFactory.create_batch(3, patient=patient)
    NoteFactory.create_batch(8, patient=patient, author=alice)
    AppointmentFactory.create_batch(8, patient=patient, practitioner=alice)
    client = client_of(alice)
    client.get(url("record", patient.id))
    # Session, person, patient, three for the line, alerts, identity, appointments, notes, draft,
    # teeth, and of the rooms above: pictures, the opening balance, messages, calls, tasks that
    # wait, tasks and calls for her. The last one asks whether the keyboard is locked.
    with django_assert_max_num_queries(21):
        client.get(url("record", patient.id))


def test_record_for_the_secretary_is_administrative(sarah, alice, patient, client_of):
    MedicalAlertFactory.create(patient=patient, label="Latex")
    NoteFactory.create(patient=patient, author=alice, text="Carie 16.")
    shown = page(client_of(sarah).get(url("record", patient.id)))
    assert "Allergie : Latex" in shown
    assert "Carie 16." not in shown
    assert 'id="dents"' not in shown
    assert "Modifier la fiche" in shown


@pytest.mark.parametrize("name", READS)
def test_reading_by_a_stranger_is_not_found(chloe, patient, client_of, name):
    assert client_of(chloe).get(url(name, patient.id)).status_code == 404
    assert patient_lines() == [("read", "refused")]


@pytest.mark.parametrize("name", READS)
def test_reading_by_the_accountant_is_forbidden(marc, patient, client_of, name):
    assert client_of(marc).get(url(name, patient.id)).status_code == 403
    assert Line.objects.filter(person_id=marc.id, result="refused").exists()


@pytest.mark.parametrize("name", READS)
def test_reading_without_login_leads_to_the_login_page(patient, client, name):
    answer = client.get(url(name, patient.id))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


@pytest.mark.parametrize("name", [*READS, "search", "home"])
def test_reading_pages_refuse_to_be_posted(alice, patient, client_of, name):
    args = [] if name in {"search", "home"} else [patient.id]
    assert client_of(alice).post(url(name, *args)).status_code == 405


def test_record_of_nobody_is_not_found(alice, client_of):
    assert client_of(alice).get(url("record", uuid4())).status_code == 404


def test_html_in_a_name_is_shown_as_text(alice, practice, client_of):
    patient = PatientFactory.create(practice=practice, birth_name="<img src=x>", used_name="")
    content = client_of(alice).get(url("record", patient.id)).content.decode()
    assert "<IMG" not in content
    assert "&lt;IMG SRC=X&gt;" in content


def test_banner_without_htmx_is_the_record(alice, patient, client_of):
    answer = client_of(alice).get(url("banner", patient.id))
    assert answer.url == url("record", patient.id)


def test_history_shows_older_entries_by_pages(alice, patient, client_of, frozen_clock):
    for day in range(20):
        NoteFactory.create(
            patient=patient,
            author=alice,
            text=f"séance {day}",
            signed_at=f"2026-02-{day + 1:02}T10:00:00Z",
        )
    client = client_of(alice)
    answer = client.get(url("record", patient.id))
    more = answer.context["more"]
    older = page(client.get(more, headers=FRAGMENT))
    assert "séance 0" in older
    assert "séance 19" not in older
    assert client.get(more).status_code == 200


@pytest.mark.parametrize("before", ["demain", "2026-99-99T00:00", "2026-03-01T10:00"])
def test_history_of_a_strange_instant_starts_at_the_newest(alice, patient, client_of, before):
    answer = client_of(alice).get(url("history", patient.id), {"avant": before})
    assert answer.status_code == 200


def test_print_leaves_a_line_that_says_print(alice, patient, client_of):
    MedicalAlertFactory.create(patient=patient, label="Latex")
    RelatedPersonFactory.create(patient=patient, full_name="Anne Petit")
    shown = page(client_of(alice).get(url("print", patient.id)))
    assert "Allergie : Latex" in shown
    assert "Anne Petit" in shown
    assert patient_lines() == [("print", "ok")]


def test_home_shows_who_was_opened(alice, patient, client_of):
    client = client_of(alice)
    assert "Aucun dossier ouvert récemment" in page(client.get(url("home")))
    client.get(url("record", patient.id))
    assert patient.full_name in page(client.get(url("home")))


def test_search_fragment_leads_to_the_record_and_to_a_new_one(alice, practice, client_of):
    patient = PatientFactory.create(practice=practice, birth_name="DURAND")
    content = page(client_of(alice).get(url("search"), {"q": "dur"}, headers=FRAGMENT))
    assert url("record", patient.id) in content
    assert content.index("Créer ce patient") > content.index("DURAND")
    assert "<html" not in content


def test_search_page_without_script(alice, practice, client_of):
    PatientFactory.create(practice=practice, birth_name="DURAND", first_birth_first_name="Marie")
    client = client_of(alice)
    assert "DURAND" in page(client.get(url("search"), {"q": "dur"}))
    assert "Aucun patient trouvé" in page(client.get(url("search"), {"q": "xyzt"}))
    assert "Aucun patient trouvé" in page(client.get(url("search"), {"q": "x"}, headers=FRAGMENT))
    assert client.get(url("search")).status_code == 200


def test_search_line_holds_no_name(alice, practice, client_of):
    PatientFactory.create(practice=practice, birth_name="DURAND")
    client_of(alice).get(url("search"), {"q": "durand"}, headers=FRAGMENT)
    line = Line.objects.get(action="search")
    assert line.detail == {"purpose": "name", "count": 1}


def test_create_from_a_search_is_filled(alice, client_of):
    shown = page(client_of(alice).get(url("create"), {"q": "dupont marie 03/04/1985"}))
    assert 'value="DUPONT"' in shown
    assert 'value="03/04/1985"' in shown


def test_create_opens_the_record(sarah, client_of):
    answer = client_of(sarah).post(url("create"), TYPED | {"mobile_phone": "06.39.98.00.01"})
    patient = Patient.objects.get()
    assert answer.url == url("record", patient.id)
    assert (patient.born_on, patient.mobile_phone) == (date(1985, 4, 3), "+33639980001")
    assert ("create", "ok") in patient_lines()


def test_first_names_may_be_typed_as_the_card_prints_them(sarah, client_of):
    client_of(sarah).post(url("create"), TYPED | {"birth_first_names": "Marie, Louise,Anne"})
    assert Patient.objects.get().birth_first_names == "Marie Louise Anne"


def test_create_of_a_look_alike_asks_first(sarah, practice, client_of):
    PatientFactory.create(practice=practice, birth_name="Durand", first_birth_first_name="Marie")
    client = client_of(sarah)
    answer = client.post(url("create"), TYPED)
    assert answer.status_code == 422
    assert "existe peut-être déjà" in page(answer)
    assert Patient.objects.count() == 1
    client.post(url("create"), TYPED | {"confirme": "1"})
    assert Patient.objects.count() == 2


def test_create_of_somebody_known_by_her_used_name_asks_first(sarah, practice, client_of):
    PatientFactory.create(
        practice=practice,
        birth_name="Lévy",
        used_name="Durand-Le Gall",
        first_birth_first_name="Marie",
    )
    typed = TYPED | {"birth_name": "LE GALL", "used_name": "DURAND", "birth_first_names": "MARIE"}
    answer = client_of(sarah).post(url("create"), typed)
    assert answer.status_code == 422
    assert "LÉVY" in page(answer)
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("born_on", "31/02/1985", "n’existe pas dans le calendrier"),
        ("born_on", "18/03/2027", "futur"),
        ("born_on", "1/1/1885", "trop ancien"),
        ("born_on", "jadis", "n’est pas une date"),
        ("birth_name", "D" * 300, "Trop long : 300 caractères, 100 au plus"),
        ("birth_name", "Durand 😀", "« 😀 » ne fait pas partie d’un nom"),
        ("birth_name", "<b>Durand</b>", "« < » ne fait pas partie d’un nom"),
        ("birth_name", "--", "aucune lettre"),
        ("birth_name", "", "À remplir"),
        ("sex", "", "À remplir"),
        ("birth_place_code", "4410", "code INSEE est inexact"),
        ("mobile_phone", "06 39", "téléphone est incomplet"),
        ("mobile_phone", "bonjour", "téléphone est incomplet"),
        ("ins_matricule", "2790351215189", "compte 13 caractères"),
        ("ins_matricule", "279035121518988", "La clé 88 ne correspond pas"),
        ("ins_matricule", "27903512151898X", "caractère inattendu"),
        ("ins_matricule", NIR, "nature du matricule"),
        ("ins_matricule", "279135121518955", "mois de naissance 13 n’existe pas"),
        ("ins_matricule", "579035121518936", "Aucun numéro ne commence par 5"),
        ("referring_doctor_rpps", "12345678901", "RPPS est inexact"),
        ("mutuelle_number", "abc", "de 8 à 10 chiffres"),
        ("mutuelle_ends_on", "31/09/2027", "n’existe pas"),
        ("email", "alice@", "adresse"),
    ],
)
def test_create_says_what_is_wrong_beside_the_field(sarah, client_of, field, typed, words):
    answer = client_of(sarah).post(url("create"), TYPED | {field: typed})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors or "ins_oid" in answer.context["form"].errors
    assert words in page(answer)
    assert "toujours là" in page(answer)
    assert not Patient.objects.exists()


def test_create_with_the_ins_of_another_is_told(sarah, practice, client_of):
    PatientFactory.create(practice=practice, ins_matricule=NIR, ins_oid=TEST_OID)
    answer = client_of(sarah).post(
        url("create"),
        TYPED
        | {"ins_matricule": "2 79 03 51 215 189 89", "ins_oid": TEST_OID, "born_on": "28/3/1979"},
    )
    assert answer.status_code == 422
    assert "déjà celui d’un autre dossier" in page(answer)


@pytest.mark.parametrize("other", ["is_doubtful", "is_homonym"])
def test_create_fictitious_with_another_mark_is_refused(sarah, client_of, other):
    answer = client_of(sarah).post(url("create"), TYPED | {other: "on", "is_fictitious": "on"})
    assert answer.status_code == 422
    assert "aucun autre signalement" in page(answer)
    assert not Patient.objects.exists()


def test_create_doubtful_homonym_is_kept(sarah, client_of):
    client_of(sarah).post(url("create"), TYPED | {"is_doubtful": "on", "is_homonym": "on"})
    patient = Patient.objects.get()
    assert (patient.is_doubtful, patient.is_homonym) == (True, True)


def test_create_with_a_kind_of_matricule_alone_forgets_it(sarah, client_of):
    client_of(sarah).post(url("create"), TYPED | {"ins_oid": TEST_OID})
    assert Patient.objects.get().ins_oid == ""


def test_create_is_not_for_the_manager_alone(marc, client_of):
    assert client_of(marc).get(url("create")).status_code == 403


def as_opened(client, patient):
    """Return what a browser would send back from the identity page, untouched."""
    form = client.get(url("identity", patient.id)).context["form"]
    data = {}
    for field in form:
        value = field.value()
        shown = field.field.prepare_value(value)
        sent = "" if shown is None or shown is False else "on" if shown is True else str(shown)
        if sent or shown == "":
            data[field.html_name] = sent
        data[field.html_initial_name] = str(shown) if shown is not None else ""
    return data


def test_identity_saves_only_what_was_touched(sarah, patient, client_of):
    client = client_of(sarah)
    answer = client.post(
        url("identity", patient.id),
        as_opened(client, patient) | {"town": "Rezé", "born_on": "3/4/85"},
    )
    assert answer.url == url("record", patient.id)
    assert Line.objects.get(action="change").detail == {"fields": "town", "count": 1}


def test_identity_of_two_browsers_tells_the_second_and_loses_nothing(
    alice, sarah, patient, client_of
):
    hers, mine = client_of(sarah), client_of(alice)
    opened_by_her, opened_by_me = as_opened(hers, patient), as_opened(mine, patient)
    hers.post(
        url("identity", patient.id),
        opened_by_her | {"town": "Rezé", "postcode": "44400", "do_not_contact": "on"},
    )
    answer = mine.post(
        url("identity", patient.id),
        opened_by_me | {"town": "Vertou", "email": "moi@example.org"},
    )
    assert answer.status_code == 409
    shown = page(answer)
    assert sarah.full_name in shown
    assert "Dans le dossier : « Rezé ». Votre saisie : « Vertou »." in shown
    assert 'value="Vertou"' in shown
    assert 'value="moi@example.org"' in shown
    assert 'value="44400"' in shown
    patient.refresh_from_db()
    assert (patient.town, patient.email) == ("Rezé", "")
    # Saved again after reading both values.
    form = answer.context["form"]
    mine.post(url("identity", patient.id), form.data)
    patient.refresh_from_db()
    assert (patient.town, patient.email, patient.postcode) == ("Vertou", "moi@example.org", "44400")
    assert patient.do_not_contact


def test_conflict_shows_dates_choices_and_ticks_in_words(alice, sarah, patient, client_of):
    hers, mine = client_of(sarah), client_of(alice)
    opened_by_her, opened_by_me = as_opened(hers, patient), as_opened(mine, patient)
    hers.post(
        url("identity", patient.id),
        opened_by_her | {"born_on": "4/4/85", "sex": "M", "is_homonym": "on", "email": "a@b.fr"},
    )
    answer = mine.post(
        url("identity", patient.id),
        opened_by_me | {"born_on": "5/4/85", "sex": "I", "email": "c@d.fr"},
    )
    shown = page(answer)
    assert "« 04/04/1985 ». Votre saisie : « 05/04/1985 »" in shown
    assert "« Homme ». Votre saisie : « Indéterminé »" in shown


def test_identity_with_mistakes_saves_nothing(sarah, patient, client_of):
    client = client_of(sarah)
    answer = client.post(
        url("identity", patient.id),
        as_opened(client, patient) | {"born_on": "31/02/1985", "initial-born_on": "hier"},
    )
    assert answer.status_code == 422
    assert not Line.objects.filter(action="change").exists()


def test_create_with_a_nia_called_nir_is_refused(sarah, client_of):
    typed = TYPED | {"ins_matricule": NIA, "ins_oid": NIR_OID, "born_on": "28/3/1979"}
    answer = client_of(sarah).post(url("create"), typed)
    assert answer.status_code == 422
    assert "commence par 7 n’est pas un NIR" in page(answer)
    assert not Patient.objects.exists()


def confirmation(answer):
    return answer.context["form"].fields["ins_confirmed"].widget.attrs["value"]


def test_create_with_a_matricule_that_contradicts_the_traits_asks_first(sarah, client_of):
    client = client_of(sarah)
    typed = TYPED | {"ins_matricule": NIR, "ins_oid": TEST_OID}
    assert "J’ai vérifié" not in page(client.get(url("create")))
    answer = client.post(url("create"), typed)
    assert answer.status_code == 422
    shown = page(answer)
    assert "ne s’accorde pas avec l’année de naissance, le mois de naissance" in shown
    assert "J’ai vérifié" in shown
    assert not Patient.objects.exists()
    # What was confirmed is this contradiction, not the next one.
    other = client.post(url("create"), typed | {"sex": "M", "ins_confirmed": confirmation(answer)})
    assert "avec le sexe" in page(other)
    assert "checked" not in str(other.context["form"]["ins_confirmed"])
    client.post(url("create"), typed | {"ins_confirmed": confirmation(answer)})
    assert Patient.objects.get().ins_matricule == NIR


def test_confirmed_matricule_stays_confirmed_while_something_else_is_wrong(
    sarah, practice, client_of
):
    PatientFactory.create(practice=practice, birth_name="Durand", first_birth_first_name="Marie")
    client = client_of(sarah)
    typed = TYPED | {"ins_matricule": NIR, "ins_oid": TEST_OID}
    ticked = typed | {"ins_confirmed": confirmation(client.post(url("create"), typed))}
    answer = client.post(url("create"), ticked)
    assert "existe peut-être déjà" in page(answer)
    assert "checked" in str(answer.context["form"]["ins_confirmed"])
    client.post(url("create"), ticked | {"confirme": "1"})
    assert Patient.objects.count() == 2


def test_identity_asks_about_a_matricule_only_when_it_or_a_trait_was_touched(
    sarah, practice, client_of
):
    patient = PatientFactory.create(practice=practice, ins_matricule=NIR, ins_oid=TEST_OID)
    client = client_of(sarah)
    opened = as_opened(client, patient)
    assert client.post(url("identity", patient.id), opened | {"town": "Rezé"}).status_code == 302
    opened = as_opened(client, patient)
    answer = client.post(url("identity", patient.id), opened | {"sex": "M"})
    assert answer.status_code == 422
    assert "ne s’accorde pas avec le sexe" in page(answer)
    ticked = opened | {"sex": "M", "ins_confirmed": confirmation(answer)}
    assert client.post(url("identity", patient.id), ticked).status_code == 302


def test_identity_with_the_ins_of_another_is_told(sarah, practice, patient, client_of):
    PatientFactory.create(practice=practice, ins_matricule=NIR, ins_oid=TEST_OID)
    client = client_of(sarah)
    answer = client.post(
        url("identity", patient.id),
        as_opened(client, patient)
        | {"ins_matricule": NIR, "ins_oid": TEST_OID, "born_on": "28/03/1979"},
    )
    assert answer.status_code == 422
    assert "déjà celui d’un autre dossier" in page(answer)


def test_papers_seen_validate_the_identity(sarah, patient, client_of):
    client_of(sarah).post(url("check_identity", patient.id), {"paper": "CN", "version": 1})
    patient.refresh_from_db()
    assert patient.identity_status == "validee"


def test_papers_seen_of_a_doubtful_identity_are_declined(sarah, practice, client_of):
    patient = PatientFactory.create(practice=practice, is_doubtful=True)
    answer = client_of(sarah).post(url("check_identity", patient.id), {"paper": "CN", "version": 1})
    assert "signalée douteuse" in str(next(iter(get_messages(answer.wsgi_request))))


@pytest.mark.parametrize("version", ["1", "", "x"])
def test_papers_seen_beside_an_older_identity_prove_nothing(
    alice, sarah, patient, client_of, version
):
    hers, mine = client_of(sarah), client_of(alice)
    hers.post(url("identity", patient.id), as_opened(hers, patient) | {"birth_name": "MARTIN"})
    answer = mine.post(url("check_identity", patient.id), {"paper": "PA", "version": version})
    patient.refresh_from_db()
    assert patient.identity_status == "provisoire"
    if version == "x":
        return
    assert answer.status_code == 409
    shown = page(answer)
    assert sarah.full_name in shown
    assert "MARTIN" in shown
    assert answer.context["papers_form"]["paper"].value() == "PA"
    again = {"paper": "PA", "version": answer.context["papers_form"]["version"].value()}
    mine.post(url("check_identity", patient.id), again)
    patient.refresh_from_db()
    assert patient.identity_status == "validee"


def test_papers_of_an_unknown_kind_change_nothing(sarah, patient, client_of):
    client_of(sarah).post(url("check_identity", patient.id), {"paper": "XX"})
    patient.refresh_from_db()
    assert patient.identity_status == "provisoire"


def test_death_is_noted(sarah, patient, client_of):
    client_of(sarah).post(url("death", patient.id), {"died_on": "1/3/2026", "version": 1})
    patient.refresh_from_db()
    assert patient.died_on == date(2026, 3, 1)


def test_death_of_two_browsers_shows_both_days_and_keeps_what_was_typed(
    alice, sarah, patient, client_of
):
    client_of(sarah).post(url("death", patient.id), {"died_on": "1/3/2026", "version": 1})
    save_draft(person_id=alice.id, key=f"identity:{patient.id}", text='{"town": "Rezé"}')
    answer = client_of(alice).post(url("death", patient.id), {"died_on": "2/3/2026", "version": 1})
    assert answer.status_code == 409
    shown = page(answer)
    assert "Dans le dossier : « 01/03/2026 ». Votre saisie : « 02/03/2026 »." in shown
    assert 'value="2/3/2026"' in shown
    # The field stands far below: the page opens on it, and says there who saved.
    assert re.findall(r'name="(\w+)"[^>]* autofocus', shown) == ["died_on"]
    assert sarah.full_name in " ".join(answer.context["death_form"].errors["died_on"])
    assert '{"town": "Rezé"}' in shown
    patient.refresh_from_db()
    assert patient.died_on == date(2026, 3, 1)


def test_banner_says_who_must_not_be_contacted(sarah, practice, client_of):
    objecting = PatientFactory.create(practice=practice, do_not_contact=True)
    dead = PatientFactory.create(practice=practice, do_not_contact=True, died_on=date(2026, 3, 1))
    client = client_of(sarah)
    client.post(url("death", objecting.id), {"died_on": "", "version": 1})
    assert "Ne pas contacter" in page(client.get(url("record", objecting.id)))
    shown = page(client.get(url("record", dead.id)))
    assert "Décès le 01/03/2026" in shown
    assert "Ne pas contacter" not in shown


def test_death_on_no_day_is_refused(sarah, patient, client_of):
    answer = client_of(sarah).post(url("death", patient.id), {"died_on": "31/02/2026"})
    assert answer.status_code == 422
    assert "n’existe pas" in page(answer)


def picture():
    out = BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, format="PNG")
    return SimpleUploadedFile("moi.png", out.getvalue(), content_type="image/png")


def test_photo_is_kept_shown_and_removed(sarah, patient, client_of):
    client = client_of(sarah)
    assert client.get(url("photo", patient.id)).status_code == 404
    client.post(url("change_photo", patient.id), {"photo": picture()})
    answer = client.get(url("photo", patient.id))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Content-Disposition" not in answer
    assert answer.content.startswith(b"\xff\xd8")
    known = {"If-None-Match": answer["ETag"]}
    assert client.get(url("photo", patient.id), headers=known).status_code == 304
    seen = client.get(url("identity", patient.id)).context["photo_form"]["seen"].value()
    client.post(url("remove_photo", patient.id), {"seen": seen})
    assert client.get(url("photo", patient.id)).status_code == 404


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"photo": SimpleUploadedFile("x.jpg", b"<svg onload=1>")}, "pas une photographie"),
        ({}, "Choisissez d’abord une photo"),
    ],
)
def test_photo_that_is_none_is_declined(sarah, patient, client_of, files, words):
    answer = client_of(sarah).post(url("change_photo", patient.id), files)
    assert words in str(next(iter(get_messages(answer.wsgi_request))))


def test_photo_of_two_browsers_keeps_the_first(alice, sarah, patient, client_of):
    client_of(sarah).post(url("change_photo", patient.id), {"photo": picture(), "seen": ""})
    patient.refresh_from_db()
    first = patient.photo_id
    for name, data in (("change_photo", {"photo": picture()}), ("remove_photo", {})):
        answer = client_of(alice).post(url(name, patient.id), data | {"seen": ""})
        assert "Rien n’a été écrasé" in str(next(iter(get_messages(answer.wsgi_request))))
        patient.refresh_from_db()
        assert patient.photo_id == first


def test_photo_beside_a_forged_one_changes_nothing(sarah, patient, client_of):
    forged = {"seen": "0" * 99}
    client_of(sarah).post(url("change_photo", patient.id), forged | {"photo": picture()})
    client_of(sarah).post(url("remove_photo", patient.id), forged)
    patient.refresh_from_db()
    assert patient.photo is None
    assert not Line.objects.filter(action="change").exists()


@pytest.mark.parametrize("headers", [FRAGMENT, {}])
def test_alert_of_two_browsers_shows_both_words_then_replaces(
    alice, bob, patient, client_of, headers
):
    client_of(alice).post(url("alerts", patient.id), {"code": "latex", "details": "choc en 2019"})
    mine = client_of(bob)
    typed = {"code": "latex", "details": "urticaire"}
    answer = mine.post(url("alerts", patient.id), typed, headers=headers)
    assert answer.status_code == 409
    shown = page(answer)
    assert "Dans le dossier : « choc en 2019 ». Votre saisie : « urticaire »." in shown
    assert 'value="urticaire"' in shown
    replaces = answer.context["form"]["replaces"].value()
    both = typed | {"details": "choc en 2019, urticaire", "replaces": replaces}
    mine.post(url("alerts", patient.id), both, headers=headers)
    assert MedicalAlert.objects.get(ended_at=None).details == "choc en 2019, urticaire"
    assert MedicalAlert.objects.count() == 2


def test_free_alert_of_two_browsers_shows_both_natures(alice, bob, patient, client_of):
    client_of(alice).post(
        url("alerts", patient.id), {"label": "Fraises", "kind": "allergy", "severity": "danger"}
    )
    answer = client_of(bob).post(url("alerts", patient.id), {"label": "Fraises"})
    assert answer.status_code == 409
    shown = page(answer)
    assert "Dans le dossier : « Allergie ». Votre saisie : « Précaution »." in shown
    assert "Dans le dossier : « Danger ». Votre saisie : « Attention »." in shown
    assert "label" in answer.context["form"].errors


def test_alert_is_added_and_ended_in_place(bob, patient, client_of):
    client = client_of(bob)
    answer = client.post(url("alerts", patient.id), {"code": "latex"}, headers=FRAGMENT)
    assert "Allergie : Latex" in page(answer)
    alert = MedicalAlert.objects.get()
    answer = client.post(url("end_alert", patient.id, alert.id), headers=FRAGMENT)
    assert "Aucune alerte notée" in page(answer)


def test_free_alert_is_added_without_script(bob, patient, client_of):
    client = client_of(bob)
    answer = client.post(url("alerts", patient.id), {"label": "Fraises"})
    assert answer.url == url("record", patient.id)
    alert = MedicalAlert.objects.get()
    assert (alert.label, alert.kind, alert.severity) == ("Fraises", "precaution", "attention")
    answer = client.post(url("end_alert", patient.id, alert.id))
    assert answer.url == url("record", patient.id)
    assert client.post(url("end_alert", patient.id, alert.id)).status_code == 302


@pytest.mark.parametrize("headers", [FRAGMENT, {}])
def test_alert_that_says_nothing_is_refused(bob, patient, client_of, headers):
    answer = client_of(bob).post(url("alerts", patient.id), {"details": "?"}, headers=headers)
    assert answer.status_code == 422
    assert "Choisissez une alerte" in page(answer)
    assert not MedicalAlert.objects.exists()


def test_alerts_are_not_changed_by_the_secretary(sarah, patient, client_of):
    assert client_of(sarah).post(url("alerts", patient.id), {"code": "latex"}).status_code == 403
    assert not MedicalAlert.objects.exists()


def test_relative_is_added_and_ended(sarah, patient, client_of):
    client = client_of(sarah)
    typed = {"relation": "guardian", "full_name": "Anne Petit", "phone": "06 39 98 00 09"}
    assert "Anne Petit" in page(client.post(url("relatives", patient.id), typed, headers=FRAGMENT))
    person = RelatedPerson.objects.get()
    assert person.phone == "+33639980009"
    answer = client.post(url("end_relative", patient.id, person.id), headers=FRAGMENT)
    assert "Aucun proche noté" in page(answer)
    assert client.post(url("end_relative", patient.id, person.id)).status_code == 302
    assert client.post(url("relatives", patient.id), typed).url == url("identity", patient.id)


def test_relative_with_a_wrong_number_is_refused(sarah, patient, client_of):
    answer = client_of(sarah).post(
        url("relatives", patient.id),
        {"relation": "insured", "full_name": "Anne Petit", "nir": "279035121518988"},
    )
    assert answer.status_code == 422
    assert "clé 88" in page(answer)


@pytest.mark.parametrize(
    "name", ["identity", "check_identity", "death", "change_photo", "remove_photo", "relatives"]
)
def test_writing_by_a_stranger_is_not_found(chloe, patient, client_of, name):
    assert (
        client_of(chloe).post(url(name, patient.id), {"paper": "CN", "version": 1}).status_code
        == 404
    )
    assert not Line.objects.filter(action="change").exists()


def test_search_box_is_shown_to_those_who_may_search(alice, marc, client_of):
    assert "data-search" in page(client_of(alice).get(url("home")))
    assert "data-search" not in page(client_of(marc).get(reverse("home")))


def test_form_left_without_saving_comes_back_and_can_be_given_up(sarah, patient, client_of):
    key = f"identity:{patient.id}"
    save_draft(person_id=sarah.id, key=key, text='{"town": "Rezé"}')
    client = client_of(sarah)
    shown = page(client.get(url("identity", patient.id)))
    assert '{"town": "Rezé"}' in shown
    assert "Votre saisie non enregistrée est reprise" in shown
    answer = client.post(url("identity", patient.id), {"abandon": "1"})
    assert answer.url == url("identity", patient.id)
    assert not Draft.objects.exists()


def test_form_that_is_saved_forgets_its_draft(sarah, patient, client_of):
    save_draft(person_id=sarah.id, key=f"identity:{patient.id}", text='{"town": "Rezé"}')
    save_draft(person_id=sarah.id, key="patient:nouveau", text='{"town": "Rezé"}')
    client = client_of(sarah)
    client.post(url("identity", patient.id), as_opened(client, patient) | {"town": "Rezé"})
    client.post(url("create"), TYPED)
    assert not Draft.objects.exists()


def test_new_patient_left_without_saving_comes_back_and_can_be_given_up(sarah, client_of):
    save_draft(person_id=sarah.id, key="patient:nouveau", text='{"town": "Rezé"}')
    client = client_of(sarah)
    assert '{"town": "Rezé"}' in page(client.get(url("create")))
    # Somebody else was looked for: her form does not start with another person's words.
    assert '{"town": "Rezé"}' not in page(client.get(url("create"), {"q": "dupont"}))
    assert client.post(url("create"), {"abandon": "1"}).url == url("create")
    assert not Draft.objects.exists()


def test_timeline_tells_what_happened_to_the_identity(sarah, patient, client_of):
    client = client_of(sarah)
    client.post(url("create"), TYPED)
    mine = Patient.objects.get(birth_name="DURAND")
    client.post(url("identity", mine.id), as_opened(client, mine) | {"town": "Rezé"})
    client.post(url("check_identity", mine.id), {"paper": "PA", "version": 2})
    shown = page(client.get(url("record", mine.id)))
    for words in ("Dossier créé", "Fiche modifiée", "Identité contrôlée", sarah.full_name):
        assert words in shown


def test_telephone_written_otherwise_is_not_a_change(sarah, practice, client_of):
    patient = PatientFactory.create(practice=practice, mobile_phone="+33639980001")
    client = client_of(sarah)
    client.post(
        url("identity", patient.id), as_opened(client, patient) | {"mobile_phone": "0639980001"}
    )
    assert not Line.objects.filter(action="change").exists()


def test_conflict_on_a_mistaken_first_value_is_still_compared(alice, sarah, patient, client_of):
    hers, mine = client_of(sarah), client_of(alice)
    opened_by_her, opened_by_me = as_opened(hers, patient), as_opened(mine, patient)
    hers.post(url("identity", patient.id), opened_by_her | {"mobile_phone": "0639980001"})
    answer = mine.post(
        url("identity", patient.id),
        opened_by_me
        | {"mobile_phone": "0639980002", "initial-mobile_phone": "?", "initial-born_on": "?"},
    )
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "address", ["/patients/{}/historique/?avant=", "/patients/{}/notes/?avant=", "/images/?page="]
)
@pytest.mark.parametrize(
    "junk",
    [
        "99999999999999999999",
        "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00Z",
        "%00",
        "-1",
        "\u00b2",
    ],
)
def test_page_asked_with_anything_answers(alice, patient, client_of, address, junk):
    assert client_of(alice).get(address.format(patient.id) + junk).status_code == 200
