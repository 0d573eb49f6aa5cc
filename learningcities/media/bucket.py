"""Files in a bucket that speaks S3. Visitors ask the site for them, so the bucket can stay closed."""

from urllib.parse import urljoin

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    default_acl = None
    file_overwrite = False

    def url(self, name, *args, **kwargs):
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))
