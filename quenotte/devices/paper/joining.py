"""Several PDF files as one."""

from collections.abc import Iterable
from io import BytesIO

from quenotte.devices.paper.reading import opened


def joined(contents: Iterable[bytes]) -> bytes:
    """Return the pages of several PDF files as one file, in their order. Raises: NotAPdf."""
    import pypdfium2

    whole, out = pypdfium2.PdfDocument.new(), BytesIO()
    for content in contents:
        with opened(content) as part:
            whole.import_pages(part)
    whole.save(out)
    whole.close()
    return out.getvalue()
