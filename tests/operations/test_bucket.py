"""Photos in a bucket that speaks S3, and what happens when it is away."""

import io

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cities.models import Photo
from learningcities.operations import health
from tests import factories

server = pytest.importorskip("moto.server", reason="the storage on S3 is tried with tests/operations/requirements.txt")
boto3 = pytest.importorskip("boto3")

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(settings):
    moto = server.ThreadedMotoServer(port=0, verbose=False)
    moto.start()
    _host, port = moto.get_host_and_port()
    options = {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": "us-east-1"}
    keys = {"access_key": "key", "secret_key": "secret"}
    boto3.client("s3", **options, aws_access_key_id="key", aws_secret_access_key="secret").create_bucket(Bucket="media")
    backend = {"BACKEND": "learningcities.media.storage.Bucket", "OPTIONS": {"bucket_name": "media", **options, **keys}}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    yield moto
    moto.stop()


def test_a_photo_is_stored_shown_by_the_site_and_deleted(bucket, client, city):
    photo = factories.make_photo(city)
    assert photo.file.url.startswith("/media/photos/")
    answer = client.get(photo.file.url)
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert "immutable" in answer["Cache-Control"]
    assert client.get("/media/photos/nothing.jpg").status_code == 404
    name = photo.file.name
    storages["default"].delete(name)
    assert client.get(photo.file.url).status_code == 404


def test_while_the_bucket_is_away_pages_come_and_an_upload_says_that_nothing_was_saved(
    bucket, client, as_coordinator, city, monkeypatch
):
    monkeypatch.setattr(health, "_believed", {})
    photo = factories.make_photo(city)
    bucket.stop()
    client.raise_request_exception = as_coordinator.raise_request_exception = False
    assert client.get(city.get_absolute_url()).status_code == 200
    assert client.get(photo.file.url).status_code == 503
    assert client.get("/readyz").json()["storage"] == "broken"
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG")
    file = SimpleUploadedFile("photo.jpg", out.getvalue())
    fields = {"credit": "Nouvelle", "licence": "CC BY 4.0", "files": file}
    assert as_coordinator.post("/admin/cities/photo/add/", fields).status_code == 503
    assert Photo.objects.count() == 1
