from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "quenotte.care"
    label = "care"
    verbose_name = "Soins"
