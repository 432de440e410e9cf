"""Send a stored bubble, or the morning report, to the operator's own KakaoTalk ("나에게 보내기").

What does not live here: citizens (this reaches the one logged-in account only), making the report. The login is kept by a
refresh token that Kakao renews: the newest is a secret that changes, so it lives in a file of its own with mode 0600, written
whole before it is used. Source: ADR-0031; korea.md §1a; reliability Part 1 (Kakao) and Part 4.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports import _bubbles, _calls
from pipeline.deliver.transports._folders import sync_folder
from pipeline.i18n import _
from pipeline.text.trim import trim

TITLE: Final = _("카카오톡 나에게 보내기")
REPORT: Final = "application/vnd.moa.report+json"
ACCEPTS: Final = frozenset({_bubbles.BUBBLE, REPORT})
REACHES_PEOPLE: Final = True
OWN_ONLY: Final = True  # nobody but the operator who logged in: may carry a test
REPEATABLE: Final = False
_TEXT, _TITLE, _CONTENTS = 200, 200, 3  # the template's limits (Kakao Developers)
_CUT: Final = "[secret]"  # what stands where an answer repeats a secret of ours
_EARLY: Final = timedelta(minutes=5)
_UNKNOWN: Final = frozenset([-1, -603])  # "failed inside, try again", "timed out inside": it may have been sent
_QUOTA: Final = frozenset([-10, -530, -531, -532, -533, -536])


class Options(p.Options):
    """The app, the operator's login and where links may lead."""

    base_url: p.WebUrl = Field(
        default="https://kapi.kakao.com", description="카카오 API 주소", examples=["https://kapi.kakao.com"]
    )
    auth_url: p.WebUrl = Field(
        default="https://kauth.kakao.com", description="카카오 로그인 주소", examples=["https://kauth.kakao.com"]
    )
    client_id: p.SecretName = Field(description="앱의 REST API 열쇠가 든 환경 변수", examples=["MOA_KAKAO_REST_KEY"])
    client_secret: p.SecretName | None = Field(
        default=None, description="앱의 Client Secret이 든 환경 변수(쓰는 앱만)", examples=["MOA_KAKAO_CLIENT_SECRET"]
    )
    refresh_token: p.SecretName = Field(
        description="처음 로그인하고 받은 refresh token이 든 환경 변수", examples=["MOA_KAKAO_REFRESH_TOKEN"]
    )
    token_file: p.ProjectPath = Field(
        default="output/.secrets/kakao-memo.json",
        validate_default=True,
        description="카카오가 새로 준 토큰을 두는 파일. 본인만 읽을 수 있게 만듭니다",
    )
    link: p.WebUrl = Field(
        description="메시지를 누르면 열 주소. 앱에 등록한 도메인이어야 합니다", examples=["https://news.example.go.kr"]
    )


def send(
    options: Options,
    delivery: p.Delivery,
    rendering: p.Rendering,
    http: p.Http,
    keep: Callable[[p.Memo], None],
) -> p.Receipt:
    """Send one message to the operator's own chat; an access token that has died is renewed once.

    Raises:
        NotNowError: It is night, or the message has grown too old.
        CredentialError: The login has died: a person must log in again (``login``); a consent is missing (``consent``).
        RejectedError: Kakao refused the template.
        DeliveryError: Nothing was accepted, another try is safe.
        UnknownOutcomeError: No answer, or Kakao's -603 and -1.
    """
    del keep
    template = _template(options, rendering)
    _bubbles.check_hours(http.now(), delivery)
    tokens = _Tokens(options, http)
    answer = _post(options, http, template, tokens.access())
    if _code(answer) == -401:
        answer = _post(options, http, template, tokens.renewed())
    if answer.status < 400 and answer.text("result_code") == "0":
        return p.Receipt(accepted=1, status="0")
    raise _error(answer)


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """Kakao cannot be asked whether a message to oneself arrived; the operator can look."""
    del options, delivery, http
    return None


