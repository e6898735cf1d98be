"""What a browser may keep of an answer: nothing, or only what it asks for again each time."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotModified, JsonResponse

from quenotte.kernel.errors import Refusal


def never_stored(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: no browser keeps an answer that does not say that it may.

    A screen is shared: after a logout, « back » must show nothing of before.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def unless_known(
    request: HttpRequest, tag: str, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Answer 304 when the browser still holds this very content, else build the answer.

    The browser asks each time (`no-cache`): who lost the right to see a picture does not
    see it again from her own cache.
    """
    response: HttpResponseBase
    etag = f'"{tag}"'
    known = [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]
    try:
        response = HttpResponseNotModified() if etag in known else answer()
    except Refusal as error:
        response = JsonResponse({"message": str(error)}, status=422)
    else:
        response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response
