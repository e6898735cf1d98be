"""What else of a record is compared with a copy: it comes back as it was once it is gone.

What changed since is corrected where it was written: the copy shows what it said.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.base.pasts import Row, Rule
from quenotte.care.perio import queries as perio

_BY: Final = {"signed_as": _("signé par")}
_AT: Final = {"at": _("le")}


def _on_its_page(_before: Row, _now: Row) -> object:
    return _("Cela se corrige sur sa page : la copie montre ce qu’il y avait.")


def _of_exam(row: Row) -> object:
    """Say why measures of an examination that is still there, and closed, do not come back."""
    if perio.is_closed(row["exam_id"]):
        return _(
            "Un examen clos ne reçoit plus de mesure : « quenotte restore to » rend la copie "
            "à part."
        )
    return ""


RULES: Final = (
    Rule(
        "care.PerioExam", _("Examen parodontal"),
        fields={"examined_by": _("examiné par"), "status": _("état")}, changed=_on_its_page,
    ),
    Rule(
        "care.PerioTooth", _("Dent d’un examen parodontal"), "exam__patient",
        fields={"tooth": _("dent"), "presence": _("présence"), "mobility": _("mobilité")},
        lost=_of_exam, changed=_on_its_page, is_part=True,
    ),
    Rule(
        "care.PerioSite", _("Mesure d’un examen parodontal"), "exam__patient",
        fields={
            "tooth": _("dent"), "site": _("site"), "depth": _("profondeur"),
            "recession": _("récession"),
        },
        lost=_of_exam, changed=_on_its_page, is_part=True,
    ),
    Rule(
        "care.PerioStatement", _("Conclusion parodontale"), "exam__patient",
        fields=_BY, changed=_on_its_page,
    ),
    Rule(
        "care.Letter", _("Courrier ou certificat"),
        fields={"state": _("état")}, changed=_on_its_page,
    ),
    Rule(
        "care.StockMovement", _("Produit utilisé"),
        fields={**_BY, **_AT, "lot": _("lot"), "quantity": _("quantité")}, changed=_on_its_page,
    ),
    Rule(
        "care.PouchUse", _("Sachet stérile"),
        fields={**_BY, **_AT, "pouch": _("sachet")}, changed=_on_its_page,
    ),
    Rule(
        "care.PlacedDevice", _("Implant ou dispositif"),
        fields={"placed_by": _("posé par")}, changed=_on_its_page,
    ),
    Rule(
        "care.LabOrder", _("Travail de laboratoire"),
        fields={"laboratory": _("laboratoire"), "status": _("état")}, changed=_on_its_page,
    ),
    Rule(
        "care.LabStep", _("Étape d’un travail de laboratoire"), "order__patient",
        fields={**_BY, **_AT, "status": _("état")}, changed=_on_its_page, is_part=True,
    ),
    Rule(
        "care.RecallChoice", _("Intervalle de contrôle"),
        fields={"rule": _("règle")}, changed=_on_its_page,
    ),
    Rule(
        "care.Recall", _("Contrôle à proposer"),
        fields={"rule": _("règle"), "closed_as": _("issue")}, changed=_on_its_page,
    ),
    Rule(
        "care.RecallAttempt", _("Appel pour un contrôle"), "recall__patient",
        fields={**_AT, "result": _("réponse")}, changed=_on_its_page, is_part=True,
    ),
    Rule("care.ShortNotice", _("Attente d’un rendez-vous plus tôt"), changed=_on_its_page),
    Rule(
        "care.LotRecallNote", _("Appel d’un rappel de lot"),
        fields={**_BY, **_AT, "lot": _("lot")}, changed=_on_its_page,
    ),
    Rule(
        "care.CycleRecallNote", _("Appel d’un rappel de stérilisation"),
        fields={**_BY, **_AT, "cycle": _("cycle")}, changed=_on_its_page,
    ),
    Rule("care.OpeningBalance", _("Solde repris"), changed=_on_its_page),
)  # fmt: skip

#: What is not compared, and the words for it; without any, people never see it.
LEFT: Final = (
    # They go by themselves when their time has come: each old copy would seem to have lost some.
    ("care.Message", _("messages de rappel")),
    ("care.Task", _("choses à faire")),
    ("care.Callback", _("rappels téléphoniques")),
    # The trace of an import, by which it is undone.
    ("care.ImportedPatient", ""),
)
