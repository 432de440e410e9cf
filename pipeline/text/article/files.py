"""The files an article's page links to: name, address, type, size.

A file whose address only a script knows is listed without one (``url`` is ``""``), except for the software whose route is
published (``_ROUTES``); nothing is guessed. What does not live here: fetching or reading files.
Source: boards §1 and §2 (link forms), korea §4 "Attachments".
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

import pipeline.model as p
from pipeline.text import clean, select, urls
from pipeline.text.article import names, words

_ENDINGS: Final = {
    "hwp": "application/x-hwp", "hwpx": "application/hwp+zip", "pdf": "application/pdf", "zip": "application/zip",
    "xls": "application/vnd.ms-excel", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ppt": "application/vnd.ms-powerpoint", "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain", "csv": "text/csv", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "mp4": "video/mp4", "mp3": "audio/mpeg", "egg": "application/octet-stream", "7z": "application/x-7z-compressed",
    "hwt": "application/x-hwp", "show": "application/octet-stream", "cell": "application/octet-stream",
}  # fmt: skip
_PICTURES: Final = frozenset(("jpg", "jpeg", "png", "gif"))
_ENDING: Final = re.compile(rf"\.({'|'.join(_ENDINGS)})(?![\w.])", re.IGNORECASE)
_LOADS: Final = re.compile(
    r"file_?down|downfile|down_?load\w*\.(?:do|php|asp|aspx|jsp|es|html?)|down\.(?:do|php|asp|jsp)|downloadbbsfile|atchmnfl|atchfile|attachid=|fileid="
    r"|file_id=|file_?seq=|fileno=|getfile|/download\.do",
    re.IGNORECASE,
)
_MAY_LOAD: Final = re.compile(r"download|/attach\w*/|/files?/", re.IGNORECASE)
_HINT: Final = re.compile(r"down|file|attach|\.[A-Za-z0-9]{2,5}(?:$|[?#&])", re.IGNORECASE)
_CALL: Final = re.compile(r"([A-Za-z_$][\w$.]*)\s*\(([^()]{0,300})\)")
_ARGUMENT: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"|(\d+)")
_LOADER: Final = re.compile(r"down|file|attach|pds", re.IGNORECASE)
_VIEWER: Final = re.compile(
    r"미리\s?보기|바로\s?보기|뷰어|전체\s?다운|일괄\s?다운|모두\s?받기|전체\s?받기|viewer|synap|preview|docview|convert|\.exe\b|글자\s?크기",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(
    r"^(?:첨부\s?파일|파일|다운로드?|내려\s?받기|받기|저장|download|첨부|파일\s?첨부|붙임|열기|새\s?창|\d+|[\s\[\]().:：\-·|/])+$",
    re.IGNORECASE,
)
_SIZE: Final = re.compile(
    r"[\[(]?\s*(?:파일\s?크기|용량|size)?\s*[:：]?\s*([\d.,]+)\s*(KB|MB|GB|K|M|B|바이트|bytes?)\b\s*[\])]?",
    re.IGNORECASE,
)
_UNITS: Final = {
    "b": 1, "byte": 1, "bytes": 1, "바이트": 1, "k": 1024, "kb": 1024, "m": 1024**2, "mb": 1024**2, "gb": 1024**3,
}  # fmt: skip
_TRAIL: Final = re.compile(
    r"\s*(?:[\[(]\s*(?:다운(?:로드)?\s*(?:수|횟수)?|조회|Down)?\s*[:：]?\s*\d*\s*(?:회|건)?\s*(?:다운로드)?\s*[\])]|\d+\s?회\s?다운로드|DATE\s*[:：].*|다운로드|내려받기"
    r"|새\s?창\s?열림|새창|바로보기|미리보기|\|.*)\s*$",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(
    r"^\s*(?:(?:hwpx?|pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|한글|이미지|압축)\s?(?:첨부)?(?:파일|문서)|파일\s?첨부|첨부\s?파일\s?\d*|첨부\s?\d+|파일\s?\d*)\s*[:：.)\]]?\s+",
    re.IGNORECASE,
)
_NAME_KEYS: Final = re.compile(
    r"^(?:origin(?:al)?_?(?:file)?_?name|file_?name|orgn?_?(?:file)?_?n(?:ame|m)|file_?nm|fn|name|ofile|orignlfilenm|user_?file_?name|realname)$",
    re.IGNORECASE,
)
_OWN_NAME: Final = re.compile(
    r"orig|orgn|real|user|^ofile", re.IGNORECASE
)  # what people called it, before the server's name
_BESIDE: Final = 300  # longer text beside a link is not about this file
_LINKS: Final = 5000
_LOOKS: Final = 4 * p.limits.ATTACHMENTS
_FURNITURE: Final = frozenset(("header", "nav", "footer", "aside"))
# Software that publishes how its script finds a file: function -> route within the application ({1}, {2}: its arguments).
_ROUTES: Final = {
    "fn_egov_downFile": "/cmm/fms/FileDown.do?atchFileId={1}&fileSn={2}",  # eGovFrame common components
}
_APP: Final = re.compile(r"^(/[^/]+)?/(?:cop|cmm|uss|sym|let)/")


def linked(tree: LexborHTMLParser, base: str, charset: str, *, wanted: str = "") -> list[p.Attachment]:
    """Return the files a page links to, in its order, each once; at most ``limits.ATTACHMENTS``.

    Args:
        tree: The page.
        base: What its links are relative to.
        charset: Its encoding, for names in addresses.
        wanted: CSS of the links an editor wrote; everything that fits is a file.
    """
    found: dict[str, p.Attachment] = {}
    looked = 0
    for link in tree.css(wanted or "a[href], a[onclick], button[onclick]")[:_LINKS]:
        if looked >= _LOOKS:
            break
        file = _file(link, base, charset, is_wanted=bool(wanted))
        if file is None:
            continue
        looked += 1
        same = file.url or file.name
        if same not in found and not (not file.url and any(f.name == file.name for f in found.values())):
            found[same] = file
        if len(found) >= p.limits.ATTACHMENTS:
            break
    return list(found.values())


def media_type(name: str) -> str | None:
    """Return the media type a file name's ending means; ``None`` when unknown."""
    ending = _ENDING.findall(name)
    return _ENDINGS[ending[-1].lower()] if ending else None


