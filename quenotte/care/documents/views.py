"""Pages of documents: translation between HTTP and the operations."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.documents import copies, deliveries, operations, panels, queries
from quenotte.care.documents.access import document_for
from quenotte.care.documents.forms import DescriptionForm, OwnerForm, ReasonForm, VersionForm
from quenotte.care.documents.models import Document
from quenotte.care.documents.operations import previews, refusals, uploads
from quenotte.care.patients import queries as patients
from quenotte.care.patients.access import opened_patient
from quenotte.kernel.errors import Refusal
from quenotte.web.fragments import wants_fragment
from quenotte.web.freshness import unless_known


@requires("documents.read")
@require_safe
def index(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the documents of a record."""
    patient = opened_patient(actor_of(request), patient_id, action="documents.read")
    context = panels.list_context(request, patient)
    if wants_fragment(request):
        return render(request, "care/documents/_list.html", context | {"patient": patient})
    context |= patients.frame_of(patient)
    return render(request, "care/documents/index.html", context)


@requires("documents.read")
@require_safe
def card(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the newest documents: the piece of the record that comes after it."""
    patient = opened_patient(actor_of(request), patient_id, action="documents.read")
    context = panels.card_context(request, patient)
    if wants_fragment(request):
        return render(request, "care/documents/_card.html", context)
    return redirect("documents:index", patient.id)


@requires("documents.write")
@require_POST
def upload(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Add the files dropped on a record; each one says what became of it."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="documents.write")
    given = [each for each in request.FILES.getlist("file") if isinstance(each, UploadedFile)]
    answers = [uploads.try_upload(each, patient_id=patient.id, by=actor) for each in given]
    answers = answers or [uploads.none_received()]
    if deliveries.wants_json(request):
        return deliveries.of_answers(answers)
    for answer in answers:
        level = messages.SUCCESS if answer.is_kept else messages.ERROR
        messages.add_message(request, level, str(answer))
    return redirect("documents:index", patient.id)


@requires("documents.read")
@require_safe
def show(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show one document: its pages, what is known of it, its versions."""
    document = document_for(actor_of(request), document_id)
    return render(request, "care/documents/show.html", panels.page_context(request, document))


@requires("documents.read")
@require_safe
def page(request: HttpRequest, document_id: UUID, number: int) -> HttpResponseBase:
    """Answer one page as a picture; ``?pour=papier`` asks for a finer one."""
    document = document_for(actor_of(request), document_id)
    version = panels.shown_version(request, document, queries.versions_of(document.id))
    if not 1 <= number <= min(version.pages, previews.MOST_SHOWN):
        raise Http404
    is_fine = request.GET.get("pour") == "papier"
    width = previews.PAPER_PX if is_fine else previews.SCREEN_PX

    def drawn() -> HttpResponseBase:
        is_ours = document.is_sealed
        return deliveries.of_picture(previews.page_of(version, number, width, is_ours=is_ours))

    return unless_known(request, f"d{version.blob_id}-{number}-{width}", drawn)


@requires("documents.read")
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest, document_id: UUID) -> HttpResponseBase:
    """Answer the file itself, to be saved; what is handed out once is asked by POST, and noted."""
    document = document_for(actor_of(request), document_id)
    is_once = copies.is_handed_out_once(document)
    if is_once and request.method != "POST":
        return redirect("documents:show", document.id)
    version = panels.shown_version(request, document, queries.versions_of(document.id))
    try:
        copy = _handed_out(request, document) if is_once else None
        if copy:
            return deliveries.of_copy(document, copy)
        if mention := operations.mention_of(document, version):
            content = operations.marked(version, mention)
            return deliveries.of_marked(document, version, content, mention)
        return deliveries.of_file(document, version)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("documents:show", document.id)


def _handed_out(request: HttpRequest, document: Document) -> bytes | None:
    sent = request.POST.get("connu", "")
    known = int(sent) if sent.isdecimal() and len(sent) < 19 else None
    return operations.hand_out(actor=actor_of(request), document_id=document.id, known=known)


