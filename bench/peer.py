"""The peer, as its own documentation says to use it: ``reader`` with a thread pool."""

from __future__ import annotations

import sys

from reader import make_reader


def main(database: str, urls: str) -> None:
    """Add what is missing and update everything once."""
    with make_reader(database) as reader, open(urls, encoding="utf-8") as file:
        known = {feed.url for feed in reader.get_feeds()}
        for line in file:
            if line.strip() not in known:
                reader.add_feed(line.strip())
        reader.update_feeds(scheduled=False, workers=8)


if __name__ == "__main__":
    main(*sys.argv[1:])
