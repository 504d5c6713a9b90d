"""The ledger for everybody: what was signed, who keeps it for us, and how to check a proof oneself."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..ledger import checkpoints as signed
from ..ledger.signing import public_keys
from ..ledger.witnesses.handing import standing
from ..models import Checkpoint

PROGRAM = Path(__file__).parent.parent / "verify_ledger.py"
#: How many checkpoints the page shows.
SHOWN = 20


@login_not_required
@require_safe
def checkpoints(request: HttpRequest) -> HttpResponse:
    well, words = signed.health()
    context = {
        "checkpoints": Checkpoint.objects.all()[:SHOWN],
        "witnesses": standing(),
        "keys": public_keys(),
        "origin": settings.LEDGER_ORIGIN,
        "well": well,
        "words": words,
    }
    return render(request, "privacy/checkpoints.html", context)


@login_not_required
@require_safe
def latest_note(request: HttpRequest) -> HttpResponse:
    """The newest signed note as it is, for programs of others."""
    checkpoint = signed.latest()
    if checkpoint is None:
        raise Http404
    return HttpResponse(checkpoint.note, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/check.html", {"keys": public_keys()})


@login_not_required
@require_safe
def program(request: HttpRequest) -> FileResponse:
    """verify_ledger.py itself."""
    return FileResponse(PROGRAM.open("rb"), as_attachment=True, filename=PROGRAM.name)
