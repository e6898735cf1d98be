import pytest

from quenotte.devices.agents.mounts import mount_of


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "/"),
        ("/srv", "/srv"),
        ("/srv/", "/srv"),
        ("/" + "home", "/" + "home"),
        ("/" + "home/lerouge", "/" + "home/…"),
        ("/media/lerouge/Sauvegarde", "/media/…"),
        ("/run/media/lerouge/CLE", "/run/…"),
        ("/Volumes/Canari", "/Volumes/…"),
        ("/boot/efi", "/boot/efi"),
        ("/System/Volumes/Data", "/System/Volumes/Data"),
        ("/" + "x" * 60, "/" + "x" * 29 + "/…"),
        ("C:\\Montages\\Canari\\", "C:"),
        ("d:", "D:"),
        ("[SWAP]", None),
        ("", None),
        ("/\x00", "/"),
        ("/med\x00ia/\ud800x", "/med ia/…"),
    ],
)
def test_place_names_nobody(path, expected):
    assert mount_of(path) == expected


@pytest.mark.parametrize("path", ["/" + "a" * 40 + "/b", "/srv/" + "b" * 200])
def test_place_is_short(path):
    assert len(mount_of(path) or "") <= 32
