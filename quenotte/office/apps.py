from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "quenotte.office"
    label = "office"
    verbose_name = "Bureau"