def _post(options: Options, http: p.Http, template: Mapping[str, Any], token: str) -> _calls.Answer:
    body = urlencode({"template_object": json.dumps(template, ensure_ascii=False)}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": _calls.FORM_TYPE}
    url = f"{options.base_url.rstrip('/')}/v2/api/talk/memo/default/send"
    return _calls.call(http, url, "POST", headers=headers, body=body)


def _code(answer: _calls.Answer) -> int:
    try:
        return int(answer.body.get("code") or 0)
    except (TypeError, ValueError):
        return 0


def _error(answer: _calls.Answer) -> p.DeliveryError:
    """Return what an answer that is no success means: by its code, never by its words."""
    code = _code(answer)
    if code in _UNKNOWN:
        return p.UnknownOutcomeError(_("카카오가 안에서 멈춰 보냈는지 알 수 없습니다 ({code}).").format(code=code))
    if code in _QUOTA or answer.status == 429:
        return p.DeliveryError(_("카카오의 하루 한도를 다 썼습니다 ({code}).").format(code=code), code="later")
    if code in (-402, -101, -403):
        return p.CredentialError(
            _("카카오톡 메시지 전송에 동의하지 않은 계정입니다 ({code}).").format(code=code),
            code="consent",
            hint=_("그 계정으로 다시 로그인해 '카카오톡 메시지 전송(talk_message)'에 동의해 주세요."),
        )
    if code == -401 or answer.status == 401:
        return _login(str(code))
    return p.RejectedError(_("카카오가 메시지를 받아들이지 않았습니다 ({code}).").format(code=code or answer.status))


def _login(code: str) -> p.CredentialError:
    return p.CredentialError(
        _("카카오 로그인이 끊겼습니다 ({code}).").format(code=code),
        code="login",
        hint=_("운영 담당자가 다시 로그인해 refresh token을 새로 넣어 주세요."),
    )


# --- the message -----------------------------------------------------------------------------------------------


def _template(options: Options, rendering: p.Rendering) -> dict[str, Any]:
    """Return the template object: a list of two or three stories, else a text."""
    report = next((a.body for a in rendering.artifacts if a.media_type == REPORT), b"")
    if report:
        return _text_template(options, str(json.loads(report).get("text") or ""))
    bubble = _bubbles.bubble(rendering)
    contents = list(_contents(bubble))[:_CONTENTS]
    if len(contents) < 2:
        return _text_template(options, str(bubble["text"] or bubble["header"]))
    return {
        "object_type": "list",
        "header_title": _fit(str(bubble["header"] or contents[0]["title"]), _TITLE),
        "header_link": _link(options.link),
        "contents": contents,
        "buttons": [{"title": _("전체 보기"), "link": _link(options.link)}],
    }


def _text_template(options: Options, text: str) -> dict[str, Any]:
    return {
        "object_type": "text",
        "text": _fit(text, _TEXT),
        "link": _link(options.link),
        "button_title": _("자세히 보기"),
    }


def _contents(bubble: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in bubble["items"]:
        yield {"title": item["title"], "link": _link(item["link"])}
    for card in bubble["cards"]:
        title, _break, rest = card["text"].partition("\n")
        yield {"title": title, "description": rest or card["header"], "link": _link(card["link"])}


def _link(link: str) -> dict[str, str]:
    return {"web_url": link, "mobile_web_url": link}


def _fit(text: str, limit: int) -> str:
    return trim(text, limit, length=lambda part: len(part.encode("utf-16-le", "replace")) // 2)


# --- the login -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tokens:
    """The operator's login: an access token of six hours, renewed by a refresh token that Kakao now and then replaces."""

    options: Options
    http: p.Http

    def access(self) -> str:
        """Return an access token that is good for some minutes yet. Raises as ``renewed``."""
        kept = self._kept()
        until = kept.get("until")
        if kept.get("access") and until and datetime.fromisoformat(until) > self.http.now() + _EARLY:
            return str(kept["access"])
        return self.renewed()

    def renewed(self) -> str:
        """Return a new access token; what Kakao gave is on the disk before anything uses it.

        Raises:
            CredentialError: The refresh token is dead, or the app's keys are refused.
            DeliveryError: Kakao cannot be reached; nothing was sent.
        """
        refresh = str(self._kept().get("refresh") or self.options.refresh_token.value)
        form = {"grant_type": "refresh_token", "client_id": self.options.client_id.value, "refresh_token": refresh}
        if self.options.client_secret is not None:
            form["client_secret"] = self.options.client_secret.value
        url = f"{self.options.auth_url.rstrip('/')}/oauth/token"
        try:
            answer = _calls.call(
                self.http, url, "POST", headers={"Content-Type": _calls.FORM_TYPE}, body=urlencode(form).encode()
            )
        except p.UnknownOutcomeError as error:  # only a token: no message left
            raise p.DeliveryError(error.message, code="connect") from error
        if answer.status >= 400 or not answer.text("access_token"):
            raise _login(answer.text("error_code") or answer.text("error") or str(answer.status))
        given = answer.text("refresh_token")
        if not given or _CUT in given:  # absent: the old one stays good; cut out at the door: it is the one we know
            given = refresh
        lives = timedelta(seconds=float(answer.body.get("expires_in") or 0))
        self._keep(
            {
                "of": self._first(),
                "refresh": given,
                "access": answer.text("access_token"),
                "until": (self.http.now() + lives).isoformat(),
            }
        )
        return answer.text("access_token")

    def _first(self) -> str:
        """Name the login the operator gave: a new one in the environment wins over what was kept of an old one."""
        return sha256(self.options.refresh_token.value.encode()).hexdigest()[:16]

    def _kept(self) -> Mapping[str, Any]:
        try:
            told = json.loads(Path(self.options.token_file).read_bytes())
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) and told.get("of") == self._first() else {}

    def _keep(self, told: Mapping[str, Any]) -> None:
        path = Path(self.options.token_file)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside = path.with_name(f".{path.name}.new")
            aside.unlink(missing_ok=True)
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(_calls.as_json(told))
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
            sync_folder(path.parent)
        except OSError as error:
            message = _("카카오 토큰을 저장하지 못했습니다: {file}").format(file=path)
            raise p.DeliveryError(message, code="token-file") from error
