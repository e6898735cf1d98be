"""The systems on which osquery is asked, by its own words and numbers for them."""

from typing import Final

from quenotte.kernel.posture.terms import Platform

#: Bits of osquery's number of a platform: 1 POSIX, 2 Windows, 4 BSD, 8 Linux, 16 macOS.
_BITS: Final = ((2, Platform.WINDOWS), (8, Platform.LINUX), (16, Platform.MACOS))


def platform_of(number: int) -> Platform | None:
    """Return the platform of osquery's number; None for those that no practice has."""
    return next((platform for bit, platform in _BITS if number & bit), None)


def word_of(platform: Platform) -> str:
    """Return osquery's word for a platform, as the field ``platform`` of a question has it."""
    return "darwin" if platform is Platform.MACOS else platform.value
