"""Material and pictures of a meeting, as its organisers keep them."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from feedback import permissions_forums as permissions
from feedback.forms_forum_office import MeetingFilesForm
from feedback.models import MeetingFile
from feedback.services import forums_files
from feedback.views.forums.common import managed_meeting, staged, told
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out

RESTORE = "kembalikan"


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = managed_meeting(request, pk)
    form, token, good = staged(request, MeetingFilesForm)
    if request.method == "POST" and good and carried_out(form, lambda data: forums_files.add_meeting_files(
        actor=request.user, meeting=found, files=form.uploads, title=data["title"]
    )):  # fmt: skip
        done(request, _("Berkas ditambahkan; semua orang dapat mengunduhnya."))
        return redirect("feedback:forum_meeting_files", pk)
    context = {
        "form": form,
        "token": token.text,
        "meeting": found,
        "process": found.process,
        "files": list(found.files.filter(removed_at=None).select_related("stored", "added_by")),
    }
    return render(request, "feedback/forum/office/files.html", context, status=422 if form.errors else 200)


@require_POST
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a file away, or bring it back."""
    row = get_object_or_404(MeetingFile.objects.select_related("stored", "meeting__process__unit"), pk=pk)
    if not permissions.can_manage(request.user, row.meeting.process):
        raise Http404
    restores = request.GET.get("aksi") == RESTORE

    def verb() -> None:
        if restores:
            forums_files.restore_meeting_file(actor=request.user, file=row)
            done(request, _("Berkas tampil kembali."))
            return
        forums_files.remove_meeting_file(actor=request.user, file=row)
        back = f"{reverse('feedback:forum_meeting_file_show', args=[row.pk])}?aksi={RESTORE}"
        done(request, _("Berkas dihapus dari pertemuan."), undo_url=back)

    return told(request, reverse("feedback:forum_meeting_files", args=[row.meeting_id]), verb)
