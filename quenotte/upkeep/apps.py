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
        self._wire_guard()
        self._wire_workstations()

    def _wire_restores(self) -> None:
        from quenotte.upkeep.restores import panels as restores
        from quenotte.web import panels

        panels.register("home", "top", 5, restores.coming_back)
        panels.register("patient", "side", 90, restores.of_patient)
        panels.register("backups", "top", 5, restores.came_back)

    def _wire_guard(self) -> None:
        """Hear what changes much at once; show every page what was seen."""
        from quenotte.base import masses
        from quenotte.upkeep.backups.rounds import copy_once_closed
        from quenotte.upkeep.guard import panels as guard
        from quenotte.upkeep.guard.operations import hear, on_closing
        from quenotte.web import panels

        masses.heard_by(hear)
        on_closing(copy_once_closed)
        panels.register("shell", "notices", 1, guard.notice)
        panels.register("backups", "main", 20, guard.set_aside)
        panels.register("backups", "side", 30, guard.announced)

    def _wire_workstations(self) -> None:
        """Feed the light of the machines; say when the provider hears nothing."""
        from quenotte.upkeep.pulse import panels as pulse
        from quenotte.upkeep.workstations import panels as workstations
        from quenotte.web import lights, panels

        lights.register("security", workstations.light)
        panels.register("backups", "top", 10, pulse.late)

    def _wire_backups(self) -> None:
        """Feed the light of every page, and put the kit on the page of the backups."""
        from django.utils.translation import gettext_lazy as _

        from quenotte.upkeep.backups import panels as backups
        from quenotte.upkeep.backups.operations import on_new_year
        from quenotte.upkeep.backups.queries import judge_keys_by, judge_kit_by, judge_media_by
        from quenotte.upkeep.kits import panels as kits
        from quenotte.upkeep.kits.operations import follow_year
        from quenotte.upkeep.kits.queries import lack, paper_keys
        from quenotte.upkeep.media import panels as media
        from quenotte.upkeep.media.queries import told
        from quenotte.web import lights, panels
        from quenotte.web.navigation import NavItem, register

        lights.register("backup", backups.light)
        judge_kit_by(lack)
        judge_keys_by(paper_keys)
        on_new_year(follow_year)
        judge_media_by(told)
        panels.register("backups", "side", 5, media.card)
        panels.register("backups", "side", 10, kits.card)
        register(
            NavItem("protection", _("Protection"), "shield", "backups:home", "backups.read", 70)
        )
