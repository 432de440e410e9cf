"""Publish a website to a bucket of an S3-compatible object store (AWS, NAVER Cloud, KT Cloud, MinIO …).

What does not live here: what is uploaded in which order (``_mirror``). The bucket has no rename: readers may meet a mixture for
the seconds an upload takes, never a page without its pictures and styles. Source: ADR-0044.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports import _mirror
from pipeline.i18n import _

if TYPE_CHECKING:
    from obstore.store import S3Store

TITLE = "객체 저장소(S3 호환)에 올리기"
ACCEPTS = frozenset({"*/*"})
REACHES_PEOPLE = False
REPEATABLE = True
LINKS = True  # pictures may stay on the disk until they are uploaded
_FOR_EVER = "public, max-age=31536000, immutable"  # a picture is named by its content
_ASK_AGAIN = "no-cache"  # kept, and asked for by its ETag: an edition is read the minute it is out


class Options(p.Options):
    """Which bucket, and the names of the keys."""

    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", description="버킷 이름", examples=["gaon-learn"])
    prefix: str = Field(
        default="",
        pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*)?$",
        description="버킷 안의 자리. 비우면 맨 위입니다",
        examples=["learn"],
    )
    base_url: p.WebUrl = Field(
        default="", description="저장소 서버 주소. 비우면 AWS입니다", examples=["https://kr.object.ncloudstorage.com"]
    )
    region: str = Field(
        default="us-east-1", pattern=r"^[a-z0-9-]{2,40}$", description="지역 이름", examples=["kr-standard"]
    )
    access_key: p.SecretName = Field(description="접근 키가 든 환경 변수", examples=["MOA_S3_ACCESS_KEY"])
    secret_key: p.SecretName = Field(description="비밀 키가 든 환경 변수", examples=["MOA_S3_SECRET_KEY"])


def send(
    options: Options,
    delivery: p.Delivery,
    rendering: p.Rendering,
    http: p.Http,
    keep: Callable[[p.Memo], None],
) -> p.Receipt:
    """Make the bucket show this rendering; doing it twice changes nothing.

    Raises:
        CredentialError: The keys are missing or refused, or there is no such bucket.
        DeliveryError: The store cannot be reached, or files that are not ours stand in the way.
    """
    del delivery, http, keep
    written = _mirror.mirror(_Bucket(options), rendering)
    return p.Receipt(provider_id=rendering.sha256[:16], accepted=1, status=f"{written} files")


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """Return a receipt if the bucket shows this rendering."""
    del http
    is_shown = _mirror.shows(_Bucket(options), delivery.rendering_sha256)
    return p.Receipt(provider_id=delivery.rendering_sha256[:16], accepted=1) if is_shown else None


class _Bucket:
    """The part of a bucket below the prefix. The client signs, tries again and keeps connections; keys never print."""

    def __init__(self, options: Options) -> None:
        if not options.access_key or not options.secret_key:
            missing = options.secret_key if options.access_key else options.access_key
            message = _("환경 변수 {name} 에 저장소의 키가 없습니다.").format(name=missing.name)
            raise p.CredentialError(message, code="no-key")
        with _refusals():
            self._store = _client(options)

    def read(self, path: str) -> bytes | None:
        with _refusals():
            try:
                return bytes(self._store.get(path).bytes())
            except FileNotFoundError:
                return None

    def sizes(self) -> Mapping[str, int]:
        with _refusals():
            return {str(one["path"]): int(one["size"]) for batch in self._store.list() for one in batch}

    def put(self, path: str, body: bytes, media_type: str) -> None:
        cache = _FOR_EVER if media_type.startswith("image/") and path.startswith("media/") else _ASK_AGAIN
        with _refusals():
            about = {"Content-Type": media_type, "Cache-Control": cache}
            self._store.put(path, body, attributes=about, use_multipart=False)

    def delete(self, paths: Collection[str]) -> None:
        with _refusals():
            for path in paths:
                try:
                    self._store.delete(path)
                except FileNotFoundError:
                    continue


def _client(options: Options) -> S3Store:
    from obstore.store import S3Store  # noqa: PLC0415 - only nights that upload

    return S3Store(
        options.bucket,
        prefix=options.prefix or None,
        endpoint=options.base_url.rstrip("/") or None,
        region=options.region,
        access_key_id=options.access_key.value,
        secret_access_key=options.secret_key.value,
        virtual_hosted_style_request=not options.base_url,
        client_options={
            "allow_http": options.base_url.startswith("http://"),
            "connect_timeout": timedelta(seconds=p.limits.CONNECT_S),
            "timeout": timedelta(seconds=p.limits.CARRIER_S),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=p.limits.CARRIER_S)},
    )


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn the client's errors into ours; its texts may hold addresses and answers, so they are not repeated."""
    from obstore import exceptions  # noqa: PLC0415 - as above

    try:
        yield
    except (exceptions.UnauthenticatedError, exceptions.PermissionDeniedError) as error:
        raise p.CredentialError(_("저장소가 키를 거절했습니다."), code="refused") from error
    except FileNotFoundError as error:
        raise p.CredentialError(_("그런 버킷이 없습니다."), code="no-bucket") from error
    except exceptions.BaseError as error:
        if "NoSuchBucket" in str(error):
            raise p.CredentialError(_("그런 버킷이 없습니다."), code="no-bucket") from error
        if any(word in str(error) for word in ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch")):
            raise p.CredentialError(_("저장소가 키를 거절했습니다."), code="refused") from error
        message = _("저장소에 올리지 못했습니다 ({why}).").format(why=type(error).__name__)
        raise p.DeliveryError(message, code="store-unreachable") from error
