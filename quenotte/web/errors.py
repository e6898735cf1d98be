"""Pages that say, in calm words, that something was refused or went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose proof of origin is missing or too old (403)."""
    return render(request, "403.html", {"reason": reason}, status=403)
