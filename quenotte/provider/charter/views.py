"""The charter: its text, its signature, and for the gestionnaire who signed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from quenotte.base.keyboard.operations.proofs import prove_by_either
from quenotte.base.people.access import actor_of, may_request, person_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.provider.charter import operations, queries, rules
from quenotte.provider.charter.forms import SigningForm


@requires("fleet.sign")
@sensitive_post_parameters("proof")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def charter(request: HttpRequest) -> HttpResponse:
    """Show the charter, and take a signature."""
    form = SigningForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _signed(request, form):
        messages.success(request, _("Charte signée. Le parc vous est ouvert."))
        return redirect("fleet:morning")
    person = person_of(request)
    signers = queries.signers(person.practice_id) if may_request(request, "fleet.signers") else []
    context = {
        "form": form,
        "articles": rules.ARTICLES,
        "version": rules.VERSION,
        "digest": rules.digest(),
        "signature": queries.signature_of(person.pk),
        "signers": signers,
    }
    return render(
        request, "provider/charter/charter.html", context, status=422 if form.errors else 200
    )


def _signed(request: HttpRequest, form: SigningForm) -> bool:
    """Sign with what was typed; an error in the form says why not."""
    try:
        how = prove_by_either(request, form.cleaned_data["proof"])
        operations.sign(
            actor=actor_of(request), shown=form.cleaned_data["shown"], how=rules.How(how)
        )
    except Refusal as refusal:
        form.add_error("proof", str(refusal))
        return False
    return True
