"""The platform's judgement of an answer: what the citizen will see, nothing, or the fault text."""

from dataclasses import dataclass
from enum import StrEnum
from xml.etree.ElementTree import Element

from sandbox import crypto
from sandbox.actions import Bubble
from sandbox.config import Mode, SandboxConfig
from sandbox.transport import HttpAnswer
from sandbox.xml import XmlRefused, parse, text_of

TEXT_LIMIT_BYTES = 2048
_ARTICLES_TO_A_MESSAGE = 1
_ARTICLES_TO_AN_EVENT = 8


class Judgement(StrEnum):
    ANSWERED = "answered"
    SILENT = "silent"
    REFUSED = "refused"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class Verdict:
    """UNDELIVERED is delivered again, REFUSED is not. `transfer`: hand over to the desk."""

    judgement: Judgement
    problem: str = ""
    clear: str = ""
    bubbles: tuple[Bubble, ...] = ()
    transfer: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as far as the answer must fit it. `encrypted_with` is "" in plain mode."""

    openid: str
    is_message: bool
    encrypted_with: str


class _Refused(ValueError):
    def __init__(self, problem: str, clear: str = "") -> None:
        super().__init__(problem)
        self.clear = clear


def judge(answer: HttpAnswer, question: Question, config: SandboxConfig) -> Verdict:
    if answer.status is None:
        return Verdict(Judgement.UNDELIVERED, answer.problem)
    if answer.status != 200:
        return Verdict(Judgement.UNDELIVERED, f"HTTP {answer.status} instead of 200")
    if answer.body in (b"", b"success"):
        return Verdict(Judgement.SILENT, clear=answer.body.decode())
    clear = ""
    try:
        clear = _text(answer.body)
        if config.mode is Mode.SAFE and question.encrypted_with:
            clear = _decrypt(clear, question.encrypted_with, config)
        return _understand(parse(clear), clear, question, config)
    except (XmlRefused, _Refused, crypto.CryptoError) as error:
        return Verdict(Judgement.REFUSED, str(error), clear)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Refused(f"not UTF-8: {error.reason} at byte {error.start}") from error


def _decrypt(body: str, aes_key: str, config: SandboxConfig) -> str:
    root = parse(body)
    sealed = text_of(root, "Encrypt")
    if not sealed:
        raise _Refused("plain XML in safe mode: every reply must be encrypted")
    stamp = text_of(root, "TimeStamp") or ""
    nonce = text_of(root, "Nonce") or ""
    expected = crypto.signature(config.token, stamp, nonce, sealed)
    if text_of(root, "MsgSignature") != expected:
        raise _Refused("MsgSignature does not fit token, TimeStamp, Nonce and Encrypt")
    opened = crypto.unseal(sealed, aes_key)
    if opened.appid != config.appid:
        raise _Refused("the reply's ciphertext names another AppID")
    return _text(opened.content)


def _understand(root: Element, clear: str, question: Question, config: SandboxConfig) -> Verdict:
    if text_of(root, "ToUserName") != question.openid:
        raise _Refused("ToUserName is not the citizen's openid (To and From swapped?)")
    if text_of(root, "FromUserName") != config.account_id:
        raise _Refused("FromUserName is not the account's original id")
    if not (text_of(root, "CreateTime") or "").isdigit():
        raise _Refused("CreateTime is not a whole number of seconds")
    kind = text_of(root, "MsgType") or ""
    if kind == "transfer_customer_service":
        if not question.is_message:
            raise _Refused("transfer_customer_service answers messages only, not events")
        return Verdict(Judgement.ANSWERED, clear=clear, transfer=True)
    return Verdict(Judgement.ANSWERED, clear=clear, bubbles=_bubbles(kind, root, question))


def _bubbles(kind: str, root: Element, question: Question) -> tuple[Bubble, ...]:
    if kind == "text":
        return (Bubble("text", {"text": _content(root)}),)
    if kind in ("image", "voice", "video"):
        media_id = text_of(root, f"{kind.capitalize()}/MediaId")
        if not media_id:
            raise _Refused(f"a reply of type {kind} without MediaId")
        return (Bubble("image" if kind == "image" else "voice", {"media_id": media_id}),)
    if kind == "music":
        title = text_of(root, "Music/Title") or "音乐"
        return (_card(title, root.find("Music"), "MusicUrl"),)
    if kind == "news":
        return _articles(root, question)
    raise _Refused(f"MsgType {kind or 'missing'} is no passive reply")


def _content(root: Element) -> str:
    content = text_of(root, "Content")
    if not content or not content.strip():
        raise _Refused("empty Content")
    size = len(content.encode())
    if size > TEXT_LIMIT_BYTES:
        raise _Refused(f"Content of {size} bytes, the limit is {TEXT_LIMIT_BYTES}")
    return content


def _articles(root: Element, question: Question) -> tuple[Bubble, ...]:
    items = root.findall("Articles/item")
    count = text_of(root, "ArticleCount") or ""
    if not items or count != str(len(items)):
        raise _Refused(f"ArticleCount says {count or 'nothing'}, there are {len(items)} items")
    shown = _ARTICLES_TO_A_MESSAGE if question.is_message else _ARTICLES_TO_AN_EVENT
    return tuple(_card(text_of(item, "Title") or "", item, "Url") for item in items[:shown])


def _card(title: str, item: Element | None, url: str) -> Bubble:
    def read(name: str) -> str:
        return (text_of(item, name) or "") if item is not None else ""

    return Bubble(
        "news",
        {
            "title": title,
            "description": read("Description"),
            "url": read(url),
            "pic_url": read("PicUrl"),
        },
    )
