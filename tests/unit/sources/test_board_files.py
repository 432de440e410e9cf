"""A board that reads its attached files: what it asks for on which night, and where the words go."""

from dataclasses import replace
from datetime import UTC, datetime

import pipeline.model as p
from pipeline.collect.normalize import normalize
from sources import board
from tests.unit.sources.talk import Web, document
from tests.unit.text import attached_files as made

AT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
HOST = "https://learn.example.kr"
URL = f"{HOST}/bbs/list.do"
LIST = '<table class="b"><tbody><tr><td class="t"><a href="view.do?n=1">겨울 배움터 수강생 모집</a></td></tr></tbody></table>'
SECRET_WORD = "도예 물레 기초반"


def options(**detail):
    return board.Options.model_validate({
        "url": URL, "rows": "table.b tbody tr", "title": "td.t a", "detail": {"body": "div.v", "attachments": "ul.f a", **detail},
    })  # fmt: skip


class Site:
    """A list, one article with these files, and the files; ``asked`` are the addresses of one night."""

    def __init__(self, files: dict[str, bytes | p.SourceError], *, body: str = "<p>붙임을 보세요.</p>") -> None:
        self.files, self.list = files, LIST
        links = "".join(f'<li><a href="{url}">{url.rpartition("/")[2]}</a></li>' for url in files)
        self.page = f'<html><body><h3>모집</h3><div class="v">{body}</div><ul class="f">{links}</ul></body></html>'
        self.web = Web(self.answer)

    def answer(self, request: p.Request):
        if request.url == URL:
            return document(URL, self.list, requested_url=URL, media_type="text/html")
        if "view.do" in request.url:
            return document(request.url, self.page, requested_url=request.url, media_type="text/html")
        got = self.files[request.url]
        return got if isinstance(got, Exception) else document(request.url, got, requested_url=request.url)

    def night(self, opts, memo=None):
        return self.web.run(board.fetch(opts, memo or {}))

    def asked_files(self) -> list[str]:
        return [request.url for request in self.web.asked if request.url in self.files]


def entry(opts, fetched):
    spec = p.SourceSpec(id="b", name="배움터", kind="board", url=URL, options=opts)
    got = normalize(board.parse(opts, fetched), spec, now=AT)
    return got.entries[0], got.warnings


def test_files_are_asked_once_and_searched_only() -> None:
    """One request a file on the first night, none on the second; the words are in the text, not in lead or markup."""
    site = Site({f"{HOST}/f/a.pdf": made.pdf(SECRET_WORD), f"{HOST}/f/b.hwp": made.hwp("준비물 앞치마")})
    opts = options(attachment_text=True)
    first = site.night(opts)
    assert site.asked_files() == list(site.files)
    got, warnings = entry(opts, first)
    assert got.text == f"붙임을 보세요.\n\n[붙임] a.pdf\n{SECRET_WORD}\n\n[붙임] b.hwp\n준비물 앞치마"
    assert SECRET_WORD not in got.lead + got.body_html
    assert (warnings, first.warnings) == ([], ())
    assert site.night(opts, first.memo) is None
    site.list = LIST.replace("</tbody>", '<tr class="x"><td class="t"><a href="#">둘째</a></td></tr></tbody>')
    site.night(opts, first.memo)
    assert site.asked_files() == []


def test_by_default_no_file_is_asked_for() -> None:
    """The option is off until an editor writes it; names of the files stand there as ever."""
    site = Site({f"{HOST}/f/a.pdf": made.pdf(SECRET_WORD)})
    got, _warnings = entry(options(), site.night(options()))
    assert site.asked_files() == []
    assert (got.text, [file.name for file in got.attachments]) == ("붙임을 보세요.", ["a.pdf"])


def test_a_post_of_a_picture_gains_text() -> None:
    """An article without words is found by the words of its file; its lead stays empty."""
    site = Site({f"{HOST}/f/a.pdf": made.pdf(SECRET_WORD)}, body='<img src="/p.jpg" width="600" height="800">')
    got, _warnings = entry(options(attachment_text=True), site.night(options(attachment_text=True)))
    assert SECRET_WORD in got.text
    assert got.lead == ""


def test_other_hosts_other_formats_and_too_many_are_not_asked_for() -> None:
    """Only readable formats on the list's own site, and no more of one article than the limit."""
    ours = [f"{HOST}/f/{n}.pdf" for n in range(p.limits.ATTACHED_FILES + 2)]
    others = ["https://files.example.org/a.pdf", f"{HOST}/f/a.xlsx"]
    site = Site(dict.fromkeys([*others, *ours], made.pdf("가")))
    site.night(options(attachment_text=True))
    assert site.asked_files() == ours[: p.limits.ATTACHED_FILES]


def test_files_that_did_not_come_or_cannot_be_read_are_told() -> None:
    """The article stands, with a warning for each file; what another host answered is not taken."""
    site = Site({
        f"{HOST}/f/gone.pdf": p.GoneError("404"),
        f"{HOST}/f/scan.pdf": made.pdf(""),
        f"{HOST}/f/moved.pdf": made.pdf(SECRET_WORD),
    })  # fmt: skip
    plain = site.answer

    def answer(request):
        got = plain(request)
        return replace(got, url="https://files.example.org/x") if request.url.endswith("moved.pdf") else got

    site.web = Web(answer)
    opts = options(attachment_text=True)
    fetched = site.night(opts)
    got, warnings = entry(opts, fetched)
    assert got.text == "붙임을 보세요."
    assert [(code, text) for code, text in (*fetched.warnings, *warnings)] == [
        ("attachment-unread", "gone.pdf: gone"),
        ("attachment-unread", "moved.pdf: elsewhere"),
        ("attachment-unread", "scan.pdf: no-text"),
    ]


def test_files_that_keep_failing_do_not_cost_the_articles() -> None:
    """After three failures in a row no file is asked for any more tonight; the articles go on."""
    files = {f"{HOST}/f/{n}.pdf": p.FetchError("time-out") for n in range(3)}
    site = Site(files)
    site.list = LIST.replace("</tbody>", '<tr><td class="t"><a href="view.do?n=2">둘째 안내</a></td></tr></tbody>')
    plain, page = site.answer, site.page

    def answer(request):
        site.page = page.replace("/f/", "/g/") if "n=2" in request.url else page
        return plain(request)

    site.web = Web(answer)
    fetched = site.night(options(attachment_text=True))
    assert len(site.web.asked) == 1 + 2 + 3
    assert [text.partition(": ")[2] for _code, text in fetched.warnings] == ["fetch-failed"] * 3 + ["left"] * 3


def test_numbers_of_residents_in_files_are_starred_out() -> None:
    """A file is screened like the text of an article."""
    site = Site({f"{HOST}/f/a.pdf": made.pdf("신청자 900101-1234567")})
    opts = options(attachment_text=True)
    assert "1234567" not in entry(opts, site.night(opts))[0].text