def _file(link: LexborNode, base: str, charset: str, *, is_wanted: bool) -> p.Attachment | None:
    attributes = link.attributes
    href = attributes.get("href") or ""
    script = f"{href if href.lower().startswith('javascript:') else ''} {attributes.get('onclick') or ''}".strip()
    if not is_wanted and not (_HINT.search(href) or _HINT.search(script) or _ENDING.search(link.text())):
        return None  # most links of a page are its menu
    url = urls.absolute(base, href, charset=charset) or _routed(script, base) or ""
    said = clean.one_line(select.quiet_text(link))
    if not is_wanted and not _is_file(link, url, script, said):
        return None
    name, size = _name(link, said, url, charset)
    if not name:
        return None
    if not url and not _ENDING.search(name):
        return None
    return p.Attachment(
        url=url, name=name[:200], media_type=media_type(name) or media_type(urlsplit(url).path), bytes=size
    )


def _is_file(link: LexborNode, url: str, script: str, said: str) -> bool:
    if _VIEWER.search(said) or (url and _VIEWER.search(url)) or _is_outside(link):
        return False
    if url and _LOADS.search(url):
        return True
    in_path = _ENDING.search(urlsplit(url).path) if url else None
    named = _ENDING.search(said)
    is_picture = all(found is None or found.group(1).lower() in _PICTURES for found in (in_path, named))
    if (named or in_path) and not is_picture:
        call = _CALL.search(script)
        if url or (call is not None and _LOADER.search(call.group(1))):
            return True
    return bool(named or in_path or (url and _MAY_LOAD.search(url) and said)) and _is_labelled(link)


