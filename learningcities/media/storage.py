"""Files in a bucket that speaks S3. Visitors ask the site for them, so the bucket can stay closed."""

from urllib.parse import urljoin

from botocore.config import Config
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    default_acl = None
    file_overwrite = False

    def get_default_settings(self):
        """A bucket that is away is said to be so soon, since someone waits."""
        soon = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2})
        return super().get_default_settings() | {"client_config": soon}

    def url(self, name, *args, **kwargs):
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))
