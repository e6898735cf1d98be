"""A paper that cannot be set is declined in calm words, whichever room asked for it."""

from datetime import UTC, datetime

import pytest

from quenotte.care.documents.operations import CannotPrint, set_paper, setting
from quenotte.devices.paper.typesetting import CannotTypeset

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("error", [CannotTypeset("Leroy Zoé"), OSError("disque plein")])
def test_paper_that_cannot_be_set_is_declined_and_the_log_names_nobody(error, monkeypatch, caplog):
    def broken(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(setting, "typeset", broken)
    with pytest.raises(CannotPrint, match="ni perdu"):
        set_paper("care/paper/letter.typ", {"title": "Leroy Zoé"}, made_at=NOW)
    assert "care/paper/letter.typ" in caplog.text
    assert "Leroy" not in caplog.text


def test_template_that_is_not_there_is_declined_too():
    with pytest.raises(CannotPrint):
        set_paper("care/paper/nothing.typ", {}, made_at=NOW)
