"""Two-dimensional codes: drawn as SVG for paper, and read back from a photograph."""

from io import BytesIO


def datamatrix(text: str) -> str:
    """Return the SVG drawing of a Data Matrix, a square. Source: ISO/IEC 16022 (ECC 200)."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    return str(code.to_svg(scale=1, add_quiet_zones=True))


def qr(text: str) -> str:
    """Return the SVG drawing of a QR code that survives a fold or a stain (level H, quiet zone).

    Source: ISO/IEC 18004.
    """
    import qrcode
    from qrcode.image.svg import SvgPathImage

    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_H)
    code.add_data(text)
    return str(code.make_image(image_factory=SvgPathImage).to_string(encoding="unicode"))


def read(picture: bytes) -> list[str]:
    """Return the texts of the codes that a picture (PNG or JPEG) shows, none when it has none."""
    import zxingcpp
    from PIL import Image

    with Image.open(BytesIO(picture)) as image:
        found = zxingcpp.read_barcodes(image.convert("L"))
    return [one.text for one in found]
