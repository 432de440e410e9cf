"""A page that came instead of the list is named as what it is; a short board that speaks of these things is not."""

import pytest

import pipeline.model as p
from sources import board
from tests.boards import synthetic as made
from tests.unit.sources.talk import document

PAGES = {
    "login-page": [
        "<title>회원 로그인</title><form><input name=id><input type=password></form>",
        "<script>alert('로그인이 필요한 서비스입니다.'); location.href='/member/login.do';</script>",
        "<script type='text/javascript'>alert(\"로그인 후 이용하실 수 있습니다.\");history.back();</script>",
        "<h2>본인 인증</h2><p>세션이 만료되었습니다. 다시 로그인해 주세요.</p><a href='/login'>로그인</a>",
    ],
    "maintenance": [
        "<title>시스템 점검 안내</title><p>11월 28일 00:00 ~ 06:00</p>",
        "<div>서비스 점검 중입니다. 이용에 불편을 드려 죄송합니다.</div>",
        "<p>홈페이지 서버 이전 작업으로 서비스를 일시 중단합니다.</p>",
        "<h1>누리집 개편 작업 중</h1><p>12월 1일에 새로 엽니다.</p>",
        "<h1>503 Service Unavailable</h1>",
        "<p>현재 접속자가 많아 대기 중입니다. 잠시 후 다시 접속해 주십시오.</p>",
    ],
    "bot-page": [
        "<title>Request Rejected</title>The requested URL was rejected. Please consult with your administrator. Your support ID is: 1",
        "<h1>Access Denied</h1>",
        "<p>고객님의 요청이 보안정책에 의해 차단되었습니다.</p>",
        "<p>비정상적인 접근이 감지되었습니다.</p>",
        "<p>정상적인 접근이 아닙니다.</p>",
        "<title>Just a moment...</title>",
        "<p>해외 IP에서는 접속할 수 없습니다.</p>",
        "<html><head><script>document.cookie='__t=1; path=/'; location.reload();</script></head><body></body></html>",
        "<noscript>자바스크립트를 켜 주세요</noscript><script>eval('x');document.cookie=a;window.location.href='/bbs/list.do';</script>",
    ],
    "missing-page": [
        "<title>404 Not Found</title>",
        "<p>요청하신 페이지를 찾을 수 없습니다.</p><a href='/'>처음으로</a>",
        "<script>alert('존재하지 않는 게시판입니다.');history.back();</script>",
        "<div>페이지가 존재하지 않거나 사용할 수 없습니다.</div>",
    ],
    "container-missing": [
        "<h1>알림마당</h1><p>새 누리집에서 만나요.</p>",
        "<script>location.href='/new/';</script>",
        "<h1>통합 검색</h1><p>무엇을 찾으세요?</p>",
    ],
}
CASES = [(code, body) for code, bodies in PAGES.items() for body in bodies]


@pytest.mark.parametrize(("code", "body"), CASES)
def test_a_page_instead_of_the_list_is_named(code: str, body: str) -> None:
    """An editor reads what came, never "no news"."""
    options = board.Options.model_validate(made.Look().options)
    with pytest.raises(p.ShapeError) as caught:
        list(board.parse(options, p.Fetched(documents=(document(made.LIST, body),))))
    assert caught.value.code == code


@pytest.mark.parametrize(
    "title",
    ["시스템 점검 안내", "로그인 방법 변경 안내", "비정상적인 접근 차단 안내", "페이지를 찾을 수 없습니다 오류 안내"],
)
def test_an_article_about_it_is_an_article(title: str) -> None:
    """A board that announces maintenance is a board."""
    look = made.Look()
    shown = [made.Article(1, title, made.TODAY)]
    options = board.Options.model_validate(look.options)
    (item,) = board.parse(options, p.Fetched(documents=(document(made.LIST, look.page(shown)),)))
    assert item.title == title


@pytest.mark.parametrize(
    "tag", ["<iframe src='/mini/list.do?b=1'></iframe>", "<frameset><frame src='/mini/list.do?b=1'></frameset>"]
)
def test_a_list_in_a_frame_is_pointed_at(tag: str) -> None:
    """The page around the frame is no list; the editor reads which address to write. Foreign frames are not named."""
    options = board.Options.model_validate(made.Look().options)
    body = f"<html><head><title>알림</title></head><iframe src='https://video.example.com/1'></iframe>{tag}</html>"
    body = body if "frameset" not in tag else f"<html><head><title>알림</title></head>{tag}</html>"
    with pytest.raises(p.ShapeError) as caught:
        list(board.parse(options, p.Fetched(documents=(document(made.LIST, body),))))
    assert (caught.value.code, f"{made.HOST}/mini/list.do?b=1" in caught.value.hint) == ("container-missing", True)
    assert "video" not in caught.value.hint
