"""A rich edition of an invented practice city (가온시): courses with deadlines, videos, posts, corrections, old news."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pipeline.model as p

SEOUL = ZoneInfo("Asia/Seoul")
AS_OF = datetime(2026, 11, 23, 3, 10, tzinfo=SEOUL).astimezone(UTC)

INSTITUTE = p.Institute(
    name="가온시 평생학습원",
    site_url="https://learn.gaon.example",
    tag_authority="learn.gaon.example,2026",
    address="가온시 배움로 12, 2층",
    phone="031-000-1200",
    email="news@learn.gaon.example",
    kakao_url="https://pf.kakao.example/_gaon",
)

SOURCES = (
    p.SourceCard(
        id="notice",
        name="가온시청 공지사항",
        kind="board",
        agency="가온시",
        url="https://www.gaon.example/notice",
        last_success_at=AS_OF - timedelta(minutes=6),
    ),
    p.SourceCard(
        id="courses",
        name="가온배움터 강좌",
        kind="gseek",
        agency="가온시 평생학습원",
        url="https://course.gaon.example/list",
        last_success_at=AS_OF - timedelta(minutes=5),
    ),
    p.SourceCard(
        id="library",
        name="가온도서관 문화강좌",
        kind="board",
        agency="가온도서관",
        url="https://lib.gaon.example/program",
        last_success_at=AS_OF - timedelta(minutes=5),
    ),
    p.SourceCard(
        id="youtube",
        name="가온평생학습 유튜브",
        kind="youtube",
        agency="가온시 평생학습원",
        url="https://video.example/@gaonlearn",
        last_success_at=AS_OF - timedelta(minutes=4),
    ),
    p.SourceCard(
        id="blog",
        name="가온시 공식 블로그",
        kind="feed",
        agency="가온시",
        url="https://blog.example/gaon",
        last_success_at=AS_OF - timedelta(minutes=4),
    ),
    p.SourceCard(
        id="maru",
        name="마루동 주민자치회",
        kind="board",
        agency="마루동 주민자치회",
        url="https://maru.gaon.example",
        last_success_at=AS_OF - timedelta(days=2, hours=3),
        health=p.Health.FETCH_FAILED,
    ),
    p.SourceCard(
        id="health",
        name="가온시보건소 건강강좌",
        kind="board",
        agency="가온시보건소",
        url="https://health.gaon.example",
        last_success_at=AS_OF - timedelta(minutes=3),
    ),
)


def seoul(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    """An instant on Seoul's clock, in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=SEOUL).astimezone(UTC)


def said(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> p.DateFact:
    """A date a source stated."""
    return p.DateFact(at=seoul(month, day, hour, minute, year=year), has_time=bool(hour or minute), method="iso8601")


def entry(key: str, source: str, kind: p.Kind, title: str, **more: object) -> p.Entry:
    """An entry with sensible defaults."""
    place = next(s for s in SOURCES if s.id == source)
    given: dict[str, object] = {
        "id": f"{source}:{key}",
        "source_id": source,
        "key": key,
        "kind": kind,
        "title": title,
        "url": f"{place.url}/{key}",
        "agency": place.agency,
        "published": said(11, 22, 14, 20),
    }
    if (shown := more.get("image")) is not None:
        given["picture"] = drawn(shown.url, is_whole=more.get("licence") in ("kogl-3", "kogl-4"))  # type: ignore[attr-defined]
    return p.Entry(**(given | more))  # type: ignore[arg-type]


BODIES: dict[str, bytes] = {}
"""Bytes of every file of ``drawn`` pictures, by path below ``output/media/``."""


def lay(output_dir: Path) -> None:
    """Put the files of all drawn pictures where a night would have put them."""
    for path, body in BODIES.items():
        file = output_dir / "media" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)


def drawn(url: str, *, is_whole: bool = False) -> p.Picture:
    """Our own copies of a picture, as the night would have made them."""
    sizes = {"w320": (320, 200), "w640": (640, 400), "w1280": (1280, 800), "og": (1200, 630), "mail": (600, 300)}
    sizes |= {"wide": (800, 400), "square": (600, 600)}
    files = []
    for use, (width, height) in sizes.items():
        body = f"{url} {use}".encode()
        name = sha256(body).hexdigest()
        ending, media_type = ("webp", "image/webp") if use.startswith("w") and use != "wide" else ("jpg", "image/jpeg")
        path = f"{name[:2]}/{name[:32]}.{ending}"
        BODIES[path] = body
        files.append(
            p.ImageFile(
                use=p.Use(use),
                path=path,
                media_type=media_type,
                width=width,
                height=height,
                bytes=len(body),
                sha256=name,
            )
        )
    return p.Picture(files=tuple(files), is_whole=is_whole)


