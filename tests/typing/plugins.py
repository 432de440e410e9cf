"""Read by mypy only: every plugin satisfies its protocol; a wrong member is reported by name.

What does not live here: anything that runs.
"""

from __future__ import annotations

import pipeline.model as p
import renderers.kakao
import renderers.newsletter
import renderers.website
import sources.board
import sources.feed
import sources.gseek
import sources.kmooc
import sources.opendata
import sources.youtube
from pipeline.deliver.transports import copykit, files, kakao_memo, listmonk, nhncloud, rsync, s3, smtp, solapi, stibee
from pipeline.http import HttpClient

SOURCES: tuple[p.Source, ...] = (
    sources.board,
    sources.feed,
    sources.gseek,
    sources.kmooc,
    sources.opendata,
    sources.youtube,
)
RENDERERS: tuple[p.Renderer, ...] = (renderers.kakao, renderers.newsletter, renderers.website)
PAGED: tuple[p.PagedRenderer, ...] = (renderers.website,)
TRANSPORTS: tuple[p.Transport, ...] = (copykit, files, kakao_memo, listmonk, rsync, s3, stibee)
PERSONAL: tuple[p.PersonalTransport, ...] = (nhncloud, smtp, solapi)


def door(client: HttpClient) -> p.Http:
    """The client is the door plugins are handed."""
    return client
