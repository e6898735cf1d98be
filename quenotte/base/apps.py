from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "quenotte.base"
    label = "base"
    verbose_name = "Socle"