def story(slug: str, *members: p.Entry, seen: datetime | None = None, why: tuple[p.Join, ...] = ()) -> p.Story:
    """A story of these entries, first seen last night."""
    return p.Story(
        id=slug, primary=members[0], members=members, why=why, first_seen_at=seen or AS_OF - timedelta(minutes=5)
    )


def image(name: str, alt: str | None = None) -> p.Image:
    """A picture of the practice city."""
    return p.Image(url=f"https://img.gaon.example/{name}.jpg", alt=alt)


SMARTPHONE = story(
    "smartphone-basics-2026-12",
    entry(
        "61834",
        "courses",
        p.Kind.COURSE,
        "어르신 스마트폰 활용 교실(기초) 12월 수강생 모집",
        lead="문자와 사진, 길 찾기, 기차표 예매까지 천천히 배우는 네 번의 수업입니다.",
        text="문자와 사진, 길 찾기, 기차표 예매까지 천천히 배우는 네 번의 수업입니다.\n수업은 매주 화요일 오전에 엽니다. 쓰던 휴대전화를 그대로 가져오시면 되고, 보조 강사가 두 분마다 한 명씩 곁에서 돕습니다.\n수업이 끝난 뒤에도 한 달 동안 상담 창구에서 물어보실 수 있습니다. 신청은 누리집과 전화, 방문 모두 받습니다.",
        department="평생학습과",
        topics=("디지털", "어르신"),
        licence="kogl-1",
        published=said(11, 16, 9, 0),
        attachments=(
            p.Attachment(
                url="https://course.gaon.example/file/61834.hwp", name="스마트폰 교실 안내문.hwp", bytes=248_320
            ),
            p.Attachment(url="https://course.gaon.example/file/61834.pdf", name="강의 계획서.pdf", bytes=1_204_000),
        ),
        course=p.Course(
            apply_from_at=seoul(11, 16, 9),
            apply_from_has_time=True,
            apply_until_at=seoul(11, 25, 18),
            apply_until_has_time=True,
            starts_on=date(2026, 12, 1),
            ends_on=date(2026, 12, 22),
            status=p.CourseStatus.OPEN,
            status_raw="모집중",
            status_as_of_at=AS_OF - timedelta(minutes=5),
            capacity=20,
            applied=13,
            fee="무료",
            level="처음 배우는 분",
            field="디지털 문해",
            place="배움로 평생학습관 201호",
            online=False,
            target="만 60세 이상 시민",
        ),
    ),
    entry(
        "dQw4",
        "youtube",
        p.Kind.VIDEO,
        "스마트폰 교실, 이렇게 진행합니다",
        published=said(11, 20, 17, 0),
        image=image("phone-class", "강의실에서 스마트폰을 함께 보는 어르신과 강사"),
        video=p.Video(duration_s=154),
        topics=("디지털",),
    ),
    entry(
        "2236", "blog", p.Kind.POST, "[배움소식] 손안의 세상, 스마트폰 교실에서 만나요", published=said(11, 21, 10, 5)
    ),
    seen=AS_OF - timedelta(days=6),
    why=(p.Join(a="courses:61834", b="youtube:dQw4", reason="영상 설명이 강좌를 가리킴"),),
)
HANOK = story(
    "hanok-drawing",
    entry(
        "311",
        "library",
        p.Kind.COURSE,
        "펜으로 그리는 우리 동네 한옥",
        lead="도서관 뒤 골목의 한옥을 걸으며 보고, 펜과 물감으로 엽서 네 장을 완성합니다.",
        topics=("문화예술",),
        licence="kogl-4",
        image=image("hanok", "골목 끝에 선 한옥을 그린 펜화"),
        course=p.Course(
            apply_until_at=seoul(11, 25),
            starts_on=date(2026, 11, 28),
            ends_on=date(2026, 12, 19),
            status=p.CourseStatus.OPEN,
            fee="10,000원(재료비 별도)",
            place="가온도서관 창작실",
            target="성인",
            capacity=12,
        ),
    ),
    seen=AS_OF - timedelta(days=4),
)
SPINE = story(
    "spine-health",
    entry(
        "h77",
        "health",
        p.Kind.COURSE,
        "퇴근 뒤 허리 튼튼 교실",
        lead="하루 종일 앉아 일한 몸을 푸는 저녁 운동 강좌입니다. 운동복과 물만 챙겨 오세요.",
        topics=("건강",),
        course=p.Course(
            apply_until_at=seoul(11, 24),
            status=p.CourseStatus.WAITLIST,
            status_raw="대기접수",
            fee="무료",
            place="보건소 3층 운동실",
            target="직장인",
        ),
    ),
    seen=AS_OF - timedelta(days=5),
)
COFFEE = story(
    "barista-evening",
    entry(
        "61790",
        "courses",
        p.Kind.COURSE,
        "바리스타 2급 자격 과정(저녁반)",
        lead="지원자가 많아 접수 기간을 일주일 늘렸습니다.",
        topics=("직업능력",),
        course=p.Course(
            apply_from_at=seoul(11, 9, 10),
            apply_from_has_time=True,
            apply_until_at=seoul(11, 30, 18),
            apply_until_has_time=True,
            starts_on=date(2026, 12, 7),
            ends_on=date(2027, 1, 15),
            status=p.CourseStatus.OPEN,
            fee="80,000원",
            place="새벗 직업교육관",
            target="가온시민",
        ),
    ),
    seen=AS_OF - timedelta(days=14),
)
POTTERY = story(
    "family-pottery",
    entry(
        "m15",
        "maru",
        p.Kind.COURSE,
        "온 가족 도자기 빚기 체험",
        lead="강사 사정으로 12월 5일 체험을 열지 못합니다. 내신 참가비는 모두 돌려드립니다.",
        topics=("가족",),
        course=p.Course(
            status=p.CourseStatus.CANCELLED,
            starts_on=date(2026, 12, 5),
            target="초등학생 가족",
            place="마루동 주민센터",
        ),
    ),
    seen=AS_OF - timedelta(days=12),
)
WRITING = story(
    "life-writing",
    entry(
        "61901",
        "courses",
        p.Kind.COURSE,
        "내 삶을 쓰는 글쓰기: 한 사람, 한 권의 책",
        lead="살아온 이야기를 매주 한 편씩 써서 겨울이 끝날 때 작은 책으로 묶습니다. 글을 써 본 적이 없어도 괜찮습니다.",
        topics=("문화예술", "어르신"),
        course=p.Course(
            apply_from_at=seoul(11, 23, 9),
            apply_from_has_time=True,
            apply_until_at=seoul(12, 4, 18),
            apply_until_has_time=True,
            status=p.CourseStatus.SCHEDULED,
            fee="무료",
            place="새벗 평생학습관",
            target="성인",
        ),
    ),
)
CODING = story(
    "kids-coding-winter",
    entry(
        "61877",
        "courses",
        p.Kind.COURSE,
        "겨울방학 어린이 코딩 놀이터",
        lead="블록으로 시작해 나만의 게임을 만드는 나흘 과정. 노트북은 빌려 드립니다.",
        topics=("디지털", "가족"),
        course=p.Course(
            apply_until_at=seoul(12, 12),
            status=p.CourseStatus.OPEN,
            fee="20,000원",
            online=True,
            target="초등 3~6학년",
        ),
    ),
)
ENGLISH = story(
    "travel-english",
    entry(
        "61880",
        "courses",
        p.Kind.COURSE,
        "여행 영어, 공항에서 호텔까지",
        topics=("외국어",),
        course=p.Course(
            apply_until_at=seoul(12, 2),
            status=p.CourseStatus.OPEN,
            fee="30,000원",
            target="성인",
            place="배움로 평생학습관",
        ),
    ),
)
NOTICE = story(
    "learning-voucher-2027",
    entry(
        "9120",
        "notice",
        p.Kind.NOTICE,
        "2027년 평생교육이용권 신청 안내(저소득층 우선, 1인당 35만 원)",
        lead="평생교육 강좌 수강료와 교재비로 쓸 수 있는 이용권을 신청받습니다.",
        text="평생교육 강좌 수강료와 교재비로 쓸 수 있는 이용권을 신청받습니다.\n만 19세 이상 가온시민이면 누구나 신청할 수 있으며, 기초생활수급자와 차상위계층을 먼저 뽑습니다.\n신청은 전용 누리집에서 하고, 결과는 문자로 알려 드립니다.",
        department="평생학습과",
        topics=("지원사업",),
        licence="kogl-1",
        body_html="<p>평생교육 강좌 수강료와 교재비로 쓸 수 있는 이용권을 신청받습니다.</p><ul><li>대상: 만 19세 이상 가온시민</li><li>금액: 1인당 연 35만 원</li></ul><table><tr><th>구분</th><th>기간</th></tr><tr><td>우선 신청</td><td>12월 1일 ~ 12월 11일</td></tr></table>",
        attachments=(p.Attachment(url="https://www.gaon.example/file/9120.hwpx", name="이용권 신청 안내.hwpx"),),
    ),
    entry(
        "p551",
        "blog",
        p.Kind.POST,
        "35만 원 평생교육이용권, 이렇게 신청하세요",
        published=said(11, 22, 16, 0),
        image=image("voucher"),
    ),
)
CLOSED_DAY = story(
    "lib-closed-day",
    entry(
        "n88",
        "library",
        p.Kind.NOTICE,
        "가온도서관 12월 휴관일 안내",
        lead="12월 7일과 21일은 정기 휴관일이고, 25일은 성탄절로 쉽니다.",
        topics=("도서관",),
    ),
)
VIDEO_TEACHER = story(
    "village-teacher-story",
    entry(
        "v1",
        "youtube",
        p.Kind.VIDEO,
        "마을교사 이야기 | 퇴직하고 다시 선 교실",
        lead="서른두 해를 학교에서 보낸 박온유 선생님이 마을에서 다시 분필을 들었습니다.",
        image=image("teacher", "칠판 앞에 선 마을교사"),
        video=p.Video(duration_s=492),
        topics=("사람",),
    ),
)
VIDEO_AI = story(
    "ai-lecture-1",
    entry(
        "v2",
        "youtube",
        p.Kind.VIDEO,
        "누구나 인공지능 1강: 챗봇에게 잘 묻는 법",
        image=image("ai", "인공지능 강의 첫 화면"),
        video=p.Video(duration_s=3720),
        topics=("디지털",),
    ),
)
VIDEO_LIVE = story(
    "live-humanities",
    entry(
        "v3",
        "youtube",
        p.Kind.VIDEO,
        "[생중계] 가온 인문학 특강: 기후와 밥상",
        image=image("live"),
        video=p.Video(live="upcoming", starts_at=seoul(11, 27, 19)),
        topics=("인문",),
    ),
)
POST_FESTIVAL = story(
    "learning-festival-review",
    entry(
        "p560",
        "blog",
        p.Kind.POST,
        "배움이 축제가 된 이틀, 제9회 가온 평생학습축제 뒷이야기 🎉",
        lead="비가 내린 첫날에도 삼천 명이 다녀갔습니다. 동아리 마흔두 곳이 준비한 체험과 공연, 그리고 우산 아래에서 끝까지 자리를 지킨 시민들의 이야기를 전합니다.",
        image=image("festival", "우산을 쓰고 공연을 보는 시민들"),
        author="가온시 홍보담당관",
        topics=("축제",),
        licence="kogl-2",
    ),
)
EVENT = story(
    "book-concert",
    entry(
        "e20",
        "library",
        p.Kind.EVENT,
        "작가와 만나는 밤: 『느린 우체통』 북콘서트",
        lead="12월 3일 저녁 7시, 가온도서관 이야기홀에서 만납니다. 선착순 80명, 신청 없이 오시면 됩니다.",
        topics=("도서관", "문화예술"),
    ),
)
HOSTILE = story(
    "hostile-title",
    entry(
        "x1",
        "notice",
        p.Kind.NOTICE,
        '<script>alert("x")</script> {{ institute }} #{이름} %%MOA_UNSUBSCRIBE_URL%% =?UTF-8?Q?=0A?=Bcc: \u202eabc\x00 ]]>',
        lead="제목에 이상한 글자가 있어도 그대로 보여야 합니다. & < > \" '",
        url="javascript:alert(1)",
    ),
)

