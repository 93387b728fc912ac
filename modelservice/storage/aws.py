"""Amazon S3, and any server that speaks its protocol at `AWS_ENDPOINT_URL`."""

import base64
import os
import re
from contextlib import closing
from functools import cached_property
from typing import Any, BinaryIO

from modelservice.storage.bucket import (
    CONNECT_SECONDS,
    READ_BYTES,
    SHA256_KEY,
    SILENCE_SECONDS,
    Checksum,
    ListedObject,
    LocalFile,
    Stored,
    Target,
    md5_checksum,
    md5_of_parts_checksum,
)
from modelservice.storage.errors import StorageProblem
from modelservice.storage.place import Place, without_secrets

_ETAG = re.compile(r"(?P<md5>[0-9a-f]{32})(-(?P<parts>[0-9]+))?")
# As many threads as trainings and bots may transfer at once, by default.
_CONNECTIONS = 20
_BUSY_CODES = {"SlowDown", "Throttling", "ThrottlingException", "RequestTimeout", "BadDigest"}
_TOKEN_CODES = {"ExpiredToken", "InvalidToken"}
_REGION = "is AWS_REGION the bucket's region?"
_SETTING_CODES = {
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "301": _REGION,
    "RequestTimeTooSkewed": "this machine's clock is wrong",
}


class S3Bucket:
    name = "aws"

    def __init__(self, bucket: str, endpoint: str | None) -> None:
        self._bucket = bucket
        self._endpoint = endpoint
        self._place = Place(
            provider="S3 storage" if endpoint else "Amazon S3",
            address=without_secrets(endpoint) if endpoint else "its AWS address",
            address_hint="AWS_ENDPOINT_URL and the network",
            bucket=f"bucket {bucket!r}",
            bucket_variable="BUCKET_NAME",
            credentials_hint="AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the machine's role",
        )

    @cached_property
    def _client(self) -> Any:
        import boto3.session
        from botocore.config import Config

        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=SILENCE_SECONDS,
            max_pool_connections=_CONNECTIONS,
            signature_version="s3v4",
            retries={"mode": "standard", "total_max_attempts": 1},
            # Servers other than Amazon's know Content-MD5, and often not its newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return boto3.session.Session().client(
            "s3",
            region_name=os.environ.get("AWS_REGION") or None,  # boto3 reads AWS_DEFAULT_REGION
            endpoint_url=self._endpoint,
            config=config,
        )

    def find(self, key: str) -> Stored | None:
        from botocore.exceptions import ClientError

        try:
            head = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _status(error) != 404:
                raise
            self._client.head_bucket(Bucket=self._bucket)  # the answer has no body to say which
            return None
        sha256 = head["Metadata"].get(SHA256_KEY)
        checksum = None if sha256 else self._etag_checksum(key, head)
        return Stored(head["ContentLength"], head["ETag"], sha256, checksum)

    def _etag_checksum(self, key: str, head: Any) -> Checksum | None:
        etag = _ETAG.fullmatch(head["ETag"].strip('"'))
        is_own_encryption = head.get("ServerSideEncryption", "AES256") == "AES256"
        if not etag or not is_own_encryption or "SSECustomerAlgorithm" in head:
            return None  # an ETag of something else than the content
        if not etag["parts"]:
            return md5_checksum(etag["md5"])
        first = self._client.head_object(Bucket=self._bucket, Key=key, PartNumber=1)
        part_size, parts = first["ContentLength"], int(etag["parts"])
        # A server that does not know parts answers with the size of the whole.
        if (parts - 1) * part_size < head["ContentLength"] <= parts * part_size:
            return md5_of_parts_checksum(etag[0], part_size)
        return None

    def put(self, key: str, content: BinaryIO, local: LocalFile) -> None:
        self._client.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=content,
            ContentLength=local.size,
            ContentMD5=base64.b64encode(local.md5).decode(),
            Metadata={SHA256_KEY: local.sha256},
        )

    def read(self, key: str, stored: Stored, target: Target) -> None:
        answer = self._client.get_object(Bucket=self._bucket, Key=key, IfMatch=stored.version)
        with closing(answer["Body"]) as body:
            for block in body.iter_chunks(READ_BYTES):
                target.write(block)

    def listed(self, prefix: str) -> list[ListedObject]:
        """Every object whose key begins so. A missing bucket raises."""
        pages = self._client.get_paginator("list_objects_v2")
        return [
            ListedObject(found["Key"], found["Size"], found["LastModified"])
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix)
            for found in page.get("Contents", ())
        ]

    def link(self, key: str, file_name: str, content_type: str, seconds: int) -> str:
        values = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentType": content_type,
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
        }
        link: str = self._client.generate_presigned_url("get_object", values, ExpiresIn=seconds)
        return link

    def remove(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def problem(self, error: Exception, doing: str) -> StorageProblem:
        if isinstance(error, ImportError):
            return self._place.no_library("boto3")
        from botocore import exceptions as boto

        match error:
            case boto.ClientError():
                return self._answered(error, doing)
            case boto.NoCredentialsError() | boto.PartialCredentialsError():
                return self._place.no_credentials("none were found")
            case boto.CredentialRetrievalError() | boto.ProfileNotFound():
                return self._place.no_credentials(type(error).__name__)
            case (
                boto.ConnectionError()
                | boto.HTTPClientError()
                | boto.ResponseStreamingError()
                | boto.IncompleteReadError()
                | OSError()
            ):
                return self._place.unreachable(type(error).__name__)
            case _:
                return self._place.refused(doing, type(error).__name__)

    def _answered(self, error: Any, doing: str) -> StorageProblem:
        code = str(error.response["Error"].get("Code"))
        if code in _BUSY_CODES:
            return self._place.busy(code)
        if code in _SETTING_CODES:
            return self._place.refused(doing, f"{code}; {_SETTING_CODES[code]}")
        if code in _TOKEN_CODES:
            return self._place.denied(doing, code)
        if code == "NoSuchKey":
            return self._place.changed()
        return self._place.answered(doing, _status(error), code)


def _status(error: Any) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
