"""Every limit of moa in one place, each with its unit and its reason.

What does not live here: limits an operator sets (``fetch:`` in ``moa.yaml``); those start from these numbers.
Source: reliability Part 5 (measured attacks) and korea facts for messages. ``moa doctor --limits`` prints them.
"""

from __future__ import annotations

from typing import Final

# --- the network -----------------------------------------------------------------------------------------------
CONNECT_S: Final = 5.0
SOURCE_DEADLINE_S: Final = 30.0  # one single-document source: connect + TLS + body + redirects + retries
LIST_DEADLINE_S: Final = 90.0  # one source that reads several pages
STALL_S: Final = 10.0  # no byte for so long ends the transfer
RUN_DEADLINE_S: Final = 1800.0
REDIRECTS: Final = 5
HEADER_BYTES: Final = 64 * 1024
BODY_BYTES: Final = 10 * 1024 * 1024  # inflated
INFLATE_RATIO: Final = 100  # allowed inflated ÷ wire once the body passes 1 MiB
INFLATE_FREE_BYTES: Final = 1024 * 1024
TRIES: Final = 3
BACKOFF_S: Final = (1.0, 2.0, 4.0)  # plus jitter
RETRY_AFTER_CAP_S: Final = 60.0  # a longer wish ends this night's tries
CONCURRENCY: Final = 128
PER_HOST: Final = 2
HOST_GAP_S: Final = 1.0
RESOLVER_THREADS: Final = 64
RESOLVE_S: Final = 10.0  # a name that is not answered by then counts as a failed look-up
ERROR_BODY_BYTES: Final = 64 * 1024  # of an answer that is no 2xx, so much is read and no more
CRAWL_DELAY_CAP_S: Final = 10.0  # a longer Crawl-delay is shortened to this
ROBOTS_BYTES: Final = 512 * 1024
ROBOTS_FRESH_S: Final = 24 * 3600

# --- parsing ---------------------------------------------------------------------------------------------------
PARSE_CPU_S: Final = 10
PARSE_MEMORY_BYTES: Final = 512 * 1024 * 1024
PARSE_WORKERS: Final = 2
DECLARATION_BYTES: Final = 4096  # where an XML declaration or a meta charset may stand
ITEMS_PER_FETCH: Final = 500
PAGES_PER_SOURCE: Final = 10
ARTICLES_PER_FEED: Final = 20  # posts' own pages a night: 20 s at HOST_GAP_S; the rest follows the next nights
SCAN_PAGES: Final = (
    40  # below the nightly pages of a long list, at most so many a night: fits LIST_DEADLINE_S at HOST_GAP_S
)
BODY_HTML_BYTES: Final = 200 * 1024
BODY_TEXT_CHARS: Final = 20 * 1024
TITLE_CHARS: Final = 300
LEAD_CHARS: Final = 300
URL_CHARS: Final = 2048
STAMP_CHARS: Final = 100  # a machine date is never longer
DATE_TEXT_CHARS: Final = 2000  # a date expression, a title or a paragraph with one
NESTING: Final = 256
ATTRIBUTES: Final = 64
TAGS: Final = 20
ATTACHMENTS: Final = 50

# --- texts of attached files (ADR-0035) --------------------------------------------------------------------------
ATTACHED_FILES: Final = 3  # of one article: the notice itself, its annex, one form
ATTACHED_PER_NIGHT: Final = 15  # of one list: with 30 article pages it fits LIST_DEADLINE_S at HOST_GAP_S
ATTACHED_BYTES: Final = 5 * 1024 * 1024  # of one file; larger ones are brochures of pictures
ATTACHED_NIGHT_BYTES: Final = 20 * 1024 * 1024  # of one list and night: they go to a parse worker together
ATTACHED_PAGES: Final = 5  # first pages of a PDF: what a notice is about stands there; more would draw on PARSE_CPU_S
ATTACHED_CHARS: Final = 4000  # of one file
ATTACHED_ENTRIES: Final = 1000  # files in one HWPX
ATTACHED_INFLATED_BYTES: Final = 8 * 1024 * 1024  # of one HWPX section or one PDF stream

