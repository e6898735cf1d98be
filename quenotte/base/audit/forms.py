"""What a reader of the journal asks for, and the words of its columns."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.queries import Wanted, patient_by_file_number, staff
from quenotte.base.audit.rules import Action
from quenotte.web.fields import FrenchDateField

ACTION_WORDS: Final = {
    Action.CREATE.value: _("Création"),
    Action.READ.value: _("Lecture"),
    Action.CHANGE.value: _("Modification"),
    Action.PRINT.value: _("Impression"),
    Action.EXPORT.value: _("Export"),
    Action.SEARCH.value: _("Recherche"),
    Action.LOGIN.value: _("Connexion"),
    Action.LOGOUT.value: _("Déconnexion"),
    Action.LOCK.value: _("Verrouillage"),
    Action.UNLOCK.value: _("Déverrouillage"),
    Action.SWITCH.value: _("Changement de personne"),
    Action.FAILURE.value: _("Échec de connexion"),
    Action.RECEIVE.value: _("Réception"),
    Action.FILE.value: _("Classement"),
    Action.SEND.value: _("Envoi"),
}

RESULT_WORDS: Final = {
    "ok": _("Fait"),
    "refused": _("Refusé"),
    "failed": _("Échec"),
    "locked": _("Bloqué"),
    "filed": _("Rangée dans le dossier"),
    "tray": _("À rattacher"),
    "duplicate": _("Déjà reçue"),
    "quarantine": _("Illisible, gardée telle quelle"),
}

SOURCE_WORDS: Final = {
    "web": _("Page"),
    "dicom": _("Appareil"),
    "worker": _("Tâche"),
    "cli": _("Commande"),
    "system": _("Serveur"),
    "link": _("Lien d’un message"),
    "feed": _("Agenda d’un téléphone"),
}

OBJECT_WORDS: Final = {
    "account": _("Compte"),
    "agenda_settings": _("Réglages de l’agenda"),
    "alert": _("Alerte"),
    "appointment": _("Rendez-vous"),
    "appointment_type": _("Type de rendez-vous"),
    "backup": _("Sauvegarde"),
    "board": _("Mot d’équipe"),
    "brought_back": _("Ligne ramenée d’une copie"),
    "call": _("Appel entre salles"),
    "call_kind": _("Liste des appels"),
    "callback": _("Patient à rappeler"),
    "recall": _("Contrôle à proposer"),
    "calendar_feed": _("Agenda de téléphone"),
    "chair": _("Fauteuil"),
    "chart": _("Schéma dentaire"),
    "charter": _("Charte"),
    "customer": _("Cabinet suivi"),
    "customers": _("Cabinets suivis"),
    "day": _("Agenda du jour"),
    "days": _("Agenda de plusieurs jours"),
    "device": _("Appareil"),
    "document": _("Document"),
    "correspondent": _("Correspondant"),
    "evidence": _("Dossier de preuves"),
    "evidence_answers": _("Questionnaire signé"),
    "evidence_draft": _("Brouillon d’un questionnaire"),
    "evidence_making": _("Dossier de preuves demandé"),
    "drug_file": _("Base des médicaments"),
    "favourite": _("Favori d’ordonnance"),
    "letter": _("Courrier ou certificat"),
    "letter_template": _("Modèle de courrier"),
    "prescriber": _("En-tête d’ordonnance"),
    "prescription": _("Ordonnance"),
    "prescription_template": _("Modèle d’ordonnance"),
    "kit": _("Feuille de secours"),
    "factor": _("Second facteur"),
    "grant": _("Accès exceptionnel"),
    "login_hours": _("Règles de connexion"),
    "hours": _("Horaires d’ouverture"),
    "identity": _("Identité"),
    "journal": _("Journal"),
    "leave": _("Congé"),
    "message": _("Message à un patient"),
    "message_template": _("Texte de message"),
    "messages": _("Liste des messages"),
    "note": _("Note clinique"),
    "page": _("Page"),
    "password": _("Mot de passe"),
    "patient": _("Dossier"),
    "picture": _("Image"),
    "pin": _("Code du poste"),
    "practice": _("Cabinet"),
    "process": _("Processus"),
    "anomaly": _("Anomalie des sauvegardes"),
    "declaration": _("Gros changement annoncé"),
    "medium": _("Support de sauvegarde"),
    "machine": _("Poste suivi"),
    "pairing": _("Lien avec le prestataire"),
    "machine_token": _("Code pour suivre des postes"),
    "agreement": _("Programmes et ports convenus"),
    "exemption": _("Constat accepté pour un temps"),
    "recovery": _("Retour depuis une copie"),
    "related": _("Proche"),
    "reminder_settings": _("Réglages des rappels"),
    "room": _("Salle"),
    "run": _("Tâche"),
    "search": _("Recherche"),
    "session": _("Session"),
    "short_notice": _("Liste d’attente"),
    "task": _("Chose à faire"),
    "tooth": _("Dent"),
    "tray": _("Images à rattacher"),
    "upload": _("Envoi"),
    "view": _("Vue du parc"),
    "workstation": _("Poste"),
    "incident": _("Incident"),
    "maintenance": _("Maintenance"),
    "duty": _("Service d’un technicien"),
    "subscription": _("Navigateur à prévenir"),
    "sending": _("Envois"),
    "reply": _("Réponse d’un cabinet"),
}


class WantedForm(forms.Form):
    """Filters of the journal; all are optional."""

    person = forms.ChoiceField(label=_("Personne"), required=False)
    action = forms.ChoiceField(
        label=_("Action"),
        required=False,
        choices=[("", _("Toutes")), *ACTION_WORDS.items()],
    )
    patient = forms.CharField(label=_("Dossier n°"), required=False, max_length=36)
    since = FrenchDateField(label=_("Du"), required=False)
    until = FrenchDateField(label=_("Au"), required=False)
    result = forms.ChoiceField(
        label=_("Résultat"),
        required=False,
        choices=[("", _("Tous")), ("ok", _("Fait")), ("not_ok", _("Refusé, bloqué ou en échec"))],
    )

    def __init__(self, *args: Any, practice_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice_id = practice_id
        if not settings.IS_A_PRACTICE:
            # A provider has no record of anybody.
            del self.fields["patient"]
        people = [(str(person_id), name) for person_id, name in staff(practice_id)]
        self.fields["person"].choices = [("", _("Toutes")), *people]  # type: ignore[attr-defined]

    def clean_patient(self) -> UUID | None:
        """Turn the file number into the internal id that the journal holds."""
        text = self.cleaned_data["patient"].strip()
        if not text:
            return None
        patient_id = patient_by_file_number(self.practice_id, text)
        if patient_id is None:
            raise forms.ValidationError(_("Aucun dossier ne porte ce numéro."))
        return patient_id

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("Cette date précède le début de la période."))
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """The filters, once valid."""
        person = self.cleaned_data["person"]
        return Wanted(
            person_id=UUID(person) if person else None,
            action=self.cleaned_data["action"],
            patient_id=self.cleaned_data.get("patient"),
            since=self.cleaned_data["since"],
            until=self.cleaned_data["until"],
            result=self.cleaned_data["result"],
        )
