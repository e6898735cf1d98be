from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "quenotte.upkeep"
    label = "upkeep"
    verbose_name = "Sauvegardes"

    def ready(self) -> None:
        """Bring back what pages ask for while a practice comes back; offer the pages."""
        from quenotte.upkeep.restores.recovering import watch

        watch()
        self._wire_restores()
        self._wire_backups()

    def _wire_restores(self) -> None:
        from quenotte.upkeep.guard import panels as guard
        from quenotte.upkeep.restores import panels as restores
        from quenotte.web import panels

        panels.register("home", "top", 5, restores.coming_back)
        panels.register("shell", "notices", 1, guard.notice)

    def _wire_backups(self) -> None:
        """Feed the light of every page, and put the kit on the page of the backups."""
        from django.utils.translation import gettext_lazy as _

        from quenotte.upkeep.backups import panels as backups
        from quenotte.upkeep.backups.queries import judge_kit_by
        from quenotte.upkeep.kits import panels as kits
        from quenotte.upkeep.kits.queries import lack
        from quenotte.web import lights, panels
        from quenotte.web.navigation import NavItem, register

        lights.register("backup", backups.light)
        judge_kit_by(lack)
        panels.register("backups", "side", 10, kits.card)
        register(
            NavItem("protection", _("Protection"), "shield", "backups:home", "backups.read", 70)
        )
