"""Answers that are bytes of documents: never run, never kept by a shared cache."""

from collections.abc import Iterable
from io import BytesIO

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from quenotte.base.files import operations as files
from quenotte.care.documents import rules
from quenotte.care.documents.models import Document, DocumentVersion
from quenotte.care.documents.operations.uploads import Answer
from quenotte.web.inert import inert


def of_file(document: Document, version: DocumentVersion) -> FileResponse:
    """Answer a whole file, to be saved under the title of the document.

    Raises: Missing when the bytes are not there.
    """
    answer = FileResponse(
        files.open_blob(version.blob),
        as_attachment=True,
        filename=rules.file_name(document.title, version.media_type),
        content_type=_content_type(version.media_type),
    )
    return inert(answer)


def of_copy(document: Document, content: bytes) -> FileResponse:
    """Answer a marked copy, to be saved under the title of the document."""
    title = _("%(title)s (copie)") % {"title": document.title}
    name = rules.file_name(title, rules.PDF)
    answer = FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type=rules.PDF
    )
    return inert(answer)


def of_marked(
    document: Document, version: DocumentVersion, content: bytes, mention: str
) -> FileResponse:
    """Answer a copy that says why it holds no more, in its pages and in its name."""
    title = f"{document.title} ({mention.lower()})"
    answer = FileResponse(
        BytesIO(content),
        as_attachment=True,
        filename=rules.file_name(title, version.media_type),
        content_type=_content_type(version.media_type),
    )
    return inert(answer)


def of_picture(content: bytes) -> HttpResponse:
    """Answer a page drawn as a picture."""
    return inert(HttpResponse(content, content_type=rules.PNG))


def of_answers(answers: Iterable[Answer]) -> JsonResponse:
    """Answer what became of dropped files; 422 when none was kept."""
    found = list(answers)
    return JsonResponse(
        {
            "message": " ".join(answer.words for answer in found),
            "files": [
                {"name": answer.file_name, "message": answer.words, "kept": answer.is_kept}
                for answer in found
            ],
        },
        status=200 if any(answer.is_kept for answer in found) else 422,
    )


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a script asks, and not a plain form."""
    return "application/json" in request.headers.get("Accept", "")


def _content_type(media_type: str) -> str:
    if media_type == rules.TEXT:
        return "text/plain; charset=utf-8"
    return media_type if media_type in rules.ENDINGS else "application/octet-stream"
