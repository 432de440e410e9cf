"""Send a stored bubble as Kakao Brand Messages through SOLAPI: a group is created, filled, let go; each step resumable.

What does not live here: SOLAPI's field names and numbers (``_solapi``), who receives (``p.People``), the bubble itself.
A group that was not let go sends nothing, so everything before that may be repeated freely; letting go may not. Whoever was
in a group that may have gone is unknown until SOLAPI says what became of the group.
Source: ADR-0031; reliability P43–P53 and Part 4; korea.md §1c and rules 21–30.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports import _bubbles, _calls, _solapi
from pipeline.i18n import _

TITLE: Final = _("카카오톡 브랜드 메시지(SOLAPI)")
ACCEPTS: Final = frozenset({_bubbles.BUBBLE})
ADDRESS: Final = "phone"
REACHES_PEOPLE: Final = True
REPEATABLE: Final = False


class Options(_bubbles.BubbleOptions):
    """The account, the channel and the sending number."""

    base_url: p.WebUrl = Field(
        default="https://api.solapi.com", description="SOLAPI 주소", examples=["https://api.solapi.com"]
    )
    api_key: p.SecretName = Field(description="API 열쇠가 든 환경 변수", examples=["MOA_SOLAPI_KEY"])
    api_secret: p.SecretName = Field(description="API 비밀값이 든 환경 변수", examples=["MOA_SOLAPI_SECRET"])
    pf_id: str = Field(min_length=1, description="카카오톡 채널의 연동 아이디(pfId)", examples=["KA01PF0000000000"])
    sender: str = Field(pattern=r"^0[0-9-]{7,13}$", description="SOLAPI에 등록한 발신 번호", examples=["031-000-1200"])


def send(  # noqa: PLR0917 - the protocol's
    options: Options,
    delivery: p.Delivery,
    rendering: p.Rendering,
    http: p.Http,
    keep: Callable[[p.Memo], None],
    people: p.People,
) -> p.Receipt:
    """Send to everybody in the ledger who waits, a group of at most 10,000 at a time.

    Raises:
        NotNowError: Kakao's night has begun; who was not sent to waits.
        CredentialError: Key, clock, balance or sender refused; nobody of this group was sent to.
        RejectedError: SOLAPI refused the content, or the day's budget would be exceeded.
        DeliveryError: Nothing of this group left, and another try is safe.
    """
    bubble = _bubbles.bubble(rendering)
    desk = _Desk(options, delivery, http, keep)
    desk.clarify(people)
    _bubbles.check_budget(options, delivery, people)
    while group := tuple(people.begin(p.limits.SOLAPI_CALL)):
        _bubbles.leaves_at(http.now(), delivery, options)  # before anything is uploaded
        made = _solapi.message(
            bubble,
            lambda n, kind: desk.image(_bubbles.picture(rendering, bubble["images"][n]), kind),
            pf_id=options.pf_id,
            targeting=options.targeting,
        )
        desk.send(group, made, people)
    counts = people.counts()
    return p.Receipt(
        provider_id=desk.last,
        accepted=counts.get(p.DeliveryState.SENT, 0),
        refused=counts.get(p.DeliveryState.FAILED, 0),
        status="accepted",
    )


def clarify(
    options: Options, delivery: p.Delivery, http: p.Http, keep: Callable[[p.Memo], None], people: p.People
) -> None:
    """Ask SOLAPI what became of every group that may have gone, and note it for each receiver in it."""
    _Desk(options, delivery, http, keep).clarify(people)


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """The ledger answers for each receiver, ``clarify`` for those in doubt."""
    del options, delivery, http
    return None


class _Desk:
    """One delivery at SOLAPI: its memo and the calls.

    The memo holds ``open`` (the group being filled: id, key of its receivers, parts that are in, whether one is on its way), ``gone`` (groups that may have
    gone: id → hashes of their receivers) and ``images`` (uploads by type and content).
    """

    def __init__(self, options: Options, delivery: p.Delivery, http: p.Http, keep: Callable[[p.Memo], None]) -> None:
        self._options, self._delivery, self._http, self._keep = options, delivery, http, keep
        memo = delivery.memo
        self._open: dict[str, Any] = dict(memo.get("open") or {})
        self._gone: dict[str, list[str]] = {k: list(v) for k, v in dict(memo.get("gone") or {}).items()}
        self._images: dict[str, str] = dict(memo.get("images") or {})
        self.last = str(memo.get("last") or "")

    def _save(self) -> None:
        self._keep({"open": self._open, "gone": self._gone, "images": self._images, "last": self.last})

    def _call(self, method: Literal["GET", "POST", "PUT", "DELETE"], path: str, body: object = None) -> _calls.Answer:
        """Make one call, signed anew. Raises as ``_calls.call``, and what a 4xx means."""
        options = self._options
        signature = _solapi.authorization(
            options.api_key.value, options.api_secret.value, self._http.now(), secrets.token_hex(16)
        )
        headers = {"Authorization": signature, "Content-Type": _calls.JSON_TYPE}
        sent = None if body is None else _calls.as_json(body)
        url = f"{options.base_url.rstrip('/')}/{path}"
        answer = _calls.call(self._http, url, method, headers=headers, body=sent)
        if answer.status >= 400:
            raise _solapi.error(answer)
        return answer

    def image(self, picture: _bubbles.Picture, kind: str) -> str:
        """Return the id of an uploaded picture; each content is uploaded once for each type it is used as."""
        name = f"{kind}:{picture.key}"
        if name not in self._images:
            body = {"type": kind, "file": b64encode(picture.body).decode("ascii"), "name": picture.name}
            self._images[name] = self._harmless("POST", "storage/v1/files", body).text("fileId")
            self._save()
        return self._images[name]

    def _harmless(
        self, method: Literal["GET", "POST", "PUT", "DELETE"], path: str, body: object = None
    ) -> _calls.Answer:
        """Make a call that lets nothing go: not knowing its outcome is no doubt about any receiver."""
        try:
            return self._call(method, path, body)
        except p.UnknownOutcomeError as error:
            raise p.DeliveryError(error.message, code="connect") from error

    def send(self, group: tuple[p.Person, ...], made: Mapping[str, Any], people: p.People) -> None:
        """Create, fill and let go one group."""
        key = _bubbles.key_of(self._delivery, group)
        if self._open.get("key") != key or self._open.get(
            "busy"
        ):  # busy: a run died in mid-fill, what is in nobody knows
            self._drop()
            answer = self._harmless("POST", "messages/v4/groups", {"customFields": {"moa": key}})
            self._open = {"group": answer.text("groupId"), "key": key, "in": 0, "busy": False, "refused": {}}
            self._save()
        self._fill(group, made)
        refused: dict[str, str] = self._open["refused"]
        fates = {person.hash: _solapi.fate(refused[person.hash]) for person in group if person.hash in refused}
        sent = [person for person in group if person.hash not in refused]
        if not sent:
            self._drop()
            if (error := _solapi.refusal(list(refused.values()))) is not None:
                raise error
            people.ended(fates)
            return
        self._let_go(sent, fates, people)

    def _fill(self, group: tuple[p.Person, ...], made: Mapping[str, Any]) -> None:
        """Put every message in; a part whose outcome is unknown spoils the group, which is then given up."""
        parts = list(_parts(self._options, group, made))
        for n in range(self._open["in"], len(parts)):
            self._open["busy"] = True
            self._save()
            try:
                answer = self._call("PUT", f"messages/v4/groups/{self._open['group']}/messages", {"messages": parts[n]})
            except p.NotNowError:
                raise
            except p.DeliveryError as error:
                self._drop()
                if isinstance(error, p.UnknownOutcomeError):
                    raise p.DeliveryError(error.message, code="connect") from error
                raise
            whose = {message["to"]: message["customFields"]["moa"] for message in parts[n]}
            for told in answer.body.get("resultList") or ():
                code, who = str(told.get("statusCode") or ""), whose.get(str(told.get("to") or ""))
                if who is not None and code and not code.startswith("2"):
                    self._open["refused"][who] = code
            self._open |= {"in": n + 1, "busy": False}
            self._save()

    def _let_go(self, sent: Sequence[p.Person], fates: Mapping[str, p.Fate], people: p.People) -> None:
        """The one step that must not be repeated: from here everybody in the group is unknown until SOLAPI answers."""
        group = str(self._open["group"])
        at = _bubbles.leaves_at(self._http.now(), self._delivery, self._options)
        self._gone[group] = [person.hash for person in sent]
        self._open, self.last = {}, group
        self._save()
        people.leaving(sent, fates)
        path = f"messages/v4/groups/{group}/{'send' if at is None else 'schedule'}"
        try:
            self._call("POST", path, {} if at is None else {"scheduledDate": at.isoformat(timespec="seconds")})
        except p.UnknownOutcomeError:
            if self._became(group) not in _solapi.LEFT:
                doubt = p.Fate(state=p.DeliveryState.UNKNOWN, reason="no-answer")
                people.ended(dict.fromkeys(self._gone[group], doubt))
                return
        except p.DeliveryError:
            if self._became(group) not in _solapi.LEFT and self._delete(group):  # a definite refusal
                people.ended(dict.fromkeys(self._gone.pop(group), p.Fate(state=p.DeliveryState.PENDING)))
                self._save()
            raise
        people.ended(dict.fromkeys(self._gone.pop(group), p.Fate(state=p.DeliveryState.SENT)))
        self._save()

    def clarify(self, people: p.People) -> None:
        """Look up every group that may have gone; one that did is settled, one that did not is closed for good.

        Raises:
            DeliveryError: Receivers who wait are in a group that could not be closed: they might get it twice.
        """
        for group, hashes in list(self._gone.items()):
            status = self._became(group)
            if status in _solapi.LEFT:
                people.ended(dict.fromkeys(hashes, p.Fate(state=p.DeliveryState.SENT, reason="found")))
            elif status == "FAILED":
                people.ended(dict.fromkeys(hashes, p.Fate(state=p.DeliveryState.FAILED, reason="group failed")))
            elif set(hashes) & set(people.doubtful()) or not self._delete(group):
                continue  # it may still go: a person decides first, and then it must be closed before another is made
            del self._gone[group]
            self._save()
        if any(not set(hashes) <= set(people.doubtful()) for hashes in self._gone.values()):
            message = _("앞서 보낸 것이 어떻게 되었는지 아직 확인하지 못해 보내지 않았습니다.")
            raise p.DeliveryError(message, code="connect")

    def _became(self, group: str) -> str:
        """Return the group's status, ``""`` when SOLAPI cannot be asked now."""
        try:
            return self._call("GET", f"messages/v4/groups/{group}").text("status")
        except p.DeliveryError as error:
            return "DELETED" if error.code == "gone" else ""

    def _delete(self, group: str) -> bool:
        """Close a group so that it can never go; return whether that is sure."""
        try:
            self._call("DELETE", f"messages/v4/groups/{group}")
        except p.DeliveryError as error:
            return error.code == "gone"
        return True

    def _drop(self) -> None:
        """Give the group being filled up; it lets nothing go whether or not SOLAPI deletes it."""
        if self._open:
            group, self._open = str(self._open["group"]), {}
            self._save()
            self._delete(group)


def _parts(options: Options, group: Sequence[p.Person], made: Mapping[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Yield the group's messages in calls of at most 10,000 receivers and 14 MB."""
    size = len(_calls.as_json(made)) + p.limits.SOLAPI_HEAD_BYTES
    most = max(1, min(p.limits.SOLAPI_CALL, p.limits.SOLAPI_CALL_BYTES // size))
    sender = options.sender.replace("-", "")
    for start in range(0, len(group), most):
        yield [
            {
                "to": f"0{person.address.removeprefix('+82')}",
                "from": sender,
                **made,
                "customFields": {"moa": person.hash[:100]},
            }
            for person in group[start : start + most]
        ]
