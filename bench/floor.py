"""Floors: the least any collector must do. Fetch every document with bare libcurl and read its XML events once."""

from __future__ import annotations

import sys
from xml.parsers import expat

import pycurl


def main(urls: str, etags: str) -> None:
    """Fetch all; with an etags file of the last time, ask conditionally; otherwise parse what comes."""
    with open(urls, encoding="utf-8") as file:
        waiting = [line.strip() for line in file]
    try:
        with open(etags, encoding="utf-8") as file:
            known = dict(line.rstrip("\n").split(" ", 1) for line in file)
    except OSError:
        known = {}
    multi = pycurl.CurlMulti()
    busy: dict[pycurl.Curl, list[bytes]] = {}
    tags: dict[str, str] = dict(known)
    idle = [pycurl.Curl() for _ in range(64)]
    while waiting or busy:
        while waiting and idle:
            body: list[bytes] = []
            curl, url = idle.pop(), waiting.pop()
            curl.setopt(pycurl.URL, url)
            curl.setopt(pycurl.WRITEFUNCTION, body.append)
            curl.setopt(pycurl.HTTPHEADER, [f"If-None-Match: {known[url]}"] if url in known else [])

            def header(line: bytes, url: str = url) -> None:
                if line[:5].lower() == b"etag:":
                    tags[url] = line[5:].strip().decode()

            curl.setopt(pycurl.HEADERFUNCTION, header)
            multi.add_handle(curl)
            busy[curl] = body
        multi.perform()
        _left, done, failed = multi.info_read()
        for curl in (*done, *(f[0] for f in failed)):
            multi.remove_handle(curl)
            text = b"".join(busy.pop(curl))
            if text:
                parser = expat.ParserCreate()
                parser.StartElementHandler = lambda name, attributes: None
                parser.CharacterDataHandler = lambda data: None
                parser.Parse(text, True)
            idle.append(curl)
        multi.select(0.1)
    with open(etags, "w", encoding="utf-8") as file:
        file.writelines(f"{url} {tag}\n" for url, tag in tags.items())


if __name__ == "__main__":
    main(*sys.argv[1:])
