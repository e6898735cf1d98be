"""How rows of the care come back from a copy: through their own rooms, or why not at all.

What is gone comes back as it was: nothing is written over. What was signed, charted, answered or
issued is never changed; what its room can add instead is added, with today's date.
"""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base.audit.rules import Actor
from quenotte.base.pasts import Row, Rule
from quenotte.care.agenda import operations as agenda
from quenotte.care.chart import operations as chart
from quenotte.care.documents import operations as documents
from quenotte.care.prescriptions import operations as prescriptions
from quenotte.care.prescriptions.rules import lines

_BY: Final = {"signed_as": gettext_lazy("signé par")}


def never(words: object) -> Callable[[Row, Row], object]:
    """Return the reason for which no change of a row is taken back."""
    return lambda _before, _now: words


def _record(_before: Row, now: Row) -> object:
    """Say why the sheet of a patient stays as it is: it was united with another one."""
    if now.get("merged_into_id"):
        return _("Ce dossier a été réuni avec un autre : séparez-les d’abord, page Doublons.")
    return ""


def _correct(actor: Actor, before: Row, now: Row) -> None:
    """Sign a correction that says what the note of before said."""
    chart.write_note(
        actor=actor, patient_id=now["patient_id"], text=before["text"], corrects_id=now["id"]
    )


def _withdrawal(now: Row) -> object:
    if now["what"] == "withdraw" and now["target"] and not now["source"]:
        return ""
    return _("Écrit depuis : annulez-le dans le schéma, s’il est de trop.")


def _chart_again(actor: Actor, now: Row) -> None:
    chart.chart_again(actor=actor, patient_id=now["patient_id"], withdrawn=now["target"])


def _paper(before: Row, now: Row) -> object:
    if now["cancelled_at"]:
        return _("Un document annulé le reste : ajoutez-en un nouveau.")
    if before["current_id"] != now["current_id"]:
        return _("La version d’avant est gardée : reprenez-la sur la page du document.")
    if now["withdrawn_at"] and not before["withdrawn_at"]:
        return ""
    if now["withdrawn_at"]:
        return _("Ce document est masqué : remettez-le d’abord sur sa page.")
    return _("Un document scellé ne se modifie pas.") if now["is_sealed"] else ""


def _put_back(actor: Actor, before: Row, now: Row) -> None:
    """Show a hidden document again, and give it the title, the type and the day of before."""
    version = now["version"]
    if now["withdrawn_at"]:
        shown = documents.restore(actor=actor, document_id=now["id"], expected_version=version)
        version = shown.version
    told = {name: before[name] for name in ("title", "kind", "dated_on")}
    if any(now[name] != value for name, value in told.items()) and not now["is_sealed"]:
        documents.describe(actor=actor, document_id=now["id"], expected_version=version, **told)


def _prescribed(before: Row, _now: Row) -> object:
    if before["state"] == "draft":
        return ""
    return _("Une ordonnance émise ne se modifie jamais : renouvelez-la depuis sa page.")


def _draft_again(actor: Actor, before: Row, now: Row) -> None:
    """Open another draft that says what the one of before said."""
    made = prescriptions.begin(actor=actor, patient_id=now["patient_id"])
    told = prescriptions.Written(
        lines.from_json(before["lines"]), before["remarks"], before["weight_kg"], before["paper"]
    )
    prescriptions.save(
        actor=actor, prescription_id=made.id, expected_version=made.version, written=told
    )


def _is_free(actor: Actor, before: Row) -> None:
    agenda.refuse_taken_place(actor=actor, appointment_id=before["id"])


PATIENT: Final = Rule("care.Patient", gettext_lazy("Fiche du patient"), changed=_record)
APPOINTMENT: Final = Rule(
    "care.Appointment", gettext_lazy("Rendez-vous"),
    fields={"practitioner": gettext_lazy("praticien"), "patient": gettext_lazy("dossier")},
    check=_is_free,
)  # fmt: skip
RECORD: Final = (
    Rule("care.RelatedPerson", gettext_lazy("Proche")),
    Rule("care.MedicalAlert", gettext_lazy("Alerte médicale")),
    APPOINTMENT,
    Rule(
        "care.Note", gettext_lazy("Note clinique"),
        fields={**_BY, "signed_at": gettext_lazy("signé le")}, change=_correct,
    ),
    Rule(
        "care.ChartEvent", gettext_lazy("Constat du schéma"),
        fields={
            **_BY, "what": gettext_lazy("écriture"), "on": gettext_lazy("jour"),
            "finding": gettext_lazy("constat"),
        },
        changed=never(
            gettext_lazy("Un constat ne se modifie jamais : notez-le de nouveau dans le schéma.")
        ),
        added=_withdrawal, revert=_chart_again,
    ),
    Rule(
        "care.Picture", gettext_lazy("Image"),
        fields={"taken_at": gettext_lazy("prise le"), "teeth": gettext_lazy("dents")},
    ),
    Rule("care.Document", gettext_lazy("Document"), changed=_paper, change=_put_back),
    Rule(
        "care.DocumentVersion", gettext_lazy("Version d’un document"), "document__patient",
        fields={"file_name": gettext_lazy("fichier"), "number": gettext_lazy("numéro")},
        changed=never(gettext_lazy("Les versions d’un document ne se modifient jamais.")),
    ),
    Rule(
        "care.Prescription", gettext_lazy("Ordonnance"),
        fields={"lines": gettext_lazy("lignes"), "state": gettext_lazy("état")},
        changed=_prescribed, change=_draft_again,
    ),
    Rule(
        "care.Consent", gettext_lazy("Consentement"),
        fields={"title": gettext_lazy("titre"), "state": gettext_lazy("état")},
        changed=never(
            gettext_lazy("Ce que le patient a répondu ne se modifie pas : préparez-en un nouveau.")
        ),
    ),
    Rule(
        "care.Questionnaire", gettext_lazy("Questionnaire"),
        fields={"state": gettext_lazy("état"), "answers": gettext_lazy("réponses")},
        changed=never(
            gettext_lazy("Ce que le patient a répondu ne se modifie pas : faites-en remplir un.")
        ),
    ),
)  # fmt: skip
