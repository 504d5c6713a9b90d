"""How collected files are named: by what is in them, also where one script imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage as WhiteNoiseFiles


class HashedFiles(WhiteNoiseFiles):
    """Without the second pattern a browser could keep one half of a changed pair of modules.

    Only our own scripts: django_htmx brings examples that import what is not there.
    """

    patterns = (
        *WhiteNoiseFiles.patterns,
        ("js/*.js", WhiteNoiseFiles._js_module_import_aggregation_patterns[1]),
    )
