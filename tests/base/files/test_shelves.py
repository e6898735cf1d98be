import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from quenotte.base.files.models import Blob
from quenotte.base.files.operations import (
    Missing,
    keep,
    local_path,
    open_blob,
    reindex,
    remove_unnamed,
)
from quenotte.base.files.shelves import LocalShelf, RemoteShelf, shelf
from quenotte.base.files.verification import Finding, Trouble, verify

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.real_clock,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:moto"),
]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 of our own on the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, folder: Path, settings: Any, request: pytest.FixtureRequest):
    """Blobs kept in a bucket of the test's own."""
    import boto3

    name = f"bucket-{abs(hash(request.node.name))}"
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "y"}
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys)
    client.create_bucket(Bucket=name)
    options = {
        "bucket_name": name,
        "endpoint_url": endpoint,
        "access_key": "x",
        "secret_key": "y",
        "region_name": "us-east-1",
        "default_acl": None,
        "file_overwrite": False,
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "blobs": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    return lambda: {
        item["Key"]: client.get_object(Bucket=name, Key=item["Key"])["Body"].read()
        for item in client.list_objects_v2(Bucket=name).get("Contents", [])
    }


def test_shelf_is_local_by_default(folder: Path):
    assert isinstance(shelf(), LocalShelf)


def test_keep_in_a_bucket_and_read_it_back(bucket: Any, folder: Path):
    blob = keep(b"au loin", media_type="text/plain")
    name = f"{blob.sha256[:2]}/{blob.sha256[2:4]}/{blob.sha256}"
    assert isinstance(shelf(), RemoteShelf)
    assert bucket() == {name: b"au loin"}
    assert list((folder / "incoming").iterdir()) == []
    local_path(blob).unlink()
    with open_blob(blob) as stream:
        assert stream.read() == b"au loin"
    assert local_path(blob).is_relative_to(folder / "cache")


def test_keep_twice_in_a_bucket_is_one_object(bucket: Any):
    keep(b"au loin", media_type="text/plain")
    keep(b"au loin", media_type="text/plain")
    assert len(bucket()) == 1


def test_keep_again_mends_a_shortened_object(bucket: Any):
    blob = keep(b"au loin", media_type="text/plain")
    place: Any = shelf()
    name = f"{blob.sha256[:2]}/{blob.sha256[2:4]}/{blob.sha256}"
    place.storage.delete(name)
    from django.core.files.base import ContentFile

    place.storage.save(name, ContentFile(b"au"))
    local_path(blob).unlink()
    with pytest.raises(Missing):
        local_path(blob)
    assert verify().findings == (Finding(Trouble.ALTERED, blob.sha256),)
    keep(b"au loin", media_type="text/plain")
    assert verify().is_sound


def test_missing_object_is_said(bucket: Any):
    blob = Blob(sha256="0" * 64, size_bytes=3, media_type="text/plain")
    with pytest.raises(Missing):
        open_blob(blob)
    blob.save()
    assert verify().findings == (Finding(Trouble.MISSING, blob.sha256),)


def test_reindex_a_bucket(bucket: Any):
    blob = keep(b"au loin", media_type="text/plain")
    Blob.objects.all().delete()
    assert reindex() == 1
    assert Blob.objects.get().sha256 == blob.sha256


def test_object_that_was_let_go_leaves_the_bucket_and_the_cache(bucket: Any):
    blob = keep(b"au loin", media_type="text/plain")
    cached = local_path(blob)
    Blob.objects.all().delete()
    for _again in range(2):
        remove_unnamed([blob.sha256])
        assert bucket() == {}
        assert not cached.exists()


def test_storage_that_refuses_to_let_go_of_one_keeps_no_other_and_is_asked_again(
    bucket: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    from botocore.exceptions import ClientError
    from storages.backends.s3 import S3Storage

    refused, other = (keep(text, media_type="text/plain") for text in (b"au loin", b"ailleurs"))
    Blob.objects.all().delete()
    delete = S3Storage.delete

    def refuse(storage: S3Storage, name: str) -> None:
        if name.endswith(refused.sha256):
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "DeleteObject")
        delete(storage, name)

    monkeypatch.setattr(S3Storage, "delete", refuse)
    remove_unnamed([refused.sha256, other.sha256])
    assert list(bucket().values()) == [b"au loin"]
    assert "still there: OSError" in caplog.text
    monkeypatch.setattr(S3Storage, "delete", delete)
    remove_unnamed([refused.sha256, other.sha256])
    assert bucket() == {}
