"""`waterdesk check`: is each dependency reached, is each setting sane; and if not, what to do."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from backends.csms.adapter import open_csms
from backends.errors import BackendError, BackendUnavailable, WechatRejected
from backends.ports import Website
from backends.records.adapter import open_records
from backends.records.schema import pending
from backends.wechat.client import WechatClient
from backends.wechat.menu import get_menu
from bot.check_work import work_findings
from bot.finding import Finding
from bot.memory import Memory
from bot.parts import (
    csms_desk_of,
    feed_addresses,
    hotline_of,
    push_messages_of,
    website_of,
    wechat_of,
)
from bot.pay_check import pay_findings
from bot.redis_cache import RedisCache
from bot.redis_link import Link, MemoryLost
from bot.settings import Settings, unknown_names
from bot.staff_file import StaffFileError
from bot.tariff_file import TariffFileError, read_tariffs
from bot.wording.card_files import paths, read
from bot.wording.card_ids import misfits
from bot.wording.check import problems

PATIENCE_S = 5.0


def findings(
    settings: Settings, link: Link, environ: Mapping[str, str], now: datetime
) -> Iterator[Finding]:
    yield _finding("Redis", lambda: _ping(link, settings), "start it, or set WATERDESK_REDIS_URL")
    yield _finding(
        "CSMS exchange database",
        lambda: _ping_csms(settings),
        "check WATERDESK_CSMS_URL and the grants of docs/contracts/csms.md",
    )
    yield _finding(
        "CSMS exchange tables",
        lambda: csms_desk_of(settings).ping(),
        "check the tables and grants of docs/contracts/csms.md",
    )
    yield _own_database(settings)
    yield from work_findings(settings, now)
    yield _photos(settings)
    yield _papers(settings)
    yield _hotline(settings)
    yield from _website(settings)
    yield _tariffs(settings)
    yield from pay_findings(settings)
    yield from _wechat(settings, link)
    yield from _wording(settings)
    yield from _sanity(settings)
    if unknown := unknown_names(environ):
        yield Finding("settings", f"no such setting, misspelt? {', '.join(unknown)}")


def _finding(what: str, probe: Callable[[], None], remedy: str) -> Finding:
    try:
        probe()
    except (BackendError, OSError, ValueError, ImportError) as error:
        return Finding(what, f"{error}; {remedy}", grave=True)
    return Finding(what)


def _ping(link: Link, settings: Settings) -> None:
    try:
        Memory(link, settings.wechat_appid).ping()
    except MemoryLost as error:
        raise BackendUnavailable("redis", 0.0, str(error)) from error


def _ping_csms(settings: Settings) -> None:
    csms = open_csms(settings.csms_url, pool_size=1, statement_timeout_s=PATIENCE_S)
    try:
        csms.ping()
    finally:
        csms.close()


def _ping_records(settings: Settings) -> None:
    records = open_records(settings.database_url, pool_size=1, statement_timeout_s=PATIENCE_S)
    try:
        records.ping()
    finally:
        records.close()


def _own_database(settings: Settings) -> Finding:
    name = "own database"
    try:
        if pending(settings.database_url):
            return Finding(name, "its tables are not up to date: run `waterdesk db upgrade`", True)
    except (BackendError, OSError, ValueError, ImportError) as error:
        return Finding(name, f"{error}; check WATERDESK_DATABASE_URL", grave=True)
    return _finding(name, lambda: _ping_records(settings), "check WATERDESK_DATABASE_URL")


def _photos(settings: Settings) -> Finding:
    folder = settings.media_dir
    if not settings.data_key.get_secret_value():
        return Finding("photos", "off: set WATERDESK_DATA_KEY to take meter photos")
    place = next(one for one in (folder, *folder.absolute().parents) if one.is_dir())
    if os.access(place, os.W_OK):
        return Finding("photos")
    return Finding("photos", f"{folder} cannot be written: check WATERDESK_MEDIA_DIR", grave=True)


def _papers(settings: Settings) -> Finding:
    keys = (settings.data_key, settings.csms_key)
    if all(key.get_secret_value() for key in keys):
        return Finding("names and papers")
    remedy = "off: set WATERDESK_DATA_KEY and WATERDESK_CSMS_KEY to take them"
    return Finding("names and papers", remedy)


def _hotline(settings: Settings) -> Finding:
    if not settings.hotline_url:
        return Finding("hotline", "off: set WATERDESK_HOTLINE_URL to take fault reports")
    if not settings.hotline_secret.get_secret_value():
        return Finding("hotline", "WATERDESK_HOTLINE_SECRET is not set", grave=True)
    return _finding(
        "hotline",
        lambda: hotline_of(settings).ping(),
        "check WATERDESK_HOTLINE_URL and WATERDESK_HOTLINE_SECRET",
    )


def _website(settings: Settings) -> Iterator[Finding]:
    if not settings.website_url:
        yield Finding("website", "off: set WATERDESK_WEBSITE_URL to tell outages and water quality")
        return
    website = website_of(settings)
    for name in feed_addresses(settings):
        yield _feed(website, name)


def _feed(website: Website, name: str) -> Finding:
    """Never grave: what was read before is still told, with its time."""
    what, remedy = f"website, {name}", f"check WATERDESK_WEBSITE_{name.upper()}"
    try:
        left_out = website.fetch(name, None).left_out
    except BackendError as error:
        return Finding(what, f"{error}; {remedy}")
    odd = f"{left_out} items are not as docs/contracts/website.md has them" if left_out else ""
    return Finding(what, odd)


def _tariffs(settings: Settings) -> Finding:
    if settings.tariff_file is None:
        return Finding("tariffs", "off: set WATERDESK_TARIFF_FILE to explain prices and tiers")
    try:
        read_tariffs(settings.tariff_file)
    except TariffFileError as error:
        return Finding("tariffs", f"{error}; see docs/tariffs.md", grave=True)
    return Finding("tariffs")


def _wechat(settings: Settings, link: Link) -> Iterator[Finding]:
    """The token and the menu are read: AppID, secret, IP whitelist and rights in one go."""
    client = wechat_of(settings, RedisCache(link, settings.wechat_appid))
    try:
        menu = get_menu(client)
    except WechatRejected as error:
        yield Finding(
            "WeChat server API",
            f"{error}; check WECHAT_APPID, WECHAT_SECRET and the IP whitelist in the console",
            grave=True,
        )
    except BackendError as error:
        yield Finding("WeChat server API", f"{error}; check WATERDESK_WECHAT_API", grave=True)
    else:
        yield Finding("WeChat server API")
        yield Finding("menu", "" if menu else "none yet: run `waterdesk menu push`")
        yield _push_templates(settings, client)


def _push_templates(settings: Settings, client: WechatClient) -> Finding:
    """Never grave: what has no card goes out by chat."""
    what, see = "push templates", "see `waterdesk templates ids`"
    if not settings.push_templates:
        return Finding(what, f"WATERDESK_PUSH_TEMPLATES is not set, so by chat only: {see}")
    try:
        cards = [read(path) for path in paths(settings.templates_dir)]
        listed = push_messages_of(client).templates()
    except (BackendError, StaffFileError) as error:
        return Finding(what, f"{error}; {see}")
    wrong = "; ".join(misfits(cards, settings.push_templates, listed))
    return Finding(what, f"{wrong}; {see}" if wrong else "")


def _wording(settings: Settings) -> Iterator[Finding]:
    wrong = problems(settings.templates_dir)
    yield Finding("wording", "; ".join(wrong), grave=bool(wrong))


def _sanity(settings: Settings) -> Iterator[Finding]:
    if settings.wechat_mode == "plain":
        yield Finding(
            "message mode", "plain mode signs but does not hide messages: use safe mode in public"
        )
    if not settings.wechat_account_id:
        yield Finding(
            "account id",
            "WATERDESK_WECHAT_ACCOUNT_ID (gh_…) is not set: messages to others are not refused",
        )
    for name, shipped in (("hotline", "12345"), ("utility_name", "自来水公司")):
        if getattr(settings, name) == shipped:
            yield Finding(name, f"WATERDESK_{name.upper()} is not set: citizens read {shipped}")
    if settings.public_url.startswith("http://") and "127.0.0.1" not in settings.public_url:
        yield Finding("public address", "WATERDESK_PUBLIC_URL is not https")
