import pytest

from quenotte.devices.mail.accounts import Account, ClearText, Security, is_this_machine


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.3.4", "::1", "[::1]"])
def test_this_machine_is_recognised(host):
    assert is_this_machine(host)
    Account(host, 25, Security.NONE).check()


@pytest.mark.parametrize("host", ["smtp.example", "192.168.1.2", "localhost.example", ""])
def test_clear_text_to_another_machine_is_refused(host):
    assert not is_this_machine(host)
    with pytest.raises(ClearText):
        Account(host, 25, Security.NONE).check()
    Account(host, 465, Security.TLS).check()


def test_password_never_shows():
    assert "secret" not in repr(Account("smtp.example", 465, Security.TLS, "u", "secret"))
