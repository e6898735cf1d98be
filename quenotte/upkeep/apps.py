from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "quenotte.upkeep"
    label = "upkeep"
    verbose_name = "Sauvegardes"

    def ready(self) -> None:
        """Bring back what pages ask for while a practice comes back; say so on its first page."""
        from quenotte.upkeep.guard import panels as guard
        from quenotte.upkeep.restores import panels as restores
        from quenotte.upkeep.restores.recovering import watch
        from quenotte.web import panels

        watch()
        panels.register("home", "top", 5, restores.coming_back)
        panels.register("shell", "alerts", 1, guard.notice)
