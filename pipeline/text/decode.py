"""Bytes to text: byte order mark, header, declaration, strict UTF-8, CP949; counts what could not be read.

What does not live here: cleaning the text (``clean``). Source: reliability P26 and Part 2 item 4, WHATWG Encoding.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from pipeline.model import limits

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SHAPES: Final = (  # UTF-16/32 without a mark: how "<" and the character after it look
    (re.compile(rb"<\x00\x00\x00[^\x00]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00<\x00\x00\x00[^\x00]"), "utf-32-be"),
    (re.compile(rb"<\x00[^\x00]\x00"), "utf-16-le"),
    (re.compile(rb"\x00<\x00[^\x00]"), "utf-16-be"),
)
# Labels whose meaning on the web differs from Python's codec of that name (WHATWG Encoding §4.2); labels without marks.
_LABELS: Final = """\
cp949 euckr cseuckr csksc56011987 isoir149 korean ksc56011987 ksc56011989 ksc56011992 ksc5601 ksx1001 windows949
cp949 xwindows949 cp949 ms949 uhc xuhc 949
cp1252 ansix341968 ascii cp1252 cp819 csisolatin1 ibm819 iso88591 iso885911987 isoir100 l1 latin1 usascii windows1252
cp1252 xcp1252
cp1254 iso88599 csisolatin5 isoir148 l5 latin5 iso885991989 windows1254 xcp1254
cp874 iso885911 tis620 dos874 windows874
cp932 shiftjis sjis xsjis mskanji csshiftjis windows31j ms932 cp932
gb18030 gb2312 gbk gb18030 chinese csgb2312 gb231280 xgbk csiso58gb231280 isoir58 cp936
big5hkscs big5 big5hkscs cnbig5 csbig5 xxbig5
utf-8 utf8 unicode11utf8 unicode20utf8 xunicode20utf8 utf8mb4
utf-16-le utf16 utf16le ucs2 iso10646ucs2 unicode csunicode unicodefeff
utf-16-be utf16be unicodefffe
mac-roman macintosh csmacintosh mac xmacroman
mac-cyrillic xmaccyrillic xmacukrainian
iso8859-8 iso88598i csiso88598i logical
koi8-r koi8 koi koi8r cskoi8r
koi8-u koi8u koi8ru
euc_jp eucjp xeucjp cseucpkdfmtjapanese"""
_WEB: Final = {label: codec for codec, *labels in (line.split() for line in _LABELS.splitlines()) for label in labels}
_SAFE: Final = re.compile(  # codecs a document may ask for; utf-7, punycode and the escapes are not among them
    r"utf-(?:8|16|32)(?:-[lb]e)?|cp\d+|iso8859-\d+|koi8-[rtu]|mac-[a-z]+|euc_j\w+|shift_jis\w*|big5\w*|gb\w+|hz"
    r"|iso2022_(?:jp|kr)\w*|johab|ptcp154|kz1048|hp-roman8"
)
_XML: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:\-]{1,40})""", re.IGNORECASE)
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META: Final = re.compile(rb"""<meta\b[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:\-]{1,40})""", re.IGNORECASE)
_WIDE_UTF8: Final = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
_HANGUL: Final = re.compile("[가-힣]")
_FOREIGN: Final = re.compile("[^\x00-\x7f]")
_HIGH: Final = re.compile(rb"(?:[\x80-\xff]|(?<=[\x81-\xc6])[A-Za-z])+")  # with the letters that end a CP949 pair
_UNASKED: Final = "cp1252"
_KOREAN_SHARE: Final = 0.8  # of the characters beyond ASCII: enough to call text Korean against a Latin label


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text read from bytes.

    Attributes:
        text: The text without a byte order mark; characters as they came (``clean`` is the next step).
        encoding: Python's name of the codec used.
        replaced: Number of places that could not be read and stand as U+FFFD; characters U+FFFD that the document
            itself holds are not counted.
    """

    text: str
    encoding: str
    replaced: int


def decode(body: bytes, *, charset: str = "", media_type: str = "") -> Decoded:
    """Reads a document as a browser would, without ever turning Korean into Latin letters.

    Order: byte order mark, header charset, XML declaration or ``meta`` in the first 4 KB, strict UTF-8, CP949. A label
    counts only if the bytes agree with it; where none agrees, the reading with the fewest losses wins and stray pieces
    in the other of UTF-8 and CP949 are read as what they are.

    Args:
        body: The inflated bytes.
        charset: ``charset`` of Content-Type as sent, ``""`` when none.
        media_type: Lower-case media type; JSON is UTF-8 unless a header says otherwise.

    Cost: one to three passes over the bytes (about 1 ms per megabyte each).
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _read(body[len(mark) :], encoding, whole=body)
    head = body[: limits.DECLARATION_BYTES]
    for shape, encoding in _SHAPES:
        if shape.match(head):
            return _read(body, encoding, whole=body)
    labels = [codec_of(charset)]
    if "json" not in media_type:
        declared = [codec_of(label) for label in _declared(head)]
        # ISO-8859-1 in a header is what servers say unasked: a document that names another encoding knows better.
        labels = declared + labels if labels == [_UNASKED] else labels + declared
    candidates = [name for name in dict.fromkeys(labels) if name and not name.startswith(("utf-16", "utf-32"))]
    return _choose(body, candidates)


