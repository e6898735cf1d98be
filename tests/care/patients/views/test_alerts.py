"""Medical alerts, given and ended from the banner."""

import pytest

from quenotte.care.patients.models import MedicalAlert
from tests.care.patients.views.forms import FRAGMENT, page, url


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
