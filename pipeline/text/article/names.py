"""What class names and ids of article pages say: which block is the text, which is furniture.

What does not live here: trees, and which block wins (``body``). A name is read without case, hyphens and underscores (``board-view_Content`` is
``boardviewcontent``) as a row of known words, so that a name nobody has seen before is still understood.
Source: boards §2 "Detail pages", extraction §3; the software named there (gnuboard, XE/Rhymix, K2Web, eGov, Naver …).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal, TypeAlias

Role: TypeAlias = Literal["sure", "text", "page", "content", ""]

# Blocks that hold an article's text and nothing else, by the name their software gives them.
SURE: Final = (
    ".se-main-container", ".se_component_wrap.sect_dsc", "#viewTypeSelector", "#postViewArea", "#bo_v_con", "#bo_v_atc", ".p-table__content", "#bbs_ntt_cn_con", ".xe_content",
    ".rhymix_content", ".board_content", ".artclView", "[itemprop=articleBody]", ".contents_style", ".kboard-content",
    ".post-content__body", ".fr-view", ".substance", ".entry-content", "#article-view-content-div", "#articleBody",
    "#articeBody", "#newsct_article", "#dic_area", "textarea#model",
)  # fmt: skip
_PAGE: Final = (
    "b|viewer|view|vw|v|read|rd|detail|dtl|articles?|artcl(?:e)?|art|board|bbs|bo|bd|bod|brd|post|entry|news|notice|ntt|story|gosi|edu"
    "|lecture|course|program|prgm"
)
_CONTENT: Final = (
    "contxt|contents?|conts?|con|cnts?|txt|text|bodytext|body|memo|cn|substance|desc|description|html|editor"
)
_AFFIX: Final = (
    "wraps?|wrapper|box|area|inner|in|div|section|sec|data|main|group|layer|container|block|sub|style|new|type|[0-9]+"
)
_TEXT_NAME: Final = re.compile(
    rf"(?:{_AFFIX}|{_PAGE})*?(?:{_PAGE})(?:{_AFFIX}|{_PAGE})*?(?:{_CONTENT})(?:{_AFFIX}|{_CONTENT}|view)*"
    rf"|(?:{_CONTENT})(?:view|detail|read)(?:{_AFFIX})*"
)
_PAGE_NAME: Final = re.compile(rf"(?:{_AFFIX})*(?:{_PAGE})(?:{_AFFIX}|{_PAGE})*")
_CONTENT_NAME: Final = re.compile(rf"(?:{_AFFIX})*(?:{_CONTENT})(?:{_AFFIX}|{_CONTENT})*")
_MARKS: Final = re.compile(r"[-_\s]+")
_LONGEST: Final = 40

# Furniture that can stand inside the block of an article; the whole name or a word of it.
_FURNITURE: Final = re.compile(
    r"(?:^|[-_])(?:prev|next|prevnext|prenext|pager|paging|pagination|pagenation|sns|snsbox|share|sharing|social|addthis|comments?|reply|replies"
    r"|cmt|disqus|attach\w*|files?|filelist|filebox|addfile|download|downloads|kogl|nuri|ccl|satisf\w*|manjok|survey|rating|related|relation"
    r"|recommend\w*|popular|ranking|banner|ads?|advert\w*|adsbygoogle|sponsor\w*|promo|newsletter|subscribe|breadcrumbs?|btn|btns|buttons?|btnarea"
    r"|btnwrap|btnbox|toolbar|skip|tags?|taglist|hashtags?|copyright|copyrights|byline|reporter|journalist|author|authors|utility|util|print"
    r"|fontsize|scrap|metadata|nav|navi|gnb|lnb|snb|quick|toc)(?:$|[-_])"
    r"|^(?:bovatctitle|bovnb|bovtop|bovbot|bovfile|bovlink|bovsns|bovcmt|bovact|boardbutton|viewfile|viewfiles|fileview|viewbtn|btnboth|rdftr|rdnavside|artclfile"
    r"|lstdata|prevnextbtn|viewnav|viewnext|viewprev|articlerelation|viewlist|viewbottom|pageinfo|chargeinfo|managerinfo|snsarea|sharearea"
    r"|fileattach|fileinfo|attachfile|attachlist|pageindex|opentype|opencode|publicnuri|seogl\w+url|seoglinkurl|seimagecaption|sevideoinfo)$",
    re.IGNORECASE,
)
# Furniture of the wider block around an article: its title and the line of dates and names.
_HEADING: Final = re.compile(
    r"(?:^|[-_])(?:tit|title|subject|subj|headline|head|hd|header|info|infos|meta|date|datetime|regdate|writer|hit|hits|top|tophead|write|modify"
    r"|byline|category|cate|ctgry|path|location|spot)(?:$|[-_])"
    r"|^(?:bovtitle|bovinfo|viewtitle|viewtit|viewinfo|viewtop|viewhead|viewheader|artclviewtitle|artclviewhead|boardtitle|bbstitle|rdhd|tophtop)$",
    re.IGNORECASE,
)
# Pictures that some software sets beside the text they belong to.
BESIDE: Final = "#bo_v_img"
CAPTIONS: Final = "figcaption, [class*=caption]"
HIDDEN: Final = (
    "[hidden], [aria-hidden=true], .blind, .sr-only, .sr_only, .sound_only, .screen-out, .screen_out, .hide, .hidden, .skip, .ir, "
    ".visually-hidden, .screen-reader-text, .a11y-hidden, .u_hc, .text_hidden"
)
_MENU: Final = re.compile(
    r"(?:^|[-_])(?:gnb|lnb|snb|tnb|nav|navi|navigation|menu|submenu|header|footer|foot|side|sidebar|aside|location|path|breadcrumbs?|skip|quick)"
    r"(?:$|[-_])|^(?:leftmenu|submenu|topmenu|sidemenu|menuwrap|gnbwrap|lnbwrap|snbwrap|headerwrap|footerwrap)$",
    re.IGNORECASE,
)
_UNSEEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@lru_cache(maxsize=4096)
def is_menu(name: str) -> bool:
    """Whether a class name or id names the site's menus, head or foot; those of an article are none."""
    return (
        bool(_MENU.search(name))
        and role(name) == ""
        and not re.search(r"view|article|artcl|board|bbs|post|news", name, re.IGNORECASE)
    )


def is_unseen(style: str) -> bool:
    """Whether a style attribute hides its element."""
    return bool(style) and bool(_UNSEEN.search(style))


@lru_cache(maxsize=4096)
def role(name: str) -> Role:
    """What one class name or id says of its block.

    ``text``: an article's text; ``page``: the block around an article; ``content``: some content, an article's text when
    it stands inside a ``page``.
    """
    plain = _MARKS.sub("", name).lower()
    if not plain or len(plain) > _LONGEST:
        return ""
    if _TEXT_NAME.fullmatch(plain):
        return "text"
    if _PAGE_NAME.fullmatch(plain):
        return "page" if len(plain) > 1 else ""
    return "content" if _CONTENT_NAME.fullmatch(plain) else ""


@lru_cache(maxsize=4096)
def is_furniture(name: str) -> bool:
    """Whether a class name or id names what is never an article's text: files, shares, comments, neighbours."""
    return bool(_FURNITURE.search(name) or _FURNITURE.search(_MARKS.sub("", name)))


def is_furniture_id(name: str) -> bool:
    """Whether an id names furniture as a whole; a word of it may be a heading's own (``sharing-with-friends``)."""
    return is_furniture(_MARKS.sub("", name))


@lru_cache(maxsize=4096)
def is_heading(name: str) -> bool:
    """Whether a class name or id names a title or the line of dates and names under it."""
    return bool(_HEADING.search(name) or _HEADING.search(_MARKS.sub("", name)))