def codec_of(label: str) -> str:
    """The codec the web means by an encoding label, e.g. ``cp949`` for ``EUC-KR``; ``""`` when unknown or unsafe."""
    bare = label.strip().strip("\"'").lower()
    known = _WEB.get(re.sub(r"[^a-z0-9]", "", bare))
    if known:
        return known
    try:
        name = codecs.lookup(bare).name if bare.isascii() and bare else ""
    except (LookupError, ValueError):
        return ""
    return name if _SAFE.fullmatch(name) else ""


def _declared(head: bytes) -> list[str]:
    found = [_XML.match(head), _META.search(_COMMENT.sub(b"", head))]
    return [m.group(1).decode("ascii", "ignore") for m in found if m]


def _choose(body: bytes, candidates: list[str]) -> Decoded:
    if body.isascii() and not any(name.startswith(("iso2022", "hz", "cp037", "cp500")) for name in candidates):
        return Decoded(text=body.decode("ascii"), encoding=candidates[0] if candidates else "utf-8", replaced=0)
    utf8 = _strict(body, "utf-8")
    # Bytes that are whole UTF-8 with three-byte characters are UTF-8, whatever a label says: EUC-KR and Latin text
    # do not fall into that shape by chance, but UTF-8 does pass for valid CP949 now and then.
    if utf8 is not None and (_WIDE_UTF8.search(body) or not candidates):
        return Decoded(text=utf8, encoding="utf-8", replaced=0)
    for name in sorted(candidates, key=_single_byte):
        text = utf8 if name == "utf-8" else _strict(body, name)
        if text is None or (_single_byte(name) and (utf8 is not None or _is_korean(body))):
            continue
        return Decoded(text=text, encoding=name, replaced=0)
    if utf8 is not None:
        return Decoded(text=utf8, encoding="utf-8", replaced=0)
    if _is_korean(body):
        return Decoded(text=body.decode("cp949"), encoding="cp949", replaced=0)
    others = [name for name in candidates if name not in ("utf-8", "cp949") and not _single_byte(name)]
    readings = [*(_read(body, name, whole=body) for name in others), _mixed(body)]
    return min(readings, key=lambda reading: reading.replaced)


def _single_byte(name: str) -> bool:
    return name.startswith(
        ("cp125", "cp874", "iso8859", "koi8", "mac-", "cp437", "cp85", "cp86", "ptcp", "kz1048", "hp-")
    )


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _is_korean(body: bytes) -> bool:
    """Whether CP949 reads the bytes without loss as text that is nearly all Hangul."""
    text = _strict(body, "cp949")
    if text is None:
        return False
    return _hangul_share(text) >= _KOREAN_SHARE


def _hangul_share(text: str) -> float:
    return len(_HANGUL.findall(text)) / max(len(_FOREIGN.findall(text)), 1)


def _read(body: bytes, encoding: str, *, whole: bytes) -> Decoded:
    text = body.decode(encoding, "replace").removeprefix("\ufeff")
    lost = text.count("\ufffd")
    if lost and encoding == "utf-8":
        lost -= whole.count(b"\xef\xbf\xbd")
    elif lost and encoding.startswith("utf-"):
        lost -= body.decode(encoding, "ignore").count("\ufffd")
    return Decoded(text=text, encoding=encoding, replaced=max(lost, 0))


def _mixed(body: bytes) -> Decoded:
    """UTF-8 with pieces of CP949, or the reverse: each run of high bytes is read as what it is.

    A run that both can read is read as the one that makes it Hangul, else as the one that more of the runs can be only.
    """
    runs = [match.group() for match in _HIGH.finditer(body)]
    utf8 = {run: _strict(run, "utf-8") for run in set(runs)}
    cp949 = {run: _strict(run, "cp949") for run in utf8}
    only_utf8 = sum(cp949[run] is None and utf8[run] is not None for run in runs)
    only_cp949 = sum(utf8[run] is None and cp949[run] is not None for run in runs)
    first, second, name = (utf8, cp949, "utf-8") if only_utf8 >= only_cp949 else (cp949, utf8, "cp949")
    parts, position, lost = [], 0, 0
    for match in _HIGH.finditer(body):
        run = match.group()
        text = first[run] or second[run]
        if (other := second[run]) and text and _hangul_share(other) > _hangul_share(text):
            text = other
        if text is None:
            text = run.decode(name, "replace")
            lost += text.count("\ufffd") - (run.count(b"\xef\xbf\xbd") if name == "utf-8" else 0)
        parts += [body[position : match.start()].decode("ascii"), text]
        position = match.end()
    parts.append(body[position:].decode("ascii"))
    return Decoded(text="".join(parts), encoding=name, replaced=lost)
