"""The few files of the npm packages (package.json) that our pages use, found by staticfiles.

Only these: the packages hold 200 MB, and style sheets whose references lead nowhere.
"""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Warning
from django.core.files.storage import FileSystemStorage, Storage

#: Address below /static/ -> folder below node_modules/.
FOLDERS = {"krds": "krds-uiux/resources", "pretendard": "pretendard-gov/dist/web/variable"}
#: What of it is used. The map is there because output.css names it, and a missing name stops collectstatic.
USED = (
    "krds/css/component/output.css",
    "krds/css/component/output.css.map",
    "krds/css/token/krds_tokens.css",
    "krds/img/component/icon/*.svg",
    "pretendard/pretendardvariable-gov-dynamic-subset.css",
    "pretendard/woff2-dynamic-subset/*.woff2",
)


def folder(prefix: str) -> Path:
    return Path(settings.BASE_DIR) / "node_modules" / FOLDERS[prefix]


class NpmFinder(BaseFinder):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storages: dict[str, FileSystemStorage] = {}
        for prefix in FOLDERS:
            storage = FileSystemStorage(location=folder(prefix))
            storage.prefix = prefix  # type: ignore[attr-defined]  # collectstatic puts the files there
            self.storages[prefix] = storage

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [prefix for prefix in FOLDERS if not folder(prefix).is_dir()]
        if not missing:
            return []
        return [Warning(f"Style sheets are missing: {missing}", hint="npm ci", id="jinju_portal.W001")]

    def find(  # type: ignore[override]
        self, path: str, find_all: bool = False, **kwargs: Any
    ) -> str | list[str]:
        """The file's place on disk; an empty list if it is not one of USED."""
        prefix, _, rest = path.replace("\\", "/").partition("/")
        if prefix in FOLDERS and ".." not in rest and any(fnmatch(path, used) for used in USED):
            found = folder(prefix) / rest
            if found.is_file():
                return [str(found)] if find_all else str(found)
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        for used in USED:
            prefix, _, rest = used.partition("/")
            for path in sorted(folder(prefix).glob(rest)):
                name = path.relative_to(folder(prefix)).as_posix()
                if not matches_patterns(name, ignore_patterns):
                    yield name, self.storages[prefix]
