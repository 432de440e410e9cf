"""What a story is, said to search engines: schema.org as JSON-LD.

What does not live here: what people read (``_story``). Only facts a source stated are told; nothing is guessed.
Source: schema.org Course, CourseInstance, Event, VideoObject, NewsArticle, Article; JSON-LD 1.1 in HTML.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pipeline.model as p
from renderers import _links, _views, _words

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False).encode
_TYPES: Final = {
    p.Kind.NOTICE: "NewsArticle",
    p.Kind.NEWS: "NewsArticle",
    p.Kind.POST: "Article",
    p.Kind.EVENT: "Article",
}


def data(institute: p.Institute, story: p.Story, tile: _views.Tile, image: str) -> str:
    """Return the JSON of a story's page, safe inside ``<script>``; ``""`` where no type fits.

    Args:
        institute: Who publishes.
        story: What is told.
        tile: The same as lists show it.
        image: Absolute address of its picture, ``""`` for none.
    """
    entry, course = story.primary, _views.course_of(story)
    if course is not None:
        told = _course(institute, story, tile, course)
    elif entry.kind is p.Kind.VIDEO:
        told = _video(story, tile, image)
    elif entry.kind in _TYPES:
        told = _article(institute, story, tile, _TYPES[entry.kind])
    else:
        return ""
    if not told:
        return ""
    kept = _without_blanks({"@context": "https://schema.org", **told, "image": image})
    return _ENCODE(kept).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _common(institute: p.Institute, story: p.Story, tile: _views.Tile) -> dict[str, Any]:
    return {
        "name": tile.title,
        "description": tile.lead,
        "url": _links.absolute(institute, tile.path) or tile.url,
        "inLanguage": story.primary.language,
        "isAccessibleForFree": None,
    }


def _course(institute: p.Institute, story: p.Story, tile: _views.Tile, course: p.Course) -> dict[str, Any]:
    mode = {"online": "Online", "offline": "Onsite", "mixed": "Blended"}.get(course.mode or "")
    instance: dict[str, Any] = {
        "@type": "CourseInstance",
        "courseMode": mode,
        "startDate": course.starts_on and course.starts_on.isoformat(),
        "endDate": course.ends_on and course.ends_on.isoformat(),
        "maximumAttendeeCapacity": course.capacity,
        "location": _place(course.place),
    }
    offer: dict[str, Any] = {
        "@type": "Offer",
        "category": None if course.fee_won is None else "Free" if course.fee_won == 0 else "Paid",
        "price": course.fee_won,
        "priceCurrency": None if course.fee_won is None else "KRW",
        "validFrom": course.apply_from_at and _words.instant(course.apply_from_at),
        "availabilityEnds": course.apply_until_at and _words.instant(course.apply_until_at),
    }
    told = _common(institute, story, tile) | {
        "@type": "Course",
        "provider": {"@type": "Organization", "name": _words.plain(story.primary.agency) or tile.source},
        "educationalLevel": course.level,
        "about": course.field,
        "audience": course.target and {"@type": "Audience", "audienceType": _words.plain(course.target)},
        "isAccessibleForFree": None if course.fee_won is None else course.fee_won == 0,
        "hasCourseInstance": instance if any(v for k, v in instance.items() if k != "@type") else None,
        "offers": offer if any(v is not None and v != "" for k, v in offer.items() if k != "@type") else None,
    }
    return told if tile.lead else told | {"description": tile.facts or tile.title}


def _place(place: str | None) -> dict[str, str] | None:
    return {"@type": "Place", "name": _words.plain(place), "address": _words.plain(place)} if place else None


def _video(story: p.Story, tile: _views.Tile, image: str) -> dict[str, Any]:
    at = _views.stated(story.primary.published)
    if not (at and image):
        return {}  # both are required of a VideoObject
    video = story.primary.video
    return {
        "@type": "VideoObject",
        "name": tile.title,
        "description": tile.lead or tile.title,
        "thumbnailUrl": image,
        "uploadDate": _words.instant(at),
        "duration": f"PT{video.duration_s}S" if video and video.duration_s else None,
        "contentUrl": tile.url,
    }


def _article(institute: p.Institute, story: p.Story, tile: _views.Tile, kind: str) -> dict[str, Any]:
    entry = story.primary
    at, revised = _views.stated(entry.published), _views.stated(entry.updated)
    told = _common(institute, story, tile)
    return {
        "@type": kind,
        "headline": told.pop("name")[:110],
        **told,
        "datePublished": _words.instant(at) if at else None,
        "dateModified": _words.instant(revised) if revised else None,
        "author": {"@type": "Organization", "name": _words.plain(entry.department or entry.agency) or tile.source},
        "publisher": {"@type": "Organization", "name": _words.plain(institute.name)},
        "isBasedOn": tile.url,
    }


def _without_blanks(told: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _without_blanks(value) if type(value) is dict else value  # all of them are made here
        for key, value in told.items()
        if value is not None and value != ""
    }
