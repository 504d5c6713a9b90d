"""The portal's settings, with the pages that benchmarks measure against."""

from jinju_portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.load.empty_pages"