@requires("documents.read")
@require_safe
def printed(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show the pages alone, for the printer; nothing is on paper yet."""
    document = document_for(actor_of(request), document_id)
    context = panels.page_context(request, document)
    context["duplicate"] = panels.duplicate_mention(request, document)
    return render(request, "care/documents/print.html", context)


@requires("documents.read")
@require_POST
def note_printed(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Write that the pages go to the printer; answer what has to stand on them: a page may be old.

    Of a prescription that was on paper already, in whatever tab: that it is a duplicate. Of what
    was cancelled or taken out of the record since the page was opened: that too.
    """
    document = document_for(actor_of(request), document_id)
    was_printed = operations.note_printed(actor=actor_of(request), document_id=document.id)
    document.refresh_from_db(fields=["cancelled_at", "withdrawn_at", "current"])
    mention = panels.duplicate_mention(request, document) if was_printed else ""
    version = panels.shown_version(request, document, queries.versions_of(document.id))
    standing = operations.mention_of(document, version)
    return JsonResponse({"standing": standing, "mention": mention})


@requires("documents.write")
@require_POST
def describe(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Correct the title, the kind or the date."""
    actor = actor_of(request)
    document = document_for(actor, document_id, writing=True)
    form = DescriptionForm(request.POST)
    if not form.is_valid():
        context = panels.page_context(request, document, form=form)
        return render(request, "care/documents/show.html", context, status=422)
    given = form.cleaned_data
    return _done(
        request,
        document,
        lambda: operations.describe(
            actor=actor,
            document_id=document.id,
            expected_version=given["version"],
            title=given["title"],
            kind=given["kind"],
            dated_on=given["dated_on"],
        ),
        _("Enregistré."),
    )


@requires("documents.write")
@require_POST
def replace(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Add a newer version of a document; the former ones stay."""
    actor = actor_of(request)
    document = document_for(actor, document_id, writing=True)
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile):
        messages.error(request, uploads.none_received().words)
        return redirect("documents:show", document.id)
    upload = given

    def work() -> None:
        with uploads.on_disk(upload) as path:
            operations.replace(
                actor=actor,
                document_id=document.id,
                expected_version=_version(request),
                path=path,
                name=upload.name or "",
            )

    return _done(request, document, work, _("Remplacé. L’ancienne version reste consultable."))


@requires("documents.write")
@require_POST
def take_back(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Undo the last replacement."""
    actor = actor_of(request)
    document = document_for(actor, document_id, writing=True)
    return _done(
        request,
        document,
        lambda: operations.take_back(
            actor=actor, document_id=document.id, expected_version=_version(request)
        ),
        _("Remplacement annulé : la version d’avant est de nouveau celle du dossier."),
    )


@requires("documents.write")
@require_POST
def withdraw(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Hide a document, for a reason."""
    actor = actor_of(request)
    document = document_for(actor, document_id, writing=True)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = panels.page_context(request, document, reason=form)
        return render(request, "care/documents/show.html", context, status=422)
    return _done(
        request,
        document,
        lambda: operations.withdraw(
            actor=actor,
            document_id=document.id,
            expected_version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
        ),
        _("Retiré du dossier. Il n’est pas effacé : vous pouvez le remettre."),
    )


@requires("documents.write")
@require_POST
def restore(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Put a withdrawn document back."""
    actor = actor_of(request)
    document = document_for(actor, document_id, writing=True)
    return _done(
        request,
        document,
        lambda: operations.restore(
            actor=actor, document_id=document.id, expected_version=_version(request)
        ),
        _("Remis dans le dossier."),
    )


@requires("documents.write")
@require_safe
def choose(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Look for the patient whose document it really is."""
    document = document_for(actor_of(request), document_id)
    words = request.GET.get("q", "").strip()
    context = {
        "document": document,
        "patient": document.patient,
        "q": words,
        "found": panels.found_patients(actor_of(request), words),
    }
    name = "_found.html" if wants_fragment(request) else "choose.html"
    return render(request, f"care/documents/{name}", context)


@requires("documents.write")
@require_POST
def move(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Give a document to another patient."""
    actor = actor_of(request)
    document = document_for(actor, document_id, writing=True)
    form = OwnerForm(request.POST)

    def work() -> None:
        if not form.is_valid():
            raise refusals.NotOurPatient
        operations.move(
            actor=actor,
            document_id=document.id,
            expected_version=form.cleaned_data["version"],
            patient_id=form.cleaned_data["patient"],
        )

    return _done(request, document, work, _("Rangé dans ce dossier ; l’autre en garde la trace."))


def _done(
    request: HttpRequest, document: Document, work: Callable[[], object], words: str
) -> HttpResponse:
    """Do one operation; the page of the document says what happened, or why it did not."""
    try:
        work()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
        document.refresh_from_db(fields=["kind"])
    if document.kind in panels.hidden_from(request):
        # Filed under a kind that she does not read: its page is not hers any more.
        return redirect("documents:index", document.patient_id)
    return redirect("documents:show", document.id)


def _version(request: HttpRequest) -> int:
    """Return the state of the document that the person saw; 0 matches none."""
    form = VersionForm(request.POST)
    return int(form.cleaned_data["version"]) if form.is_valid() else 0