# --- pictures (ADR-0029) ---------------------------------------------------------------------------------------
IMAGE_BYTES: Final = 10 * 1024 * 1024  # as sent; larger ones are print originals
IMAGE_PIXELS: Final = 40_000_000  # decoded: 40 Mpx of RGBA are 160 MB, well within PARSE_MEMORY_BYTES
IMAGE_MIN_SIDE: Final = 100  # smaller ones are icons, bullets and trackers
IMAGE_RATIO: Final = 10  # longer ones are rules and banners
IMAGE_UPSCALE: Final = 2.0  # a picture that would have to grow more is not used at that size
IMAGE_CUT_SHARE: Final = 0.45  # where cutting would lose more of it, a picture is shown whole on a ground instead
IMAGES_PER_NIGHT: Final = 500  # the rest follows the next nights
IMAGES_S: Final = 300.0  # of one night for all pictures
IMAGE_TRIES: Final = 3  # nights a picture that could not be fetched is asked for again
IMAGE_KEEP_DAYS: Final = 30  # `moa db media` forgets files that no entry has used for so long

# --- discovering lists -----------------------------------------------------------------------------------------
DISCOVER_NODES: Final = 40_000  # elements looked at; the largest page seen (2.1 MB) has fewer
DISCOVER_GROUPS: Final = 24  # candidate groups read closely, best first by cheap counts
DISCOVER_SAMPLE: Final = 24  # rows of a group that vote on where its fields stand

# --- the store's guards ----------------------------------------------------------------------------------------
FLOOD_MIN: Final = 20  # more new items than max(this, FLOOD_FACTOR × median) are held
FLOOD_FACTOR: Final = 5
FLOOD_SHARE: Final = 0.8  # nearly all items of a known source new at once
WITHDRAWN_FREE: Final = 5  # entries a place may withdraw at once, whatever it lists
WITHDRAWN_SHARE: Final = 0.2  # of what it lists; more is likelier a mistake, and nothing is withdrawn
STORE_BUSY_S: Final = 10.0  # how long a write waits for another writer of the same SQLite file
STORE_IN_LIST: Final = 500  # values in one IN list (performance §11)

# --- publishing ------------------------------------------------------------------------------------------------
DIGEST_ITEMS: Final = 50
SHRINK_SHARE: Final = 0.5  # a site with fewer pages than this share of yesterday's is held
CLOSING_SOON_DAYS: Final = 3
SAME_TITLE_DAYS: Final = 7  # posts of one agency under one title within this are one story
SAME_TITLE_SERIES_DAYS: Final = 6  # one source repeating a title after this long writes a weekly series
SAME_TITLE_CHARS: Final = 8  # shorter titles say too little
STORY_DAYS: Final = 90  # items further apart are never one story by their words (extraction §6)
STORY_JOIN: Final = 0.31  # share of common words from which two items are one story
STORY_DOUBT: Final = 0.27  # from here an editor is asked
STORY_DOUBTS: Final = 200  # undecided pairs that are kept for an editor
STORY_CANDIDATES: Final = 100  # neighbours an item is compared with
FOLD_FOLLOWED: Final = 5_000  # entries around what changed; above it, folding everything anew is cheaper
LINK_DAYS: Final = 30  # a post this long after the notice it links to looks back on it
BOILERPLATE_LINKS: Final = 3  # a target linked from so many entries of one source is its footer
LATE_DAYS: Final = 2  # posted longer before we first saw it: labelled late
FIRST_EDITION_DAYS: Final = 7  # how far back the first edition of a digest looks
ARTIFACT_PATH_CHARS: Final = 240  # a relative path; a segment has at most 80 (P35)
FSYNC_FILES: Final = 64  # above this one flush of the whole disk is cheaper than one a file
PAGE_PROCESSES: Final = 4  # at most, never more than cores; each may come to hold what it touches of the library
PAGES_FORK: Final = 500  # from so many pages to make on, sharing them out is worth the forks
PAGES_BATCH: Final = 200  # pages whose bodies are in memory at once

