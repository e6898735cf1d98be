from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "quenotte.upkeep"
    label = "upkeep"
    verbose_name = "Sauvegardes"
