from datetime import date

import pytest

from quenotte.kernel.posture.support import RELEASES, release_of


@pytest.mark.parametrize(
    ("family", "name", "version", "build", "ends_on"),
    [
        (
            "windows",
            "Microsoft Windows 10 Professionnel",
            "10.0.19045",
            "19045",
            date(2025, 10, 14),
        ),
        ("windows", "Microsoft Windows 10 Home", "10.0", None, date(2025, 10, 14)),
        ("windows", "Windows 10 Enterprise LTSC 2021", "10.0.19044", None, date(2027, 1, 12)),
        ("windows", "Microsoft Windows 11 Professionnel", "10.0.26100", None, date(2026, 10, 13)),
        ("windows", "Microsoft Windows 11 Famille", "23H2", "22631", date(2025, 11, 11)),
        ("windows", "Microsoft Windows 11 Entreprise", "10.0.26100.4061", None, date(2027, 10, 12)),
        ("windows", "Microsoft Windows Server 2012 R2 Standard", "6.3", "9600", date(2023, 10, 10)),
        (
            "windows",
            "Microsoft Windows Server 2025 Standard",
            "10.0.26100",
            None,
            date(2034, 10, 10),
        ),
        ("windows", "Microsoft Windows 7 Édition Intégrale", "6.1.7601", None, date(2020, 1, 14)),
        ("macos", "macOS", "15.7.1", None, date(2027, 9, 15)),
        ("macos", "Mac OS X", "10.15.7", None, date(2022, 9, 12)),
        ("macos", "macOS", "13", "22H730", date(2025, 9, 15)),
        ("linux", "Debian GNU/Linux 12 (bookworm)", "12", None, date(2028, 6, 30)),
        ("linux", "Debian GNU/Linux", "11.11", None, date(2026, 8, 31)),
        ("linux", "Ubuntu 24.04.2 LTS", "24.04", None, date(2029, 5, 31)),
        ("linux", "Ubuntu", "20.04.6 LTS (Focal Fossa)", None, date(2025, 5, 29)),
    ],
)
def test_end_of_support(family, name, version, build, ends_on):
    release = release_of(family, name, version, build)
    assert release is not None
    assert release.ends_on == ends_on


@pytest.mark.parametrize(
    ("family", "name", "version"),
    [
        ("windows", "Microsoft Windows 11 Professionnel", "10.0.99999"),
        ("windows", "Windows 3.1", "3.1"),
        ("macos", "macOS", "150.1"),
        ("linux", "Debian GNU/Linux", "120"),
        ("linux", "Fedora Linux", "43"),
        ("macos", "Debian GNU/Linux", "12x"),
        ("", "", ""),
    ],
)
def test_system_of_no_table_is_not_guessed(family, name, version):
    assert release_of(family, name, version, None) is None


def test_only_dates_of_apple_are_guessed():
    assert {one.family for one in RELEASES if not one.is_announced} == {"macos"}
