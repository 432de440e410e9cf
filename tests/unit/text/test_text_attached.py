"""What is read of attached files, and that no file does more than give no text."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.text import attached
from tests.unit.text import attached_files as made

SAID = "2026년 겨울 배움터 수강생 모집 안내"


def why(body: bytes) -> str:
    got = attached.read(body, "붙임.pdf")
    assert bool(got.text) != bool(got.why)
    return got.why


def test_a_pdf_gives_its_pages() -> None:
    """Korean text of every page, a line for each."""
    assert attached.read(made.pdf(SAID, "둘째 쪽"), "안내.pdf") == p.AttachedText(
        name="안내.pdf", text=f"{SAID}\n둘째 쪽"
    )


def test_a_hwpx_gives_its_sections_in_order() -> None:
    """Section 10 stands behind section 2; runs and breaks stay words; nothing but text elements counts."""
    files = {
        "Contents/section10.xml": made.section("끝"),
        "Contents/section2.xml": made.section(SAID, "가<hp:tab/>나"),
        "Contents/header.xml": made.section("글꼴"),
    }
    assert attached.read(made.hwpx(files), "a.hwpx").text == f"{SAID}\n가 나\n끝"


def test_a_hwpx_without_text_in_its_sections_gives_its_preview() -> None:
    """The preview stands in; a zip that is no HWPX gives nothing."""
    files = {"Contents/section0.xml": made.section(""), "Preview/PrvText.txt": SAID}
    assert attached.read(made.hwpx(files), "a.hwpx").text == SAID
    assert why(made.hwpx({"readme.txt": "x"})) == "other-format"


def test_a_hwp_gives_its_preview() -> None:
    """Cells of the preview become words."""
    assert attached.read(made.hwp(f"{SAID}\r\n<구분><내용>"), "a.hwp").text == f"{SAID}\n구분 내용"


def test_bytes_tell_the_format_not_the_name() -> None:
    """A PDF under a wrong name is read; a login page under a file's name is none."""
    assert attached.read(made.pdf(SAID), "안내.hwp").text == SAID
    assert why(b"<html>login</html>") == "other-format"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (made.pdf(SAID, encrypt="secret"), "encrypted"),
        (made.hwpx({"META-INF/manifest.xml": "<x:encryption-data/>", "Contents/section0.xml": "?"}), "encrypted"),
        (made.hwp(SAID, flags=3), "encrypted"),
        (made.hwp(SAID, signature=b"Another Program"), "other-format"),
        (made.pdf(""), "no-text"),
        (made.hwp(""), "no-text"),
        (made.hwpx({"Contents/section0.xml": made.section("")}), "no-text"),
        (made.pdf(SAID)[:40], "broken"),
        (made.hwpx({"Contents/section0.xml": made.section(SAID)})[:60], "broken"),
        (made.hwp(SAID)[:700], "broken"),
        (made.hwpx({"Contents/section0.xml": "<a><b></a>"}), "broken"),
        (b"%PDF-1.7" + b" " * p.limits.ATTACHED_BYTES, "too-large"),
        (made.hwpx({f"{n}": "" for n in range(p.limits.ATTACHED_ENTRIES + 1)}), "over-limit"),
        (made.hwpx({"Contents/section0.xml": "<a>" * (p.limits.NESTING + 1)}), "over-limit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_says_why(body: bytes, reason: str) -> None:
    """Locked, scanned, cut off, too large: no text and the reason."""
    assert why(body) == reason


def test_a_zip_bomb_is_not_inflated_whatever_its_header_says() -> None:
    """A section that inflates beyond the limit ends the reading; a header that lies about its size changes nothing."""
    bomb = made.hwpx(
        {"Contents/section0.xml": made.section(" " * (p.limits.ATTACHED_INFLATED_BYTES + 1)).replace("hp:t>", "hp:x>")}
    )
    assert len(bomb) < 100_000
    assert why(bomb) == "over-limit"
    size = struct.pack("<I", p.limits.ATTACHED_INFLATED_BYTES + 1 + len(made.section("")))
    assert size in bomb
    assert why(bomb.replace(size, struct.pack("<I", 10))) in {"over-limit", "broken"}


def test_a_document_type_is_refused() -> None:
    """Neither an external file nor entities that multiply are looked at."""
    for declared in ('<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY a "aaaa">'):
        text = f"<!DOCTYPE x [{declared}]><x><hp:p><hp:t>&a;</hp:t></hp:p></x>"
        assert why(made.hwpx({"Contents/section0.xml": text})) == "broken"


def test_ten_thousand_pages_cost_a_few() -> None:
    """Only the first pages are read."""
    text = attached.read(made.pdf("쪽", kids=10_000), "a.pdf").text
    assert text.split("\n") == ["쪽"] * p.limits.ATTACHED_PAGES


def test_a_pdf_stream_is_not_inflated_beyond_the_limit() -> None:
    """A small file whose page inflates to 64 MB gives nothing."""
    body = made.pdf("가", content=made.deflated(b" " * 64 * 1024 * 1024))
    assert len(body) < 200_000
    assert why(body) in {"over-limit", "broken", "no-text"}


def test_long_texts_are_cut() -> None:
    """No file fills an entry."""
    text = attached.read(made.hwpx({"Contents/section0.xml": made.section("가" * 9000)}), "a.hwpx").text
    assert len(text) == p.limits.ATTACHED_CHARS


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([made.pdf(SAID), made.hwp(SAID), made.hwpx({"Contents/section0.xml": made.section(SAID)})]),
    st.data(),
)
def test_no_damage_raises(body: bytes, data: st.DataObject) -> None:
    """Any byte changed, any tail missing: text or a reason, never an exception or a warning."""
    at = data.draw(st.integers(0, len(body) - 1))
    damaged = bytearray(body[: data.draw(st.integers(at + 1, len(body)))])
    damaged[at] = data.draw(st.integers(0, 255))
    got = attached.read(bytes(damaged), "a")
    assert bool(got.text) != bool(got.why)


def test_files_stand_behind_the_text_and_can_be_told_from_it() -> None:
    """An article that itself writes 붙임 keeps its words; the texts of its files are cut off again exactly."""
    files = [p.AttachedText(name="모집.pdf", text=SAID), p.AttachedText(name="x", why="broken")]
    for own in ("본문입니다.\n[붙임] 하나", ""):
        whole = attached.behind(own, files)
        assert whole.endswith(f"[붙임] 모집.pdf\n{SAID}")
        assert attached.own(whole) == own
    assert attached.behind("본문", files[1:]) == "본문"
