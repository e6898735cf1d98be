import pytest
from django.urls import reverse

from quenotte.care.reminders.models import MessageTemplate, ReminderSettings
from quenotte.care.reminders.operations import carriers
from quenotte.devices.mail.troubles import Cause, MailTrouble
from tests.conftest import NOW
from tests.factories import MessageTemplateFactory

pytestmark = pytest.mark.django_db

PAGE = "/cabinet/rappels/"
VALUES = {
    "seen": "0", "is_on": "on", "mail_is_on": "on", "mail_hours_before": "72",
    "sms_hours_before": "24", "quiet_from_hour": "20", "quiet_to_hour": "8",
    "smtp_host": "smtp.courriel.example", "smtp_port": "587", "smtp_security": "starttls",
    "smtp_user": "cabinet", "password": "mot-de-passe-secret",
    "sender_address": "rappels@quenottes.example", "reply_to": "", "sms_sender": "",
}  # fmt: skip
WORDS = "/cabinet/rappels/textes/"
TEMPLATE = f"{WORDS}mail/reminder/"
TEXT = {
    "is_on": "on", "subject": "Le {date}", "version": "0",
    "text": "Bonjour {prénom}, le {date} à {heure}. {lien}",
}  # fmt: skip


def body(answer):
    return answer.content.decode()


class TestSending:
    def test_settings_are_saved_and_the_password_never_shown(self, alice, client_of):
        client = client_of(alice)
        answer = client.post(PAGE, VALUES, follow=True)
        assert "Les réglages des rappels sont enregistrés." in body(answer)
        found = ReminderSettings.objects.get()
        assert found.is_on
        assert carriers.account_of(found).password == "mot-de-passe-secret"
        page = body(client.get(PAGE))
        assert "mot-de-passe-secret" not in page
        assert found.sealed_password not in page
        assert "jamais réaffiché" in page

    def test_refusal_keeps_what_was_typed(self, alice, client_of):
        answer = client_of(alice).post(PAGE, VALUES | {"smtp_host": ""})
        assert answer.status_code == 422
        assert "Il manque le serveur d’envoi" in body(answer)
        assert "rappels@quenottes.example" in body(answer)
        assert not ReminderSettings.objects.exists()

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"smtp_port": "beaucoup"}, "nombre"),
            ({"mail_hours_before": "1"}, "choix"),
            ({"sender_address": "cabinet"}, "courriel"),
            ({"seen": "7"}, "ont changé entre-temps"),
            ({"seen": "x"}, "ont changé entre-temps"),
            ({"sms_is_on": "on", "sms_sender": "06 39 98"}, "serait refusé"),
        ],
    )
    def test_bad_input_is_explained(self, alice, client_of, change, words):
        answer = client_of(alice).post(PAGE, VALUES | change)
        assert answer.status_code == 422
        assert words in body(answer)
        assert not ReminderSettings.objects.exists()

    @pytest.mark.parametrize("who", ["sarah", "bob", "marc"])
    def test_only_the_gestionnaire_comes_here(self, who, client_of, request):
        client = client_of(request.getfixturevalue(who))
        for path in (PAGE, WORDS, TEMPLATE):
            assert client.get(path).status_code == 403
        assert client.post(PAGE, VALUES).status_code == 403
        assert client.post(reverse("reminders:trial")).status_code == 403
        assert not ReminderSettings.objects.exists()

    def test_page_says_whether_messages_have_a_link(self, alice, client_of, settings):
        assert "ne portent pas de lien" in body(client_of(alice).get(PAGE))
        settings.PUBLIC_URL = "https://rappels.quenottes.example"
        assert "https://rappels.quenottes.example" in body(client_of(alice).get(PAGE))

    def test_trouble_is_told_with_its_remedy(self, alice, sending, client_of):
        ReminderSettings.objects.update(trouble="certificate", trouble_since=NOW)
        page = body(client_of(alice).get(PAGE))
        assert "le certificat porte un autre nom" in page


