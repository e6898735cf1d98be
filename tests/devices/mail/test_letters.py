import pytest

from quenotte.devices.mail.letters import BadAddress, checked_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("marie@courriel.example", "marie@courriel.example"),
        (" marie.durand+rdv@sous.courriel.example ", "marie.durand+rdv@sous.courriel.example"),
        ("marie@hôtel.example", "marie@xn--htel-vqa.example"),
    ],
)
def test_address_is_kept_as_servers_want_it(typed, kept):
    assert checked_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "marie", "marie@", "@courriel.example", "marie@courriel", "a b@courriel.example",
        "a@b@courriel.example", "a@courriel.example\nBcc: b@c.example", "<a@courriel.example>",
        "chloé@courriel.example", "a@" + "x" * 260 + ".example", "a@" + "é" * 70 + ".example",
        "a@courriel.example, b@courriel.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadAddress) as caught:
        checked_address(typed)
    assert "courriel" not in str(caught.value)
