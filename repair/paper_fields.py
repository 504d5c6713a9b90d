"""A form's field for several files: of the applicant, of the office, of the technician."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from .papers import NotAPaper, look_at

#: A telephone that keeps its pictures as HEIC makes a JPEG of them when this is what is asked for.
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,application/pdf"
PHOTOS_ONLY = "image/jpeg,image/png,image/webp,image/gif"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Its cleaned value is a list of UploadedFile, each looked at already (papers.look_at); [] if none was chosen."""

    def __init__(self, *, accept: str = ACCEPT, **options: Any) -> None:
        self.photo = accept == PHOTOS_ONLY
        options.setdefault("widget", FilesInput(attrs={"accept": accept}))
        options.setdefault("error_messages", {"required": "사진이나 서류를 골라 주세요."})
        options.setdefault(
            "help_text",
            f"{'사진' if self.photo else '사진이나 PDF'}, 한 번에 {settings.PAPERS_AT_ONCE}개까지,"
            f" 한 개에 {settings.PAPER_MAX_BYTES // 1024**2}MB까지 보내실 수 있습니다.",
        )
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file is not None]
        if not files:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        if len(files) > settings.PAPERS_AT_ONCE:
            words = f"한 번에 {settings.PAPERS_AT_ONCE}개까지 보내실 수 있습니다. 나누어 보내 주세요."
            raise forms.ValidationError(words, code="too_many")
        wrong = []
        for file in files:
            try:
                look_at(file, photo=self.photo)
            except NotAPaper as error:
                wrong.append(forms.ValidationError(str(error), code="not_a_paper"))
        if wrong:
            raise forms.ValidationError(wrong)
        return files

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)
