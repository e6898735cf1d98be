import pytest

from quenotte.config.lan import places

pytestmark = pytest.mark.one_engine


def test_other_processes_hear_what_they_are_told():
    assert places.heard(places.told("cabinet.local", 8443, 8080)) == ("cabinet.local", 8443, 8080)
    assert places.heard({}) == ("", 0, 0)
    assert places.heard({places.NAME: "a.local", places.PAGES: ""}) == ("a.local", 0, 0)


def test_internet_is_refused_with_what_to_do():
    with pytest.raises(places.Exposed, match="8\\.8\\.8\\.8") as refused:
        places.refuse_internet("0.0.0.0", ["192.168.1.2", "8.8.8.8"])
    assert "--host" in str(refused.value)
    places.refuse_internet("0.0.0.0", ["192.168.1.2", "2001:4860::1"])
