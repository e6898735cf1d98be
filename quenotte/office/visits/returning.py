"""How rows of the plans and of the visits come back from a copy: what is gone alone does."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.base.pasts import Row, Rule

_SINCE: Final = {"done_at": _("fait le"), "practitioner": _("praticien")}


def _plan_is_changed_there(_before: Row, _now: Row) -> object:
    return _("Un plan se modifie sur sa page : la copie montre ce qu’il disait.")


def _visit_is_corrected_there(_before: Row, _now: Row) -> object:
    return _(
        "Une séance se corrige sur sa page, avec une raison : la copie montre ce qu’elle disait."
    )


#: What is not compared: they only say which plan is chosen and which visit is open now.
LEFT: Final = (("office.ChosenPlan", ""), ("office.OpenVisit", ""))
RULES: Final = (
    Rule(
        "office.TreatmentPlan", _("Plan de traitement"),
        fields={"practitioner": _("praticien"), "status": _("état")},
        changed=_plan_is_changed_there,
    ),
    Rule(
        "office.PlanSession", _("Séance d’un plan"), "plan__patient",
        changed=_plan_is_changed_there,
    ),
    Rule(
        "office.PlanLine", _("Acte d’un plan"), "plan__patient",
        fields={"status": _("état")}, changed=_plan_is_changed_there,
    ),
    Rule(
        "office.Visit", _("Séance"),
        fields={"practitioner": _("praticien"), "opened_at": _("ouverte le")},
        changed=_visit_is_corrected_there,
    ),
    Rule(
        "office.VisitAct", _("Acte réalisé"), "visit__patient",
        fields=_SINCE, changed=_visit_is_corrected_there,
    ),
    Rule(
        "office.VisitSupply", _("Matériau d’une séance"), "visit__patient",
        changed=_visit_is_corrected_there,
    ),
    Rule(
        "office.Anaesthesia", _("Anesthésie"), "visit__patient",
        fields={"given_at": _("faite le")}, changed=_visit_is_corrected_there,
    ),
)  # fmt: skip
