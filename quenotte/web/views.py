"""The living page of the kit: every component in every state."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from quenotte.web import samples


def kit(request: HttpRequest) -> HttpResponse:
    """Show the components; invented content only, so anybody may look."""
    form = samples.SampleForm(samples.WRONG_INPUT)
    form.is_valid()
    return render(
        request,
        "web/kit/kit.html",
        {"form": samples.SampleForm(), "wrong_form": form, **samples.content()},
    )


def kit_search(request: HttpRequest) -> HttpResponse:
    """Answer the sample search with made-up people whose name contains what was typed."""
    typed = request.GET.get("q", "").strip().lower()
    results = [person for person in samples.PEOPLE if typed and typed in person["title"].lower()]
    return render(request, "web/components/search_results.html", {"results": results})


@require_POST
def kit_draft(request: HttpRequest) -> HttpResponse:
    """Answer the sample draft as if it were kept; nothing is."""
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


# The permission table's test reads this: the kit shows nobody's data.
for view in (kit, kit_search, kit_draft):
    view.required_action = None  # type: ignore[attr-defined]
