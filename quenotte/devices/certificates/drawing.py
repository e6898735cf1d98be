"""Addresses drawn as QR codes, for telephones and tablets (ISO/IEC 18004)."""

from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


def qr(text: str) -> bytes:
    """Return a QR code as an SVG file, with the quiet zone that readers need."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    file = BytesIO()
    code.make_image(image_factory=SvgPathImage).save(file)
    return file.getvalue()