# --- sending ---------------------------------------------------------------------------------------------------
FRESHNESS_H: Final = 12
KAKAO_OPENS: Final = "08:00"  # Kakao bans Brand Message 20:50-08:00 (korea §0.3)
KAKAO_CLOSES: Final = "20:50"
KAKAO_BUDGET: Final = 10_000  # messages of one channel a day; a channel's `budget` sets another
KAKAO_IMAGE_BYTES: Final = 5 * 1024 * 1024  # NHN and Kakao; also at least 500 pixels wide
CARRIER_S: Final = 60.0  # one call to a carrier; a sender that gives up early makes unknown outcomes
SOLAPI_CALL: Final = 10_000  # receivers in one call (documented), and bytes: 15 MB
SOLAPI_CALL_BYTES: Final = 14 * 1024 * 1024
SOLAPI_HEAD_BYTES: Final = 256  # of one message beside its content: receiver, sender, our own key
NHN_CALL: Final = 1000  # receivers in one call (documented)
NHN_PAGE: Final = 1000  # results in one page (documented)
UPLOAD_CONNECT_S: Final = 20.0  # to a web server
UPLOAD_SILENCE_S: Final = 60.0  # an upload that moves nothing for so long has failed
UPLOAD_S: Final = 1800.0  # one upload in all: 50,000 pages over a slow line
MAIL_OPENS: Final = "08:00"
MAIL_CLOSES: Final = "20:00"
MAIL_HTML_BYTES: Final = 100_000  # Gmail cuts a message's HTML at about 102 KB (korea §2)

# --- Kakao Brand Message: the smaller documented number of NHN and SOLAPI (korea §1b) ---------------------------
KAKAO_TEXT: Final = 1300
KAKAO_TEXT_BREAKS: Final = 99
KAKAO_WIDE_TEXT: Final = 76
KAKAO_WIDE_BREAKS: Final = 1  # SOLAPI; NHN allows 5
KAKAO_HEADER: Final = 20
KAKAO_CARD_TEXT: Final = 180
KAKAO_CARD_BREAKS: Final = 2
KAKAO_MAIN_TITLE: Final = 25  # first item of a wide list
KAKAO_ITEM_TITLE: Final = 30
KAKAO_ITEMS: Final = 4  # NHN allows 3, SOLAPI demands 4
KAKAO_CARDS: Final = (2, 6)
KAKAO_BUTTONS: Final = 5
KAKAO_BUTTON: Final = 14
KAKAO_WIDE_BUTTONS: Final = 2
KAKAO_WIDE_BUTTON: Final = 8
KAKAO_LINK: Final = 500  # AlimTalk's; Brand Message allows 1,000
KAKAO_HEADROOM: Final = 0.9  # how Kakao counts emoji is not documented

# --- the preview server ----------------------------------------------------------------------------------------
EDITOR_CHARS: Final = 200  # a title or a sentence of an editor
CURATED_EDITIONS: Final = 30  # editions looked through for the one that tells a story
PREVIEW_PORT: Final = 8787  # the first choice; any free one when it is taken
PREVIEW_FORM_BYTES: Final = 4096  # a form holds a token, an id and a hash
PREVIEW_IDLE_S: Final = 10.0  # a connection that sends nothing for so long is closed
PREVIEW_EDITIONS: Final = 400  # in the list to choose from: more than a year of daily ones

# --- configuration ---------------------------------------------------------------------------------------------
YAML_BYTES: Final = 1024 * 1024
YAML_DEPTH: Final = 20
SOURCES: Final = 20_000
