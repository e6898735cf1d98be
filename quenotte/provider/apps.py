from django.apps import AppConfig


class ProviderConfig(AppConfig):
    name = "quenotte.provider"
    label = "provider"
    verbose_name = "Prestataire"

    def ready(self) -> None:
        """Put the fleet in the rail, and teach its keys to be asked for together."""
        from django.db.models import BigAutoField, BinaryField, UUIDField
        from django.utils.translation import gettext_lazy as _

        from quenotte.provider.console.panels import search_box
        from quenotte.provider.lookups import Among
        from quenotte.web import lights, panels
        from quenotte.web.navigation import NavItem, register

        for kind in (BinaryField, UUIDField, BigAutoField):
            kind.register_lookup(Among)
        # They tell of one practice: its copies, its machines, its messages.
        lights.hide()
        panels.register("shell", "search", 10, search_box)

        register(
            NavItem(
                "practice",
                _("Prestataire"),
                "building-2",
                "practice:cabinet",
                "practice.manage",
                80,
            )
        )
        register(NavItem("home", _("Parc"), "monitor", "fleet:morning", "fleet.read", 10))
        register(NavItem("search", _("Recherche"), "search", "console:search", "fleet.read", 20))
        register(
            NavItem(
                "incidents", _("Incidents"), "octagon-alert", "incidents:list", "fleet.read", 20
            )
        )
        register(NavItem("alerts", _("Alertes"), "bell", "incidents:alerts", "fleet.read", 40))
        register(
            NavItem("enrolment", _("Inscriptions"), "key-round", "enrolment:home", "fleet.work", 30)
        )
        register(NavItem("charter", _("Charte"), "file-text", "charter:charter", "fleet.sign", 40))
