"""The static files of packages."""

from django.contrib.staticfiles.apps import StaticFilesConfig as BaseConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesConfig(BaseConfig):
    """Without the sources of minified scripts."""

    ignore_patterns = [*BaseConfig.ignore_patterns, "*-src.*"]


class Storage(CompressedManifestStaticFilesStorage):
    """Follows what style sheets name; a script names only its source map, which packages may forget to ship."""

    patterns = tuple(pattern for pattern in CompressedManifestStaticFilesStorage.patterns if pattern[0] == "*.css")
