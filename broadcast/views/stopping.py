"""멈추기: asked once more, with a reason, because others will want to know why it fell silent."""

import uuid
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..cancel import cancel
from ..models import Broadcast
from ..progress import Progress
from . import works_in_an_office
from .arrival import arrival_of

if TYPE_CHECKING:
    from . import SignedIn

OTHER = "other"
REASONS = [
    ("내용이 잘못되었습니다.", "내용이 잘못되었습니다"),
    ("보낼 마을이 잘못되었습니다.", "보낼 마을이 잘못되었습니다"),
    ("상황이 끝났습니다.", "상황이 끝났습니다"),
    (OTHER, "다른 까닭"),
]


class StopForm(forms.Form):
    """`reason()`: as it is kept."""

    chosen = forms.ChoiceField(
        label="멈추는 까닭",
        choices=REASONS,
        initial=REASONS[0][0],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "멈추는 까닭을 골라 주세요."),
    )
    typed = forms.CharField(
        label="다른 까닭이면 적어 주세요",
        required=False,
        max_length=200,
        error_messages={"max_length": "200자 안으로 적어 주세요."},
    )

    def clean(self) -> dict[str, str]:
        data = super().clean() or self.cleaned_data
        if data.get("chosen") == OTHER and not data.get("typed") and "typed" not in self.errors:
            self.add_error("typed", "멈추는 까닭을 적어 주세요.")
        return data

    def reason(self) -> str:
        chosen, typed = self.cleaned_data["chosen"], self.cleaned_data["typed"]
        if chosen == OTHER:
            return typed
        return f"{chosen} {typed}".strip()


def may_stop(broadcast: Broadcast, progress: Progress) -> bool:
    """Whether there is, or might be, anything to silence."""
    if broadcast.cancelled_at or not broadcast.expires_at:
        return False
    return not progress.has_ended or (progress.may_still_sound and broadcast.expires_at > timezone.now())


@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """Its author, or the city. Without a script it is two taps; with one it is the same two."""
    mine = Broadcast.objects.cancellable_by(request.user).filter(published_at__isnull=False)
    broadcast = get_object_or_404(mine, pk=pk)
    if broadcast.cancelled_at:
        return redirect("broadcast:status", pk)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel(pk, request.user, form.reason())
        except Broadcast.DoesNotExist:
            raise Http404 from None
        messages.success(request, "방송을 멈춥니다. 나오고 있던 곳은 곧 조용해집니다.")
        return redirect("broadcast:status", pk)
    context = {
        "broadcast": broadcast,
        "form": form,
        "arrival": arrival_of(broadcast, request.user, with_map=False),
        "office": works_in_an_office(request.user),
    }
    return render(request, "broadcast/stop.html", context, status=422 if request.method == "POST" else 200)
