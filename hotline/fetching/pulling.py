"""Pulling: a call centre's system is asked for what is new, by GET, page by page.

`HOTLINE_PULL` names a TOML file, a table a channel: `url`, `token_file` (a file of mode 0600), `interval` in seconds,
and `office` where there are several. The request carries `Authorization: Bearer …` and, from the second on, `cursor=…`
in the query. The answer is any file that can be imported; its header `X-Next-Cursor` is the cursor of the next
request, and 204 says that there is nothing new. The cursor moves only after a page is registered. Redirects are
refused: the token must not travel to another address; so are hosts that lead inside this machine (`store.hosts`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from hotline.delivery.connecting import HostError, connection_to, whole_within
from hotline.errors import HotlineError, InvalidInputError
from hotline.fetching.taking import office_named, take
from hotline.intake.channels import get_channel
from hotline.store import taken
from hotline.store.hosts import fault_of_name
from hotline.store.taken import PullState, TakenState, Way

if TYPE_CHECKING:
    from http.client import HTTPResponse
    from pathlib import Path

    from hotline.services import Services

TIMEOUT_SECONDS = 20
"""How long a source may say nothing."""
ANSWER_SECONDS = 120
"""How long one page may take in all: the other sources wait for it."""
MOST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 20
"""Pages a turn, so that the next turn comes soon."""
LEAST_INTERVAL, USUAL_INTERVAL = 10, 60
LONGEST_CURSOR = 500
_NOTHING, _OK, _ELSEWHERE = 204, 200, range(300, 400)


@dataclass(frozen=True, slots=True)
class Source:
    """One endpoint of one channel."""

    channel: str
    url: str
    token_file: Path
    interval: int
    office: str = ""


class PullError(HotlineError):
    """The other side cannot be asked or did not answer well; the message holds neither address nor token."""


def read_sources(path: Path, *, local: bool = False) -> tuple[Source, ...]:
    """The sources of the file; `local` lets this machine itself be one.

    Raises:
        InvalidInputError: It cannot be read, or a source lacks something or leads where it may not.
    """
    try:
        loaded = tomllib.loads(path.read_text(encoding="utf-8"))
        sources = tuple(_source(code, data, path.parent) for code, data in loaded.items())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        message = f"拉取配置读不出来（{type(error).__name__}）。每个渠道写 url、token_file、interval，请改正。"
        raise InvalidInputError(message) from None
    for source in sources:
        if fault := fault_of_name(str(urlsplit(source.url).hostname), local=local):
            message = f"拉取配置中渠道 {source.channel} 的地址不能使用：{fault}。"
            raise InvalidInputError(message)
    return sources


def _source(code: str, data: dict[str, object], beside: Path) -> Source:
    url, interval = str(data["url"]), int(str(data.get("interval", USUAL_INTERVAL)))
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.fragment:
        raise ValueError
    return Source(
        code, url, beside / str(data["token_file"]), max(interval, LEAST_INTERVAL), str(data.get("office", ""))
    )


def pull_all(services: Services, path: Path) -> int:
    """Ask every source whose time has come; return how many pages were taken."""
    return sum(_pull(services, source) for source in read_sources(path, local=services.settings.local_targets))


def _pull(services: Services, source: Source) -> int:
    """Ask one source until it has nothing new; what is wrong stands on the administrator's page."""
    office_id = office_named(services, source.office)
    now = services.now()
    with services.read() as store:
        state = taken.pull_state(store.session, office_id, source.channel)
    if state is not None and now - state.asked_at < timedelta(seconds=source.interval):
        return 0
    state = state or PullState(office_id, source.channel, "", now, "")
    pages = 0
    try:
        get_channel(source.channel)
        while pages < MOST_PAGES:
            page = fetch(source, state.cursor, local=services.settings.local_targets)
            if page is None:
                break
            content, cursor = page
            line = take(
                services,
                content,
                office_id=office_id,
                channel=source.channel,
                way=Way.PULL,
                name=f"cursor={state.cursor}",
            )
            if line.state == TakenState.REFUSED:
                raise PullError(line.problem)
            pages += 1
            if not cursor or cursor == state.cursor:
                break
            state = _kept(services, replace(state, cursor=cursor, asked_at=now, problem=""))
    except HotlineError as error:
        _kept(services, replace(state, asked_at=now, problem=error.message))
    else:
        _kept(services, replace(state, asked_at=now, problem=""))
    return pages


def _kept(services: Services, state: PullState) -> PullState:
    with services.write() as store:
        taken.keep_pull_state(store.session, state)
    return state


def fetch(source: Source, cursor: str, *, local: bool = False) -> tuple[bytes, str] | None:
    """One page and the cursor of the next, None where there is nothing new.

    Raises:
        PullError: The source does not answer, breaks off, redirects, refuses, or answers too slowly or with too much.
    """
    parts = urlsplit(source.url)
    query = "&".join(part for part in (parts.query, f"cursor={quote(cursor, safe='')}" if cursor else "") if part)
    target = (parts.path or "/") + (f"?{query}" if query else "")
    try:
        token = source.token_file.read_text(encoding="ascii").strip()
        connection = connection_to(parts, TIMEOUT_SECONDS, local=local)
        try:
            with whole_within(connection, ANSWER_SECONDS):
                connection.request("GET", target, headers={"Authorization": f"Bearer {token}", "User-Agent": "hotline"})
                answer = connection.getresponse()
                content = answer.read(MOST_BYTES + 1)
            _check_whole(answer, content)
            status, following = answer.status, answer.getheader("X-Next-Cursor", "")
        finally:
            connection.close()
    except HostError as error:
        message = f"来源没有去取：{error}。"
        raise PullError(message) from None
    except TimeoutError:
        message = (
            f"来源太慢（{TIMEOUT_SECONDS} 秒没有回应，或一页超过 {ANSWER_SECONDS} 秒），下次再试。请在来源处分小页。"
        )
        raise PullError(message) from None
    except (OSError, HTTPException, ValueError) as error:
        message = f"连接来源失败（{type(error).__name__}），下次再试。"
        raise PullError(message) from None
    if status in _ELSEWHERE:
        message = f"来源要求跳转（{status}），没有跟随；请改成最终地址。"
        raise PullError(message)
    if status not in {_OK, _NOTHING}:
        message = f"来源没有给出数据（{status}），下次再试。"
        raise PullError(message)
    if len(content) > MOST_BYTES:
        message = "来源一次给出的数据超过 20 MB。请在来源处分页。"
        raise PullError(message)
    return None if status == _NOTHING or not content.strip() else (content, following[:LONGEST_CURSOR])


def _check_whole(answer: HTTPResponse, content: bytes) -> None:
    """Refuse a body shorter than its length says.

    The library is silent about that, and the cursor that came with half a page would leave the other half behind.

    Raises:
        PullError: It broke off.
    """
    if answer.length and len(content) <= MOST_BYTES:
        message = "来源的回答断在半途，这一页没有登记，下次重新取。"
        raise PullError(message)
