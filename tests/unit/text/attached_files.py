"""Makes small PDF, HWPX and HWP files with a given text, and the bones to make bad ones of.

What does not live here: assertions.
"""

import struct
import zipfile
import zlib
from io import BytesIO


def pdf(*pages: str, kids: int = 0, content: bytes | None = None, encrypt: str = "") -> bytes:
    """A PDF with one line of text a page; ``kids`` repeats the first page; ``content`` stands for its stream (deflated)."""
    letters = sorted(set("".join(pages)))
    cmap = "\n".join(f"<{ord(c):04x}> <{ord(c):04x}>" for c in letters)
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{cmap}\nendbfchar endcmap end end"
    ).encode()
    count = len(pages)
    refs = " ".join(f"{6 + 2 * i} 0 R" for i in range(count)) if not kids else "6 0 R " * kids
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{refs}] /Count {kids or count} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /CIDSystemInfo << /Supplement 0 >> /DW 1000 >>",
        _stream(to_unicode),
    ]
    for number, said in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >> "
            f"/Contents {7 + 2 * number} 0 R >>".encode()
        )
        drawn = f"BT /F 12 Tf 50 700 Td <{said.encode('utf-16-be').hex()}> Tj ET".encode() if said else b""
        objects.append(_stream(drawn) if content is None else content)
    out, offsets = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    at = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF".encode()
    return bytes(out) if not encrypt else _locked(bytes(out), encrypt)


def deflated(content: bytes) -> bytes:
    """A stream object whose bytes are deflated."""
    return _stream(zlib.compress(content, 9), "/Filter /FlateDecode")


def _stream(body: bytes, more: str = "") -> bytes:
    return f"<< /Length {len(body)} {more} >>\nstream\n".encode() + body + b"\nendstream"


def _locked(body: bytes, password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(body)))
    writer.encrypt(password, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def section(*paragraphs: str) -> str:
    """One section of a HWPX."""
    lines = "".join(f"<hp:p><hp:run><hp:t>{line}</hp:t></hp:run></hp:p>" for line in paragraphs)
    return f'<?xml version="1.0" encoding="UTF-8"?><hs:sec xmlns:hs="urn:s" xmlns:hp="urn:p">{lines}</hs:sec>'


def hwpx(files: dict[str, str | bytes]) -> bytes:
    """A zip of these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def hwp(preview: str, *, flags: int = 1, signature: bytes = b"HWP Document File") -> bytes:
    """An OLE file with the two streams that are read: 512-byte sectors, each stream eight of them long."""
    head = (signature.ljust(32, b"\0") + struct.pack("<II", 0x05010000, flags)).ljust(4096, b"\0")
    text = preview.encode("utf-16-le").ljust(4096, b"\0")
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    fat = [0xFFFFFFFD, end, *range(3, 10), end, *range(11, 18), end]
    fat += [free] * (128 - len(fat))
    directory = (
        _entry("Root Entry", 5, child=1)
        + _entry("FileHeader", 2, right=2, start=2, size=4096)
        + _entry("PrvText", 2, start=10, size=4096)
        + b"\0" * 128
    )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    return header + struct.pack("<128I", *fat) + directory + head + text


def _entry(
    name: str, kind: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF, start: int = 0xFFFFFFFE, size: int = 0
):
    raw = name.encode("utf-16-le")
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw) + 2, kind, 1, 0xFFFFFFFF, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )
