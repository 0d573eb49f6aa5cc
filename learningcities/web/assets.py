"""The static files of a served site."""

from django.contrib.staticfiles.finders import FileSystemFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Finder(FileSystemFinder):
    """Leaves out what only those need who debug a package; to compress it would take longer than all the rest."""

    def list(self, ignore_patterns):
        return super().list([*ignore_patterns, "*-src.*", "*.js.map"])


class Storage(CompressedManifestStaticFilesStorage):
    """Follows what style sheets name; a script names only its source map, which packages may forget to ship."""

    patterns = tuple(pattern for pattern in CompressedManifestStaticFilesStorage.patterns if pattern[0] == "*.css")
