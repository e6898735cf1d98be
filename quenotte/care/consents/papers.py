"""The sheet of a consent: the exact text, the decision, the signatures, and the digest of all."""

from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.base.practice.queries import practice as practice_named
from quenotte.care.consents import queries, rules
from quenotte.care.consents.models import Consent
from quenotte.care.documents import operations as documents
from quenotte.care.patients.queries import born_word, summary_of
from quenotte.kernel.phones import display_phone

_TEMPLATE: Final = "care/paper/consent.typ"
_LONGEST_TITLE: Final = 100


def paper(consent: Consent) -> bytes:
    """Return the PDF of a consent that is being sealed."""
    assert consent.sealed_at is not None
    return documents.set_paper(_TEMPLATE, _data(consent), made_at=consent.sealed_at)


def title_of(consent: Consent) -> str:
    """Return what the document of a consent is called."""
    word = _("Refus de soin") if is_refused(consent) else _("Consentement")
    return f"{word} : {consent.title}"[:_LONGEST_TITLE]


def is_refused(consent: Consent) -> bool:
    """Tell whether the patient declined."""
    return consent.decision == rules.Decision.REFUSED


def signed_words(consent: Consent) -> str:
    """Return who signed, how and when, in one line."""
    assert consent.answered_at is not None
    when = date_format(timezone.localtime(consent.answered_at), "j F Y, G \\h i")
    if consent.signed == "refused":
        return _("A refusé de signer, le %(when)s") % {"when": when}
    how = _("signature tracée") if consent.signed == "drawn" else _("nom tapé et case cochée")
    usual = _("représentant légal") if consent.signer == "guardian" else _("patient")
    who = consent.signer_quality or usual
    words = {"name": consent.signer_name, "who": who, "how": how, "when": when}
    return _("%(name)s (%(who)s) · %(how)s, le %(when)s") % words


def practitioner_words(consent: Consent) -> str:
    """Return which practitioner signed, and when."""
    if consent.sealed_at is None:
        return ""
    when = date_format(timezone.localtime(consent.sealed_at), "j F Y, G \\h i")
    return _("%(name)s, le %(when)s") % {"name": consent.practitioner_as, "when": when}


def _data(consent: Consent) -> dict[str, Any]:
    patient = consent.patient
    practice = practice_named(patient.practice_id)
    summary = summary_of(patient)
    born = f"{born_word(patient.sex)} {summary.birth}" if summary.birth else ""
    lines = [practice.address, f"{practice.postcode} {practice.town}".strip()]
    lines.append(display_phone(practice.phone) if practice.phone else "")
    about = [_("Dents : %(teeth)s") % {"teeth": consent.teeth}] if consent.teeth else []
    about += [consent.details] if consent.details else []
    return {
        "title": consent.title,
        "subtitle": " · ".join([*about, _("version %(n)s du texte") % {"n": consent.text_version}]),
        "author": {"name": consent.practitioner_as, "lines": []},
        "practice": {"name": practice.name, "lines": lines},
        "patient": {
            "name": patient.full_name,
            "lines": [f"{born} · n° {patient.file_number}".strip(" ·")],
        },
        "alerts": [one.words for one in summary.alerts],
        "parts": [{"title": title, "text": text} for title, text in queries.told_parts(consent)],
        "questions": consent.questions,
        "questions_title": _("Questions posées"),
        "decision": _decision(consent),
        "patient_signature": consent.signature,
        "patient_signed": signed_words(consent),
        "practitioner_signature": consent.practitioner_signature,
        "practitioner_signed": practitioner_words(consent),
        "seal_title": _("Empreinte SHA-256 du texte, des réponses et des signatures"),
        "seal": rules.grouped(consent.digest),
        "foot": _("Couvert par le secret médical."),
    }


def _decision(consent: Consent) -> str:
    if not is_refused(consent):
        return _(
            "J’ai été informé du soin, de ses risques et des autres possibilités, j’ai pu poser "
            "mes questions, et j’accepte ce soin. Je peux changer d’avis à tout moment."
        )
    reason = f" {consent.reason}" if consent.reason else ""
    return _("J’ai été informé et je refuse ce soin.") + reason