SECTIONS = (
    p.Section(
        key="closing-today",
        title="오늘 마감",
        cards=(p.Card(story=SPINE, label="closing", note="오늘까지 접수합니다."),),
    ),
    p.Section(
        key="closing",
        title="곧 마감",
        cards=(
            p.Card(story=HANOK, label="closing", note="11월 24일(화)까지 접수합니다."),
            p.Card(story=SMARTPHONE, label="closing", note="11월 25일(수) 18시에 접수를 마감합니다."),
        ),
    ),
    p.Section(
        key="opens", title="새로 접수", cards=(p.Card(story=WRITING, label="opens", note="오늘 9시부터 접수합니다."),)
    ),
    p.Section(
        key="changed",
        title="바뀐 내용",
        cards=(
            p.Card(
                story=COFFEE,
                label="changed",
                note="접수 마감이 11월 23일(월)에서 11월 30일(월) 18시로 바뀌었습니다.",
                corrects="daily/2026-11-22",
            ),
            p.Card(story=POTTERY, label="changed", note="취소되었습니다."),
        ),
    ),
    p.Section(key="courses", title="새 강좌", cards=(p.Card(story=CODING), p.Card(story=ENGLISH))),
    p.Section(
        key="videos",
        title="새 영상",
        cards=(
            p.Card(story=VIDEO_TEACHER, label="video"),
            p.Card(story=VIDEO_AI, label="video"),
            p.Card(story=VIDEO_LIVE, label="video"),
        ),
    ),
    p.Section(
        key="news",
        title="소식",
        cards=(
            p.Card(story=NOTICE),
            p.Card(story=EVENT),
            p.Card(story=POST_FESTIVAL),
            p.Card(story=CLOSED_DAY, label="late", note="11월 20일(금)에 올라온 소식입니다."),
        ),
    ),
)