class TestTrial:
    def test_success_is_told(self, alice, sending, post, client_of):
        answer = client_of(alice).post(
            reverse("reminders:trial"), {"recipient": "alice@quenottes.example"}
        )
        assert "Le serveur a accepté le message d’essai." in body(answer)
        assert len(post.letters) == 1

    @pytest.mark.parametrize(
        ("cause", "code", "is_temporary", "words"),
        [
            (Cause.LOGIN, 535, False, ["(réponse 535)", "mot de passe d’application"]),
            (Cause.CERTIFICATE, 0, False, ["certificat", "porte un autre nom"]),
            (Cause.DROPPED, 0, True, ["coupée", "Réessayez dans quelques minutes."]),
            (Cause.CONTENT, 554, False, ["(réponse 554)"]),
        ],
    )
    def test_refusal_says_what_to_do(
        self, alice, sending, post, client_of, cause, code, is_temporary, words
    ):
        post.troubles.append(MailTrouble(cause, code=code, is_temporary=is_temporary))
        answer = client_of(alice).post(
            reverse("reminders:trial"), {"recipient": "alice@quenottes.example"}
        )
        assert all(it in body(answer) for it in words)

    def test_nothing_is_tried_without_an_address_or_a_server(self, alice, post, client_of):
        client = client_of(alice)
        assert client.post(reverse("reminders:trial"), {"recipient": "x"}).status_code == 422
        answer = client.post(reverse("reminders:trial"), {"recipient": "alice@quenottes.example"})
        assert answer.status_code == 422
        assert "Enregistrez d’abord" in body(answer)
        assert post.letters == []


class TestWords:
    def test_list_shows_the_words_in_force(self, alice, client_of, practice):
        MessageTemplateFactory.create(practice=practice, text="À nous {date} {heure}", version=3)
        page = body(client_of(alice).get(WORDS))
        assert "À nous {date} {heure}" in page
        assert page.count("d’origine") == 7

    def test_words_are_saved_as_a_version(self, alice, client_of):
        client = client_of(alice)
        answer = client.post(TEMPLATE, TEXT, follow=True)
        assert "Le texte est enregistré" in body(answer)
        assert MessageTemplate.objects.get().version == 1
        assert "Version 1" in body(client.get(TEMPLATE))

    def test_words_of_health_are_refused_beside_their_field(self, alice, client_of):
        answer = client_of(alice).post(
            TEMPLATE, TEXT | {"text": TEXT["text"] + " pour votre détartrage {motif}"}
        )
        assert answer.status_code == 422
        page = body(answer)
        assert "« detartrage » parle de santé" in page
        assert "« motif » ne peut pas figurer" in page
        assert not MessageTemplate.objects.exists()

    def test_problem_of_a_short_message_stands_beside_its_text(self, alice, client_of):
        answer = client_of(alice).post(
            f"{WORDS}sms/reminder/", {"text": "Le {date}", "version": "0"}
        )
        assert "Il manque {heure}." in body(answer)
        assert 'name="subject"' not in body(answer)

    def test_stale_form_overwrites_nothing(self, alice, client_of, practice):
        MessageTemplateFactory.create(practice=practice, text="Autre {date} {heure}")
        answer = client_of(alice).post(TEMPLATE, TEXT)
        assert "a changé entre-temps" in body(answer)
        assert MessageTemplate.objects.count() == 1

    def test_preview_counts_what_a_short_message_costs(self, alice, client_of):
        address = f"{WORDS}sms/reminder/apercu/"
        page = body(client_of(alice).post(address, {"text": "Le {date} à {heure}"}))
        assert "Le mercredi 23 septembre à 14h30" in page
        assert "1 SMS, 32 signes, encore 128" in page
        page = body(client_of(alice).post(address, {"text": "Le {date} à {heure} 🦷"}))
        assert "réduisent la place à 70 par SMS : 🦷" in page

    def test_preview_says_what_is_wrong_and_saves_nothing(self, alice, client_of):
        address = f"{TEMPLATE}apercu/"
        page = body(client_of(alice).post(address, {"subject": "x", "text": "{motif} {"}))
        assert "ne pourrait pas être enregistré" in page
        assert "« motif »" in page
        assert not MessageTemplate.objects.exists()

    def test_preview_has_the_link_only_when_messages_have_one(self, alice, client_of, settings):
        address = f"{TEMPLATE}apercu/"
        settings.PUBLIC_URL = "https://rappels.quenottes.example"
        page = body(client_of(alice).post(address, {"subject": "x", "text": "{lien}"}))
        assert "https://rappels.quenottes.example/r/" in page

    @pytest.mark.parametrize("path", ["pigeon/reminder/", "mail/promotion/"])
    def test_unknown_message_is_no_page(self, alice, client_of, path):
        assert client_of(alice).get(WORDS + path).status_code == 404

    def test_wrong_verb(self, alice, client_of):
        assert client_of(alice).get(f"{TEMPLATE}apercu/").status_code == 405
        assert client_of(alice).put(TEMPLATE).status_code == 405
