"""Bytes to text: labels, marks, declarations, mixed bytes, and honest counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.decode import codec_of, decode

_KOREAN = "시흥시 평생학습관 수강생 모집 안내 똠방각하 펲시 햏 뷁"


@pytest.mark.parametrize(
    "label", ["euc-kr", "EUC_KR", "ks_c_5601-1987", "KSC5601", "windows-949", "x-windows-949", "ms949", "korean"]
)
def test_every_korean_label_means_cp949(label):
    """Syllables beyond KS X 1001 survive under every label that means EUC-KR."""
    got = decode(_KOREAN.encode("cp949"), charset=label)
    assert (got.text, got.encoding, got.replaced) == (_KOREAN, "cp949", 0)


def test_a_server_s_default_label_does_not_win_over_the_document():
    """``charset=ISO-8859-1`` is what servers send unasked: the document's own label, or whole UTF-8, knows better."""
    russian = '<?xml version="1.0" encoding="windows-1251"?><t>Новости города</t>'
    for label in ("ISO-8859-1", "us-ascii"):
        assert decode(russian.encode("cp1251"), charset=label).text == russian
        assert decode("<t>Große Feier</t>".encode(), charset=label).text == "<t>Große Feier</t>"
        assert decode("<t>Große Feier in der Stadt, für alle</t>".encode("cp1252"), charset=label).encoding == "cp1252"


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("iso-8859-1", "cp1252"), ("latin1", "cp1252"), ("US-ASCII", "cp1252"), ("iso-8859-9", "cp1254"), ("gb2312", "gb18030"),
        ("shift_jis", "cp932"), ("Big5", "big5hkscs"), ("windows-1251", "cp1251"), ("iso-8859-15", "iso8859-15"), ("utf8", "utf-8"),
        ("'utf-8'", "utf-8"), ("koi8-r", "koi8-r"), ("utf-7", ""), ("punycode", ""), ("unicode_escape", ""), ("rot13", ""), ("", ""),
        ("한글", ""), ("zlib", ""), ("tis-620", "cp874"),
    ],
)  # fmt: skip
def test_labels_mean_what_browsers_make_of_them(label, codec):
    """Web labels map as WHATWG says; codecs that are no document encodings are refused."""
    assert codec_of(label) == codec


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_marks_and_wide_encodings_are_seen(encoding):
    """UTF-16 and UTF-32 are read with a mark and without, and a mark wins over a wrong header."""
    text = f"<?xml version='1.0'?><a>{_KOREAN}</a>"
    got = decode(text.encode(encoding), charset="euc-kr")
    assert (got.text, got.replaced) == (text, 0)


@pytest.mark.parametrize(
    ("head", "written", "charset"),
    [
        ('<?xml version="1.0" encoding="euc-kr"?>', "cp949", ""),
        ('<?xml version="1.0" encoding="euc-kr"?>', "cp949", "utf-8"),
        ('<?xml version="1.0" encoding="utf-8"?>', "cp949", "utf-8"),
        ('<meta charset="euc-kr">', "cp949", "iso-8859-1"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=ks_c_5601-1987">', "cp949", ""),
        ('<!-- <meta charset="shift_jis"> --><meta charset=euc-kr>', "cp949", ""),
        ('<meta charset="euc-kr">', "utf-8", ""),
        ('<meta charset="euc-kr">', "utf-8", "euc-kr"),
        ("", "cp949", ""), ("", "utf-8", ""), ("", "cp949", "iso-8859-1"), ("", "utf-8", "iso-8859-1"), ("", "cp949", "utf-16"),
    ],
)  # fmt: skip
def test_the_bytes_decide_where_labels_lie(head, written, charset):
    """Korean text is read whole whichever of header and declaration is right, and when neither is."""
    text = head + _KOREAN * 3
    got = decode(text.encode(written), charset=charset, media_type="text/html")
    assert (got.text, got.encoding, got.replaced) == (text, written, 0)


def test_declarations_beyond_the_first_kilobytes_do_not_count():
    """Only the first 4 KB are searched for a declaration."""
    body = b" " * 5000 + b"<meta charset=shift_jis>" + "가".encode("cp949")
    assert decode(body).encoding == "cp949"


def test_latin_text_with_a_latin_label_stays_latin():
    """A true Latin-1 page is not read as Korean."""
    got = decode("Élan café – déjà vu, façade".encode("cp1252"), charset="iso-8859-1")
    assert (got.text, got.encoding, got.replaced) == ("Élan café – déjà vu, façade", "cp1252", 0)


def test_stray_pieces_in_the_other_encoding_are_read():
    """A UTF-8 page with a CP949 piece, and the reverse, lose nothing."""
    page = ("가나다 " * 50).encode() + "홍길동 강사".encode("cp949") + (" 라마바" * 50).encode()
    assert decode(page).text == "가나다 " * 50 + "홍길동 강사" + " 라마바" * 50
    page = ("가나다 " * 50).encode("cp949") + "홍길동 강사".encode() + (" 라마바" * 50).encode("cp949")
    got = decode(page, charset="euc-kr")
    assert (got.text, got.replaced) == ("가나다 " * 50 + "홍길동 강사" + " 라마바" * 50, 0)


def test_losses_are_counted():
    """Bytes that cannot be read stand as U+FFFD and are counted; those of the document itself are not."""
    assert decode("가\ufffd나".encode()).replaced == 0
    got = decode(b"\xff abc \xff def" + "가나다라마바사".encode())
    assert (got.replaced, got.text.count("\ufffd")) == (2, 2)


@settings(max_examples=400, deadline=None)
@given(
    st.binary(max_size=120),
    st.sampled_from(["", "euc-kr", "utf-8", "latin1", "utf-16", "x", "gb2312", "shift_jis", "utf-7"]),
)
def test_no_bytes_break_the_decoder(body, charset):
    """Any bytes under any label give text and a count."""
    got = decode(body, charset=charset)
    assert got.replaced <= got.text.count("\ufffd")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=4))
def test_korean_is_never_mojibake(text):
    """Any Hangul in UTF-8 or labelled CP949 comes back as it was."""
    assert decode(text.encode()).text == text
    assert decode(f"<meta charset=euc-kr>{text} 안내".encode("cp949")).text == f"<meta charset=euc-kr>{text} 안내"