def _is_outside(link: LexborNode) -> bool:
    around, steps = link.parent, 0
    while around is not None and steps < 40:
        if around.tag in _FURNITURE or around.attributes.get("id") in (
            "gnb",
            "lnb",
            "snb",
            "header",
            "footer",
            "quick",
        ):
            return True
        around, steps = around.parent, steps + 1
    return False


def _is_labelled(link: LexborNode) -> bool:
    """Whether a link stands in a block or row that says it holds files."""
    around, steps = link.parent, 0
    while around is not None and steps < 5:
        attributes = around.attributes
        called = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if any(
            "file" in w.lower() or "attach" in w.lower() or "down" in w.lower()
            for w in called.split()
            if names.role(w) != "text"
        ):
            return True
        if around.tag in ("tr", "dl", "li"):
            label = around.css_first("th, dt, strong")
            if label is not None and words.FILES.match("".join(label.text().split())):
                return True
        around, steps = around.parent, steps + 1
    return False


def _name(link: LexborNode, said: str, url: str, charset: str) -> tuple[str, int | None]:
    """Return a file's name and size, from the link, its attributes, the text beside it or its address."""
    attributes = link.attributes
    parent = link.parent
    is_near = parent is not None and len(parent.text()) < _BESIDE
    around = clean.one_line(select.quiet_text(parent)) if parent is not None and is_near else said
    size = _SIZE.search(said) or (_SIZE.search(around) if len(_ENDING.findall(around)) <= 1 else None)
    for text in (said, attributes.get("download") or "", attributes.get("title") or "", around):
        name = _tidy(text)
        if name and not _NOTHING.match(name) and (text is not around or _ENDING.search(name)):
            return name, _bytes(size)
    return _named_in(url, charset), _bytes(size)


def _tidy(text: str) -> str:
    name = clean.one_line(text)
    ending = list(_ENDING.finditer(name))
    if ending:
        return _HEAD.sub("", name[: ending[-1].end()]).strip()
    name = _SIZE.sub("", name)
    for _turn in range(3):
        name = _TRAIL.sub("", name)
    return _HEAD.sub("", name).strip(" :-·")


def _named_in(url: str, charset: str) -> str:
    """Return the file name an address carries, percent-decoded as UTF-8 or CP949; ``""`` when it names none."""
    parts = urlsplit(url)
    named = [(k, v) for k, v in parse_qsl(parts.query, encoding="latin-1") if _NAME_KEYS.match(k)]
    values = [v for _k, v in sorted(named, key=lambda pair: not _OWN_NAME.search(pair[0]))]
    for raw in (*(v.encode("latin-1", "replace") for v in values), unquote_to_bytes(parts.path.rpartition("/")[2])):
        for codec in ("utf-8", "cp949", charset):
            try:
                name = clean.one_line(raw.decode(codec))
            except (UnicodeDecodeError, LookupError):
                continue
            if _ENDING.search(name):
                return name
            break
    return ""


def _routed(script: str, base: str) -> str:
    """Return the address a published script call leads to; ``""`` for any other call."""
    call = _CALL.search(script)
    template = _ROUTES.get(call.group(1)) if call else None
    if call is None or template is None:
        return ""
    values = [a or b or c for a, b, c in _ARGUMENT.findall(call.group(2))]
    if len(values) < template.count("{"):
        return ""
    for number, value in enumerate(values, start=1):
        template = template.replace(f"{{{number}}}", quote(value, safe=""))
    app = _APP.match(urlsplit(base).path)
    return urls.absolute(base, (app.group(1) or "" if app else "") + template) or ""


def _bytes(size: re.Match[str] | None) -> int | None:
    try:
        return int(float(size.group(1).replace(",", "")) * _UNITS[size.group(2).lower()]) if size else None
    except (ValueError, OverflowError):
        return None
