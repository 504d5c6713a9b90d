"""Keeping the figures of a day, comparing them with a year ago, and packing them to be handed in."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ..ledger import checkpoints
from ..models import EvidenceSnapshot, Indicator
from .articles import ARTICLES
from .figures import Figure, figures

#: A year ago is whatever was kept closest to it, this far around.
AROUND = timedelta(days=60)


def keep() -> EvidenceSnapshot:
    """Today's figures, for good."""
    latest = checkpoints.latest()
    values = {one.key: one.value for some in figures().values() for one in some}
    return EvidenceSnapshot.objects.create(figures=values, checkpoint=latest.note if latest else "")


def keep_monthly() -> EvidenceSnapshot | None:
    """Once a month, by itself."""
    first = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return None if EvidenceSnapshot.objects.filter(at__gte=first).exists() else keep()


def year_ago() -> dict[str, str]:
    """Figures of a year ago; {} if none were kept then."""
    then = timezone.now() - timedelta(days=365)
    near = EvidenceSnapshot.objects.filter(at__range=(then - AROUND, then + AROUND))
    kept = min(near, key=lambda one: abs(one.at - then), default=None)
    return dict(kept.figures) if kept else {}


def by_article() -> list[dict[str, Any]]:
    now, before = figures(), year_ago()
    told = []
    for article in ARTICLES:
        some: list[Figure] = now.get(article.number, [])
        told.append({"article": article, "figures": [(one, before.get(one.key, "")) for one in some]})
    return told


def packed() -> bytes:
    """A zip: figures.csv, indicators.csv, checkpoint.txt, manifest.json with the SHA-256 of each."""
    files = {
        "figures.csv": _csv(
            ["조", "지표", "값", "1년 전", "세는 법", "판단", "물음(SQL)", "보기"],
            [
                [
                    f"제{part['article'].number}조",
                    one.name,
                    one.value,
                    before,
                    one.how,
                    {True: "좋음", False: "모자람"}.get(one.well, ""),
                    one.query,
                    "; ".join(one.sample),
                ]
                for part in by_article()
                for one, before in part["figures"]
            ]
            + [
                [f"제{one.number}조", "포털이 보여 드릴 수 없는 것", one.gap, "", "", "", "", ""]
                for one in ARTICLES
                if one.gap
            ],
        ),
        "indicators.csv": _csv(
            ["해", "번호", "지표", "조", "따로 낼 서류"],
            [[one.year, one.number, one.title, one.articles, one.papers] for one in Indicator.objects.all()],
        ),
    }
    latest = checkpoints.latest()
    if latest:
        files["checkpoint.txt"] = latest.note.encode()
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    manifest = {"made_at": timezone.now().isoformat(), "sha256": digests}
    files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packing:
        for name, data in files.items():
            packing.writestr(name, data)
    return out.getvalue()


def _csv(head: list[str], rows: list[list[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return ("\ufeff" + out.getvalue()).encode()