_OLD = (
    ("gaon-lecture-october", "library", p.Kind.EVENT, "시월의 인문학 산책", 10, 12),
    ("autumn-concert", "blog", p.Kind.POST, "도서관 마당에서 열린 가을 음악회", 10, 20),
    ("digital-helper", "notice", p.Kind.NOTICE, "디지털 배움터 강사 모집 공고", 10, 27),
    ("kimchi-sharing", "blog", p.Kind.POST, "함께 담근 김장, 이웃과 나누다", 11, 13),
)
OLD = tuple(
    story(
        slug,
        entry(slug, source, kind, title, published=said(month, day, 10, 0), topics=("도서관",)),
        seen=seoul(month, day, 18),
    )
    for slug, source, kind, title, month, day in _OLD
)

LIBRARY = tuple(
    sorted(
        (*(card.story for section in SECTIONS for card in section.cards), *OLD),
        key=lambda s: (s.first_seen_at, s.id),
        reverse=True,
    )
)


def digest(**changes: object) -> p.Digest:
    """The edition of 23 November 2026; override any field."""
    given: dict[str, object] = {
        "id": "daily/2026-11-23",
        "digest_id": "daily",
        "title": "가온 배움소식 11월 23일",
        "institute": INSTITUTE,
        "start_at": AS_OF - timedelta(days=1),
        "end_at": AS_OF,
        "as_of": AS_OF,
        "sections": SECTIONS,
        "library": LIBRARY,
        "archive": (
            p.EditionRef(
                id="daily/2026-11-22",
                digest_id="daily",
                title="가온 배움소식 11월 22일",
                on=date(2026, 11, 22),
                stories=2,
            ),
            p.EditionRef(
                id="daily/2026-11-13",
                digest_id="daily",
                title="가온 배움소식 11월 13일",
                on=date(2026, 11, 13),
                stories=1,
            ),
            p.EditionRef(
                id="daily/2026-10-27",
                digest_id="daily",
                title="가온 배움소식 10월 27일",
                on=date(2026, 10, 27),
                stories=1,
            ),
        ),
        "editions": {
            "daily/2026-11-22": (
                p.Section(
                    key="course",
                    title="새 강좌",
                    cards=(
                        p.Card(
                            story=SMARTPHONE, label="changed", note="신청 마감 시각이 17시에서 18시로 바뀌었습니다."
                        ),
                        p.Card(story=HANOK),
                    ),
                ),
            ),
            "daily/2026-11-13": (p.Section(key="post", title="블로그", cards=(p.Card(story=OLD[3]),)),),
        },
        "sources": SOURCES,
    }
    return p.Digest(**(given | changes))  # type: ignore[arg-type]


def hostile() -> p.Digest:
    """An edition whose only story tries everything."""
    section = p.Section(key="notice", title="알림", cards=(p.Card(story=HOSTILE),))
    return digest(sections=(section,), library=(HOSTILE,), archive=(), editions={})
