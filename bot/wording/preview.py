"""Every reply as a phone bubble, and every card, on one HTML page, for customer service to read
and print."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby

from bot.wording.card_files import CardFile
from bot.wording.cards import Card

_LINK = re.compile(r'<a href="[^"]*">(.*?)</a>')
_STYLE = """
body{font:16px/1.6 system-ui,"Noto Sans CJK SC","PingFang SC",sans-serif;background:#ededed;
margin:0;padding:24px;color:#111}
h1{font-size:22px}h2{font-size:18px;margin:32px 0 8px}
.replies{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:16px}
figure{margin:0}figcaption{font:13px ui-monospace,monospace;color:#666;margin-bottom:4px}
.bubble{background:#fff;border-radius:6px;padding:10px 12px;white-space:pre-wrap;max-width:320px}
.bubble b{color:#576b95;font-weight:normal}.size{color:#999}
.card{background:#fff;border-radius:6px;padding:12px;max-width:320px}
.card p{margin:0 0 8px;font-weight:600}.card dl{display:grid;grid-template-columns:auto 1fr;
gap:2px 12px;margin:0}.card dt{color:#888}.card dd{margin:0;overflow-wrap:anywhere}
.card footer{margin-top:8px;padding-top:8px;border-top:1px solid #eee;color:#888}
"""


def page(
    replies: Iterable[tuple[str, str]],
    titles: Mapping[str, str],
    cards: Iterable[tuple[CardFile, str, Card]] = (),
) -> str:
    sections = []
    for dialog, group in groupby(replies, key=lambda reply: reply[0].split("/")[0]):
        bubbles = "\n".join(_bubble(name, text) for name, text in group)
        heading = escape(titles.get(dialog, "各处通用"))
        sections.append(f"<h2>{heading} <small>{escape(dialog)}</small></h2>")
        sections.append(f'<div class="replies">{bubbles}</div>')
    if drawn := "\n".join(_card(*one) for one in cards):
        sections.append(f'<h2>卡片 <small>pushes</small></h2><div class="replies">{drawn}</div>')
    return (
        f'<!doctype html>\n<html lang="zh-CN"><meta charset="utf-8"><title>回复预览</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>全部回复和卡片预览（样例数据）</h1>{''.join(sections)}</html>\n"
    )


def _bubble(name: str, text: str) -> str:
    words = escape(_LINK.sub("\x00\\1\x01", text)).replace("\x00", "<b>").replace("\x01", "</b>")
    size = f'<span class="size">{len(text.encode())} 字节</span>'
    caption = f"<figcaption>{escape(name)} {size}</figcaption>"
    return f'<figure>{caption}<div class="bubble">{words}</div></figure>'


def _card(file: CardFile, kind: str, card: Card) -> str:
    rows = "".join(
        f"<dt>{escape(file.labels[key])}</dt><dd>{escape(value)}</dd>"
        for key, value in card.data.items()
    )
    more = "<footer>详情 ›</footer>" if card.page else ""
    caption = f"<figcaption>{escape(file.name)} {escape(kind)}</figcaption>"
    title = f"<p>{escape(file.title)}</p>"
    return f'<figure>{caption}<div class="card">{title}<dl>{rows}</dl>{more}</div></figure>'
