"""What drafting has to tell an editor, by code: what happened and what to do next.

What does not live here: sentences of the doors (``http``, ``settings``), which arrive ready.
"""

from __future__ import annotations

from pipeline.i18n import _

Warning_ = tuple[str, str]


def sentence(code: str, what: str = "") -> str:
    """Return the sentence of a code; ``what`` is the selector, count or address it is about."""
    said = {
        "login": _("로그인해야 보이는 쪽입니다. 로그인하지 않아도 보이는 목록의 주소를 붙여 주세요."),
        "article": _("글 하나를 보여 주는 쪽입니다. 그 글이 올라온 목록의 주소를 붙여 주세요."),
        "empty-list": _(
            "목록은 있지만 글이 하나도 없습니다. 글이 올라온 뒤에 다시 하거나, 같은 누리집의 다른 게시판 주소로 해 보세요."
        ),
        "script-only": _(
            "화면의 스크립트가 글을 따로 불러오는 쪽이라 목록이 보이지 않습니다. 누리집에 RSS가 있는지 보고, 없으면 운영 담당자에게 목록을 불러오는 주소를 물어 주세요."
        ),
        "file": _("웹페이지가 아니라 파일입니다. 이 파일이 올라온 게시판의 주소를 붙여 주세요."),
        "no-list": _("글 목록을 찾지 못했습니다. 제목이 여러 줄 늘어선 목록 쪽의 주소를 붙여 주세요."),
        "no-channel": _("이 쪽에서 유튜브 채널을 알아내지 못했습니다. 채널의 주소(@핸들)를 붙여 주세요."),
        "home-page": _("누리집의 첫 화면입니다. 모으려는 게시판을 열고 그 주소를 붙여 주세요."),
        "already": _("이미 있는 소스입니다: {what}"),
        "rows-differ": _("찾은 목록과 설정대로 읽은 글이 달라 내놓지 않습니다: {what}"),
        "not-loaded": _("설정으로 읽히지 않아 내놓지 않습니다: {what}"),
        "not-read": _("읽어 보았지만 글을 얻지 못했습니다: {what}"),
        "rows-inexact": _("글이 아닌 줄이 섞일 수 있습니다. 미리 보기의 줄을 확인해 주세요: {what}"),
        "title-partly": _("제목을 읽지 못한 줄이 있습니다: {what}"),
        "no-addresses": _("글마다 주소가 없어 링크가 목록 쪽을 가리킵니다."),
        "page-cut": _("쪽이 너무 커서 앞부분만 보았습니다: {what}"),
        "link-verified": _("글 두 개를 열어 주소가 맞는 것을 확인했습니다."),
        "link-wrong": _("짐작한 글 주소가 맞지 않아 뺐습니다. 링크는 목록 쪽을 가리킵니다."),
        "link-unverified": _("글 주소를 짐작했지만 확인하지 못했습니다. 미리 보기의 링크를 눌러 보세요."),
        "paging-verified": _("다음 쪽을 열어 새 글이 나오는 것을 확인했습니다."),
        "paging-wrong": _("다음 쪽을 열어도 같은 글이 나와, 첫 쪽만 읽도록 했습니다."),
        "paging-single": _("지금은 한 쪽뿐이라 다음 쪽은 확인하지 못했습니다."),
        "paging-unverified": _("다음 쪽을 확인하지 못했습니다: {what}"),
        "feed-short": _("피드는 최근 글 {what}개만 알려 줍니다. 하루에 그보다 많이 올라오면 빠질 수 있습니다."),
        "feed-no-date": _("피드에 날짜가 없습니다."),
        "feed-no-department": _("피드에는 담당 부서가 없습니다. 부서가 필요하면 게시판 후보를 고르세요."),
        "feed-other": _("이 피드는 붙이신 목록과 다른 글을 담고 있습니다."),
        "no-date": _("등록일을 찾지 못했습니다. 처음 본 날을 대신 씁니다."),
    }.get(code)
    return (said or what or code).format(what=what)


def told(code: str, what: str = "") -> Warning_:
    """Return ``(code, sentence)``."""
    return code, sentence(code, what)
