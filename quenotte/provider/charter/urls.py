"""The address of the charter."""

from django.urls import path

from quenotte.base.audit.access import use_gate
from quenotte.provider.charter import access, views

# The door of every page stands below this room and cannot know it.
use_gate(access.page_before)

app_name = "charter"
urlpatterns = [path("charte/", views.charter, name="charter")]
