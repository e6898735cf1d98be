"""How immutable files are named."""

import re
from typing import Final

#: Bytes read, hashed and written at a time.
CHUNK_BYTES: Final = 1024 * 1024

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """Tell whether ``text`` is a SHA-256 written as 64 lower-case hexadecimal digits."""
    return _DIGEST.fullmatch(text) is not None


def blob_name(sha256: str) -> str:
    """Return the place of a blob in its storage: ``ab/cd/abcd…``.

    Two levels keep folders under some thousands of entries for millions of files.

    Raises: ValueError when ``sha256`` is not a digest: a name must never leave the folder.
    """
    if not is_digest(sha256):
        raise ValueError("not a SHA-256 digest")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
