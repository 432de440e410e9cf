"""The words of moa: every name a plugin or a room may use.

``import pipeline.model as p`` is the only import line a plugin needs. A name's module is loaded when the name is first
asked for, so that a night without news pays neither for pydantic (``fields``) nor for the values of editions (ADR-0019).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.model import limits

if TYPE_CHECKING:
    from pipeline.model.base import Json, Memo, Value
    from pipeline.model.changes import Change, Gone, Known, New, Outcome, Quarantined, Revised, SourceRun, Verdict
    from pipeline.model.configured import ChannelSpec, DigestSpec, Institute, Settings
    from pipeline.model.deliveries import Delivery, DeliveryState, Receipt
    from pipeline.model.editions import (
        Artifact,
        Bodies,
        Card,
        Digest,
        EditionRef,
        Join,
        LeftOut,
        OnDisk,
        Page,
        Rendering,
        Section,
        SourceCard,
        Story,
    )
    from pipeline.model.entries import Course, CourseStatus, DateFact, Entry
    from pipeline.model.errors import (
        ConfigError,
        CredentialError,
        DeliveryError,
        FetchError,
        GoneError,
        LockedError,
        NotNowError,
        PipelineError,
        PluginError,
        Problem,
        QuotaError,
        RefusedError,
        RejectedError,
        Remedy,
        RenderError,
        ShapeError,
        SourceError,
        StoreError,
        SuddenlyEmptyError,
        UnknownOutcomeError,
    )
    from pipeline.model.facets import FacetWords
    from pipeline.model.fields import (
        Options,
        Pattern,
        PeopleOptions,
        ProjectPath,
        RendererOptions,
        Secret,
        SecretName,
        Slug,
        TextList,
        WebUrl,
        Zone,
    )
    from pipeline.model.items import AttachedText, Attachment, Dropped, Image, Item, Kind, RawCourse, RawDate, Video
    from pipeline.model.people import NAME_MARK, UNSUBSCRIBE_MARK, Fate, People, Person
    from pipeline.model.pictures import ImageFile, KnownPicture, Picture, Use
    from pipeline.model.places import Backfill, Expect, Health, SourceSpec, SourceState, Validator
    from pipeline.model.protocols import (
        Conversation,
        Http,
        PagedRenderer,
        PersonalTransport,
        Renderer,
        Source,
        Transport,
    )
    from pipeline.model.reports import EditionRun, PublishResult, Rendered, RunReport
    from pipeline.model.web import Document, Fetched, FetchPolicy, FetchRules, Purpose, Request, Robots, TlsRules

_HOMES = {
    "base": "Json Memo Value",
    "changes": "Change Gone Known New Outcome Quarantined Revised SourceRun Verdict",
    "configured": "ChannelSpec DigestSpec Institute Settings",
    "deliveries": "Delivery DeliveryState Receipt",
    "editions": "Artifact Bodies Card Digest EditionRef Join LeftOut OnDisk Page Rendering Section SourceCard Story",
    "entries": "Course CourseStatus DateFact Entry",
    "errors": (
        "ConfigError CredentialError DeliveryError FetchError GoneError LockedError NotNowError PipelineError "
        "PluginError Problem QuotaError RefusedError RejectedError Remedy RenderError ShapeError SourceError "
        "StoreError SuddenlyEmptyError UnknownOutcomeError"
    ),
    "facets": "FacetWords",
    "fields": "Options Pattern PeopleOptions ProjectPath RendererOptions Secret SecretName Slug TextList WebUrl Zone",
    "items": "AttachedText Attachment Dropped Image Item Kind RawCourse RawDate Video",
    "pictures": "ImageFile KnownPicture Picture Use",
    "people": "NAME_MARK UNSUBSCRIBE_MARK Fate People Person",
    "places": "Backfill Expect Health SourceSpec SourceState Validator",
    "protocols": "Conversation Http PagedRenderer PersonalTransport Renderer Source Transport",
    "reports": "EditionRun PublishResult Rendered RunReport",
    "web": "Document Fetched FetchPolicy FetchRules Purpose Request Robots TlsRules",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - first use only

    found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return found


__all__ = [
    "NAME_MARK",
    "UNSUBSCRIBE_MARK",
    "Artifact",
    "AttachedText",
    "Attachment",
    "Backfill",
    "Bodies",
    "Card",
    "Change",
    "ChannelSpec",
    "ConfigError",
    "Conversation",
    "Course",
    "CourseStatus",
    "CredentialError",
    "DateFact",
    "Delivery",
    "DeliveryError",
    "DeliveryState",
    "Digest",
    "DigestSpec",
    "Document",
    "Dropped",
    "EditionRef",
    "EditionRun",
    "Entry",
    "Expect",
    "FacetWords",
    "Fate",
    "FetchError",
    "FetchPolicy",
    "FetchRules",
    "Fetched",
    "Gone",
    "GoneError",
    "Health",
    "Http",
    "Image",
    "ImageFile",
    "Institute",
    "Item",
    "Join",
    "Json",
    "Kind",
    "Known",
    "KnownPicture",
    "LeftOut",
    "LockedError",
    "Memo",
    "New",
    "NotNowError",
    "OnDisk",
    "Options",
    "Outcome",
    "Page",
    "PagedRenderer",
    "Pattern",
    "People",
    "PeopleOptions",
    "Person",
    "PersonalTransport",
    "Picture",
    "PipelineError",
    "PluginError",
    "Problem",
    "ProjectPath",
    "PublishResult",
    "Purpose",
    "Quarantined",
    "QuotaError",
    "RawCourse",
    "RawDate",
    "Receipt",
    "RefusedError",
    "RejectedError",
    "Remedy",
    "RenderError",
    "Rendered",
    "Renderer",
    "RendererOptions",
    "Rendering",
    "Request",
    "Revised",
    "Robots",
    "RunReport",
    "Secret",
    "SecretName",
    "Section",
    "Settings",
    "ShapeError",
    "Slug",
    "Source",
    "SourceCard",
    "SourceError",
    "SourceRun",
    "SourceSpec",
    "SourceState",
    "StoreError",
    "Story",
    "SuddenlyEmptyError",
    "TextList",
    "TlsRules",
    "Transport",
    "UnknownOutcomeError",
    "Use",
    "Validator",
    "Value",
    "Verdict",
    "Video",
    "WebUrl",
    "Zone",
    "limits",
]
