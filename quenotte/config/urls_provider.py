"""Addresses of the provider's site."""

from django.urls import URLPattern, URLResolver, include, path

from quenotte.base.keyboard.urls import site_patterns as keyboard_patterns
from quenotte.base.people.urls import site_patterns
from quenotte.provider.fleet import urls as fleet
from quenotte.provider.incidents.urls import fleet_patterns

urlpatterns: list[URLPattern | URLResolver] = [
    # Before the page of the day of a practice.
    *fleet.site_patterns,
    *site_patterns,
    *keyboard_patterns,
    path("", include("quenotte.base.keyboard.urls")),
    path("", include("quenotte.base.people.urls")),
    path("cabinet/", include("quenotte.base.practice.urls")),
    path("journal/", include("quenotte.base.audit.urls")),
    path("taches/", include("quenotte.base.jobs.urls")),
    path("", include("quenotte.provider.asking.urls")),
    path("", include("quenotte.provider.charter.urls")),
    path("", include("quenotte.provider.console.urls")),
    path("", include("quenotte.provider.customers.urls")),
    path("", include("quenotte.provider.enrolment.urls")),
    path("", include(([*fleet_patterns, *fleet.urlpatterns], fleet.app_name))),
    path("", include("quenotte.provider.incidents.urls")),
    path("", include("quenotte.provider.licences.urls")),
    path("", include("quenotte.provider.evidence.urls")),
    path("", include("quenotte.web.urls")),
]

handler500 = "quenotte.config.failures.server_error"
