"""Words pinned for the team."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.desk import access, operations, queries
from quenotte.care.desk.forms import WordForm
from quenotte.kernel.errors import Refusal
from quenotte.web.answers import done


@requires("board.use")
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """Show the words pinned now and lately, with who has read them; pin a new one."""
    actor = actor_of(request)
    form = WordForm(
        request.POST or None, initial={"text": queries.draft_of(actor, queries.NEW_WORD)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.pin(actor=actor, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Le mot est affiché sur tous les écrans d’accueil."))
            return redirect("desk:words")
    context = {
        "form": form,
        "words": queries.board(actor),
        "past": queries.past_words(actor),
        "draft_key": queries.NEW_WORD,
    }
    return render(request, "care/desk/words.html", context, status=422 if form.errors else 200)


@requires("board.use")
@require_POST
def read(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Say that one has read a word."""
    actor = actor_of(request)
    access.word_for(actor, note_id)
    return done(
        request,
        lambda: operations.read(actor=actor, note_id=note_id),
        back=reverse("home"),
    )


@requires("board.use")
@require_POST
def take_down(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Take a word down; the toast pins it again."""
    actor = actor_of(request)
    access.word_for(actor, note_id)
    return done(
        request,
        lambda: operations.take_down(actor=actor, note_id=note_id),
        back=reverse("desk:words"),
        text=_("Le mot est retiré."),
        undo=reverse("desk:put_back", args=[note_id]),
    )


@requires("board.use")
@require_POST
def put_back(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Pin a word again."""
    actor = actor_of(request)
    access.word_for(actor, note_id)
    return done(
        request,
        lambda: operations.put_back(actor=actor, note_id=note_id),
        back=reverse("desk:words"),
        text=_("Le mot est affiché de nouveau."),
    )
