"""The register of processing activities is generated from the models: none may be silent."""

import pytest
from django.apps import apps
from django.db.models import Model

OURS = [model for model in apps.get_models() if model.__module__.startswith("quenotte.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_model_says_what_it_means_for_privacy(model: type[Model]) -> None:
    assert "Privacy:" in (model.__doc__ or "")
