"""A server that echoes our keys does not get them published: they are cut out of every answer at the door (P42).

What does not live here: which values are secret (``log``), fetching. Only installations with secrets pay for it: one search
of each body for each key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pipeline.model as p

_MARK = b"[secret]"
_LEAST = 8  # a shorter value is no key: cutting it out would hurt honest text


class Secretive:
    """The one door to the web, without our own secrets in what comes through it."""

    def __init__(self, http: p.Http, secrets: Sequence[str]) -> None:
        """Stand before a door.

        Args:
            http: The door itself.
            secrets: Every form of every value, longest first.
        """
        self._http = http
        self._secrets = tuple((text, text.encode()) for text in secrets if len(text) >= _LEAST)

    def now(self) -> datetime:
        """As ``Http.now``."""
        return self._http.now()

    def submit(self, request: p.Request, tag: object) -> None:
        """As ``Http.submit``."""
        self._http.submit(request, tag)

    def poll(self, timeout_s: float) -> Sequence[tuple[object, p.Document | p.SourceError]]:
        """As ``Http.poll``."""
        return [(tag, self._cut(answer)) for tag, answer in self._http.poll(timeout_s)]

    def cancel(self, tag: object) -> None:
        """As ``Http.cancel``."""
        self._http.cancel(tag)

    def fetch(self, request: p.Request) -> p.Document:
        """As ``Http.fetch``."""
        try:
            document = self._http.fetch(request)
        except p.SourceError as error:
            error.body = self._bytes(error.body)
            raise
        return self._document(document)

    def _cut(self, answer: p.Document | p.SourceError) -> p.Document | p.SourceError:
        if isinstance(answer, p.Document):
            return self._document(answer)
        answer.body = self._bytes(answer.body)
        return answer

    def _document(self, document: p.Document) -> p.Document:
        """``body_hash`` stays that of the bytes as they came, so that "unchanged" is still told."""
        body, headers = self._bytes(document.body), tuple((n, self._text(v)) for n, v in document.headers)
        url, moved = self._text(document.url), self._text(document.permanent_url or "") or None
        if (body, headers, url, moved) == (document.body, document.headers, document.url, document.permanent_url):
            return document
        return replace(document, body=body, headers=headers, url=url, permanent_url=moved)

    def _bytes(self, body: bytes) -> bytes:
        for _text, secret in self._secrets:
            if secret in body:
                body = body.replace(secret, _MARK)
        return body

    def _text(self, text: str) -> str:
        for secret, _bytes in self._secrets:
            if secret in text:
                text = text.replace(secret, _MARK.decode())
        return text
