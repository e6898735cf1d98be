import hashlib

import pytest

from quenotte.base.files.rules import blob_name, is_digest

DIGEST = hashlib.sha256(b"").hexdigest()


def test_blob_name_has_two_levels_of_folders():
    assert blob_name(DIGEST) == f"e3/b0/{DIGEST}"


@pytest.mark.parametrize(
    "text", ["", "../../etc/passwd", DIGEST.upper(), DIGEST[:-1], DIGEST + "0"]
)
def test_blob_name_refused_when_no_digest(text: str):
    assert not is_digest(text)
    with pytest.raises(ValueError, match="digest"):
        blob_name(text)
