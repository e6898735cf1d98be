from pathlib import Path
from typing import Any

import pytest

from quenotte.upkeep.backups import places
from tests.factories import DestinationFactory

FINGERPRINT = "ab" * 32
PLACE = "https://lilas:secret@coffre.example:8443/lilas"


@pytest.mark.parametrize(
    ("place", "label"),
    [
        (f"rest:{PLACE}/", "https://coffre.example:8443/lilas"),
        ("http://[::1]:80/lilas", "http://[::1]:80/lilas"),
        ("/mnt/copies/", "/mnt/copies"),
    ],
)
def test_label_never_shows_a_password(place: str, label: str):
    assert places.label_of(place) == label


def test_same_place_is_found_again_however_it_is_written():
    assert places.digest_of(f"rest:{PLACE}/") == places.digest_of(PLACE)


@pytest.mark.parametrize("typed", [FINGERPRINT, "AB:" * 31 + "AB", " ".join(["abab"] * 16)])
def test_fingerprint_is_read_however_it_is_written(typed: str):
    assert places.read_fingerprint(typed) == FINGERPRINT


@pytest.mark.parametrize("typed", ["ab", "zz" * 32])
def test_what_is_no_fingerprint_is_said(typed: str):
    assert places.read_fingerprint("") == ""
    with pytest.raises(places.UnreadableFingerprint):
        places.read_fingerprint(typed)


@pytest.mark.django_db
def test_noted_trust_goes_to_the_same_server_alone(folder: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[Any, Any]] = []
    monkeypatch.setattr(
        places,
        "open_store",
        lambda _place, ca_file=None, fingerprint=None: asked.append((ca_file, fingerprint)),
    )
    DestinationFactory.create(place=PLACE, fingerprint=FINGERPRINT)
    with places.authority_noted(PLACE, b"PEM"):
        places.store_at("https://coffre.example:8443/lilas/2027")
        places.store_at("https://another.example/lilas")
        places.store_at("/mnt/copies")
    (kept,) = (folder / "keys").glob("vault-*.pem")
    assert asked == [(kept, FINGERPRINT), (None, None), (None, None)]


def test_authority_that_did_not_serve_is_not_kept(folder: Path):
    with pytest.raises(ZeroDivisionError), places.authority_noted(PLACE, b"false"):
        raise ZeroDivisionError
    assert list((folder / "keys").glob("vault-*")) == []
    with places.authority_noted(PLACE, b"true"):
        pass
    with pytest.raises(ZeroDivisionError), places.authority_noted(PLACE, b"false"):
        raise ZeroDivisionError
    assert [path.read_bytes() for path in (folder / "keys").glob("vault-*")] == [b"true"]
