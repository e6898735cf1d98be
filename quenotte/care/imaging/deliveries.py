"""Answers that are bytes: frames and thumbnails, never kept by a shared cache."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)

from quenotte.care.imaging.operations.frames import RawFrame
from quenotte.care.imaging.operations.uploads import Answer
from quenotte.web.freshness import unless_known

__all__ = ["of_answers", "of_raw", "of_small_file", "unless_known", "wants_json"]

_CHUNK_BYTES = 1 << 18


def of_raw(frame: RawFrame) -> HttpResponseBase:
    """Answer a stretch of a file."""
    response = StreamingHttpResponse(_stretch(frame), content_type="application/octet-stream")
    response["Content-Length"] = str(frame.length)
    return response


def of_small_file(path: Path, media_type: str) -> HttpResponseBase:
    """Answer a whole file of some kilobytes."""
    return HttpResponse(path.read_bytes(), content_type=media_type)


def of_answers(answers: Iterable[Answer]) -> JsonResponse:
    """Answer what became of dropped files; 422 when none was kept."""
    found = list(answers)
    is_any_kept = any(answer.is_kept for answer in found)
    return JsonResponse(
        {
            "message": " ".join(answer.words for answer in found),
            "files": [
                {"name": answer.file_name, "message": answer.words, "kept": answer.is_kept}
                for answer in found
            ],
        },
        status=200 if is_any_kept else 422,
    )


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a script asks, and not a plain form."""
    return "application/json" in request.headers.get("Accept", "")


def _stretch(frame: RawFrame) -> Iterator[bytes]:
    left = frame.length
    with frame.path.open("rb") as stream:
        stream.seek(frame.offset)
        while left > 0 and (chunk := stream.read(min(_CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
