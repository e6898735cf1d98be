"""Addresses of the practice's site."""

from django.urls import URLPattern, URLResolver, include, path

from quenotte.base.keyboard.urls import site_patterns as keyboard_patterns
from quenotte.base.people.urls import site_patterns

urlpatterns: list[URLPattern | URLResolver] = [
    *site_patterns,
    *keyboard_patterns,
    path("", include("quenotte.base.keyboard.urls")),
    path("", include("quenotte.base.people.urls")),
    path("cabinet/", include("quenotte.base.practice.urls")),
    path("cabinet/actes/", include("quenotte.office.catalogue.urls")),
    path("cabinet/reprise/", include("quenotte.care.takeover.urls")),
    path("journal/", include("quenotte.base.audit.urls")),
    path("taches/", include("quenotte.base.jobs.urls")),
    path("patients/", include("quenotte.care.patients.urls")),
    path("patients/", include("quenotte.care.chart.urls")),
    path("", include("quenotte.care.documents.urls")),
    path("patients/", include("quenotte.care.perio.urls")),
    path("", include("quenotte.care.consents.urls")),
    path("", include("quenotte.care.questionnaires.urls")),
    path("tablette/", include("quenotte.base.tablets.urls")),
    path("", include("quenotte.care.prescriptions.urls")),
    path("", include("quenotte.care.agenda.urls")),
    path("", include("quenotte.care.imaging.urls")),
    path("", include("quenotte.care.stock.urls")),
    path("", include("quenotte.care.sterilisation.urls")),
    path("", include("quenotte.care.prosthetics.urls")),
    path("", include("quenotte.care.desk.urls")),
    path("", include("quenotte.care.recalls.urls")),
    path("", include("quenotte.care.reminders.urls")),
    path("patients/", include("quenotte.office.plans.urls")),
    path("", include("quenotte.office.visits.urls")),
    path("sauvegardes/", include("quenotte.upkeep.restores.urls")),
    path("sauvegardes/anomalies/", include("quenotte.upkeep.guard.urls")),
    path("protection/sauvegardes/", include("quenotte.upkeep.backups.urls")),
    path("protection/sauvegardes/feuille/", include("quenotte.upkeep.kits.urls")),
    path("protection/postes/", include("quenotte.upkeep.workstations.urls")),
    path("protection/prestataire/", include("quenotte.upkeep.pulse.urls")),
    path("", include("quenotte.web.urls")),
]

handler500 = "quenotte.config.failures.server_error"
