"""Faces: checked by content, turned upright, made small, without the camera's notes."""

from io import BytesIO
from typing import Final

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from quenotte.kernel.errors import Refusal

#: Longest side kept, in pixels: the banner shows 64, a dense screen wants twice that.
SIDE_PX: Final = 320
#: Largest picture opened, in pixels: more would fill the memory when unpacked.
MAX_PIXELS: Final = 50_000_000
#: Largest file read, in bytes.
MAX_BYTES: Final = 15_000_000


class NotAPhoto(Refusal):
    """The bytes are no picture that can be shown, or too many."""

    message = _(
        "Ce fichier n’est pas une photographie lisible (JPEG, PNG ou WebP, 15 Mo au plus). "
        "La photo d’avant est gardée."
    )


def cleaned(content: bytes) -> bytes:
    """Return a small upright JPEG of the same picture, metadata (EXIF, place) left out.

    Raises: NotAPhoto when the content is not JPEG, PNG or WebP, or is too big.
    """
    if len(content) > MAX_BYTES:
        raise NotAPhoto
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotAPhoto
            upright = ImageOps.exif_transpose(image).convert("RGB")
    # Pillow has no common error for the many ways in which a file can be broken.
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotAPhoto from error
    upright.thumbnail((SIDE_PX, SIDE_PX))
    out = BytesIO()
    upright.save(out, format="JPEG", quality=88)
    return out.getvalue()
