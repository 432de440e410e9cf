"""Send a stored bubble as Kakao Brand Messages through NHN Cloud: a thousand receivers a call, each call under our own key.

What does not live here: NHN's field names and codes (``_nhncloud``), who receives (``p.People``), the bubble itself.
A call cannot be taken back, so its receivers are unknown from the moment before it until NHN answers or, asked by our key
(``senderGroupingKey``), lists them. Source: ADR-0031; reliability P43–P53 and Part 4; korea.md §1c and rules 21–30.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports import _bubbles, _calls, _nhncloud
from pipeline.i18n import _

TITLE: Final = _("카카오톡 브랜드 메시지(NHN Cloud)")
ACCEPTS: Final = frozenset({_bubbles.BUBBLE})
ADDRESS: Final = "phone"
REACHES_PEOPLE: Final = True
REPEATABLE: Final = False
_AROUND: Final = timedelta(hours=1)  # NHN's clock and ours, and a call that waited


class Options(_bubbles.BubbleOptions):
    """The account and the channel."""

    base_url: p.WebUrl = Field(
        default="https://kakaotalk-bizmessage.api.nhncloudservice.com",
        description="NHN Cloud 주소",
        examples=["https://kakaotalk-bizmessage.api.nhncloudservice.com"],
    )
    app_key: p.SecretName = Field(description="앱키가 든 환경 변수", examples=["MOA_NHN_APPKEY"])
    secret_key: p.SecretName = Field(description="비밀 열쇠가 든 환경 변수", examples=["MOA_NHN_SECRET"])
    sender_key: p.SecretName = Field(
        description="카카오톡 채널의 발신 열쇠(40자)가 든 환경 변수", examples=["MOA_NHN_SENDER"]
    )
    unsubscribe_no: str = Field(
        default="",
        pattern=r"^(080[0-9-]{7,10})?$",
        description="080 무료 수신 거부 번호. 비우면 발신 프로필에 등록한 번호",
        examples=["080-000-1200"],
    )


def send(  # noqa: PLR0917 - the protocol's
    options: Options,
    delivery: p.Delivery,
    rendering: p.Rendering,
    http: p.Http,
    keep: Callable[[p.Memo], None],
    people: p.People,
) -> p.Receipt:
    """Send to everybody in the ledger who waits, a thousand at a time.

    Raises:
        NotNowError: Kakao's night has begun; who was not sent to waits.
        CredentialError: A key refused; nobody of this call was sent to.
        RejectedError: NHN refused the content, or the day's budget would be exceeded.
        DeliveryError: Nothing of this call left, and another try is safe.
    """
    bubble = _bubbles.bubble(rendering)
    desk = _Desk(options, delivery, http, keep)
    desk.clarify(people)
    _bubbles.check_budget(options, delivery, people)
    while group := tuple(people.begin(p.limits.NHN_CALL)):
        _bubbles.leaves_at(http.now(), delivery, options)  # before anything is uploaded
        made = _nhncloud.message(
            bubble,
            lambda n, kind: desk.image(_bubbles.picture(rendering, bubble["images"][n]), kind),
            sender_key=options.sender_key.value,
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
    """Ask NHN, by our own keys, what became of every call without an answer, and note it for each receiver in it."""
    _Desk(options, delivery, http, keep).clarify(people)


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """The ledger answers for each receiver, ``clarify`` for those in doubt."""
    del options, delivery, http
    return None


class _Desk:
    """One delivery at NHN: its memo and the calls.

    The memo holds ``calls`` (without an answer: key → instant and hashes of the receivers) and ``images`` (uploads by type and
    content).
    """

    def __init__(self, options: Options, delivery: p.Delivery, http: p.Http, keep: Callable[[p.Memo], None]) -> None:
        self._options, self._delivery, self._http, self._keep = options, delivery, http, keep
        self._calls: dict[str, dict[str, Any]] = {k: dict(v) for k, v in dict(delivery.memo.get("calls") or {}).items()}
        self._images: dict[str, str] = dict(delivery.memo.get("images") or {})
        self.last = str(delivery.memo.get("last") or "")
        base = options.base_url.rstrip("/")
        self._url = f"{base}/brand-message/v1.0/appkeys/{options.app_key.value}"
        self._headers = {"X-Secret-Key": options.secret_key.value}

    def _save(self) -> None:
        self._keep({"calls": self._calls, "images": self._images, "last": self.last})

    def image(self, picture: _bubbles.Picture, kind: str) -> str:
        """Return the address of an uploaded picture; each content is uploaded once for each type it is used as."""
        name = f"{kind}:{picture.key}"
        if name not in self._images:
            mark = f"moa{picture.key}"
            body = _calls.multipart(
                {"imageType": kind},
                "image",
                picture.body,
                file_name=picture.name,
                media_type=picture.media_type,
                mark=mark,
            )
            headers = {**self._headers, "Content-Type": f"multipart/form-data; boundary={mark}"}
            try:
                answer = _calls.call(self._http, f"{self._url}/images", "POST", headers=headers, body=body)
            except p.UnknownOutcomeError as error:
                raise p.DeliveryError(error.message, code="connect") from error
            told = answer.body.get("image")
            address = told.get("imageUrl") if isinstance(told, dict) else answer.body.get("imageUrl")
            if _nhncloud.code_of(answer) or not address:
                raise _nhncloud.error(answer)
            self._images[name] = str(address)
            self._save()
        return self._images[name]

    def send(self, group: tuple[p.Person, ...], made: Mapping[str, Any], people: p.People) -> None:
        """One call: noted, its receivers leaving, made, answered."""
        key = _bubbles.key_of(self._delivery, group)
        now = self._http.now()
        at = _bubbles.leaves_at(now, self._delivery, self._options)
        whose = {f"0{person.address.removeprefix('+82')}": person.hash for person in group}
        body = {**made, "senderGroupingKey": key, "recipientList": list(self._receivers(whose))}
        if at is not None:
            body["requestDate"] = _nhncloud.minute(at + timedelta(seconds=59))
        if self._options.unsubscribe_no:
            body["unsubscribeNo"] = self._options.unsubscribe_no
        self._calls[key] = {"at": now.isoformat(), "who": list(whose.values())}
        self._save()
        people.leaving(group)
        headers = {**self._headers, "Content-Type": _calls.JSON_TYPE}
        try:
            answer = _calls.call(
                self._http, f"{self._url}/freestyle-messages", "POST", headers=headers, body=_calls.as_json(body)
            )
        except p.UnknownOutcomeError:
            self._ask(key, people)
            return
        except p.DeliveryError:
            self._refused(key, people)
            raise
        self._judge(key, answer, whose, people)

    def _receivers(self, whose: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        for number, who in whose.items():
            yield {
                "recipientNo": number,
                "targeting": self._options.targeting,
                "recipientGroupingKey": who[:100],
                "resendParameter": {"isResend": False},  # no text message instead, whatever the console says
            }

    def _judge(self, key: str, answer: _calls.Answer, whose: Mapping[str, str], people: p.People) -> None:
        fates = _nhncloud.fates(answer, whose)
        if fates is not None:
            told = answer.body.get("message")
            self.last = str(told.get("requestId") or key) if isinstance(told, dict) else key
            silent = p.Fate(state=p.DeliveryState.UNKNOWN, reason="not-listed")
            people.ended({who: fates.get(who, silent) for who in whose.values()})
            if all(who in fates for who in whose.values()):
                del self._calls[key]
            self._save()
        elif _nhncloud.code_of(answer) == _nhncloud.TAKEN:
            self._ask(key, people)
        elif _nhncloud.code_of(answer) == 0:
            people.ended(dict.fromkeys(whose.values(), p.Fate(state=p.DeliveryState.SENT)))
            del self._calls[key]
            self._save()
        else:
            self._refused(key, people)
            raise _nhncloud.error(answer)

    def _refused(self, key: str, people: p.People) -> None:
        """Nothing of the call was taken."""
        people.ended(dict.fromkeys(self._calls.pop(key)["who"], p.Fate(state=p.DeliveryState.PENDING)))
        self._save()

    def _ask(self, key: str, people: p.People) -> None:
        """After "did it arrive?": whom NHN lists was taken, of the others nobody knows."""
        found = self._found(key) or {}
        hashes = self._calls[key]["who"]
        doubt = p.Fate(state=p.DeliveryState.UNKNOWN, reason="no-answer")
        people.ended({who: found.get(who, doubt) for who in hashes})
        if all(who in found for who in hashes):
            del self._calls[key]
        self._save()

    def clarify(self, people: p.People) -> None:
        """Look up every call without an answer; whom NHN lists is settled.

        Raises:
            DeliveryError: Receivers who wait are in a call NHN could not be asked about: they might get it twice.
        """
        for key, call in list(self._calls.items()):
            found, doubtful = self._found(key), set(people.doubtful())
            people.ended({who: fate for who, fate in (found or {}).items() if who in set(call["who"])})
            open_ = set(call["who"]) - set(found or {})
            if found is None and not open_ <= doubtful:
                message = _("앞서 보낸 것이 어떻게 되었는지 아직 확인하지 못해 보내지 않았습니다.")
                raise p.DeliveryError(message, code="connect")
            if found is not None and not open_ & doubtful:
                del self._calls[key]  # all listed, or a person has decided about the others
                self._save()

    def _found(self, key: str) -> dict[str, p.Fate] | None:
        """Return whom NHN lists under a key, ``None`` when it cannot be asked now."""
        since = datetime.fromisoformat(self._calls[key]["at"])
        until = since + _AROUND + timedelta(minutes=self._options.delay)
        query = {
            "senderGroupingKey": key,
            "startRequestDate": _nhncloud.minute(since - _AROUND),
            "endRequestDate": _nhncloud.minute(until),
            "pageSize": str(p.limits.NHN_PAGE),
        }
        try:
            answer = _calls.call(self._http, f"{self._url}/messages", headers=self._headers, query=query)
        except p.DeliveryError:
            return None
        told = answer.body.get("messageSearchResultResponse")
        if _nhncloud.code_of(answer) or not isinstance(told, dict):
            return None
        rows = [row for row in told.get("messages") or () if row.get("senderGroupingKey") in (key, None)]
        return {str(row.get("recipientGroupingKey")): _nhncloud.fate(row) for row in rows}
