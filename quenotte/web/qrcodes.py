"""A QR code as one SVG path of our own page: no other request, no inline style."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from quenotte.web.html import format_html


def draw(text: str) -> SafeString:
    """Return the SVG of ``text`` (ISO/IEC 18004), one square a unit, quiet zone included."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    squares = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">'
        '<rect class="qr-paper" width="{0}" height="{0}"></rect>'
        '<path class="qr-ink" d="{2}"></path></svg>',
        len(matrix), _("Code à photographier avec le téléphone"), squares,
    )  # fmt: skip
