"""What Jinja says of the usual slips, in words for whoever edits the template."""

import re

from bot.wording import filters

_PIECES = {
    "'end of print statement'": "'}}'",
    "'end of statement block'": "'%}'",
    "'end of template'": "'文件末尾'",
    "'string'": "'引号里的文字'",
}
_FILTERS = "、".join(filters.all_filters({}))
_AN_IF = "例如 {% if text %} … {% endif %}"
_SLIPS = (
    (r"'(\w+)' is undefined", r"没有变量 \1"),
    (r"has no (?:attribute|element) '?(\w+)'?", r"它里面没有 \1"),
    (r"the template '(.+?)' .* name '(\w+)'", r"\1 里没有 \2"),
    (r"there is no (\S+)", r"没有 \1 这个文件"),
    (
        r"No filter named '(\w+)'",
        rf"没有叫 \1 的过滤器；能用的有 {_FILTERS} 和 words.toml 的各个 [values] 表",
    ),
    (r"No test named '(\w+)'", r"is 后面不能写 \1"),
    (r"Unexpected end of template.* closed is '(\w+)'", r"{% \1 %} 没有结束，请补上 {% end\1 %}"),
    (
        r"unknown tag '(\w+)'.* closed is '(\w+)'",
        r"{% \1 %} 放错了地方：前面的 {% \2 %} 还没有用 {% end\2 %} 结束",
    ),
    (r"unknown tag 'end(\w+)'", r"多了 {% end\1 %}，前面没有 {% \1 … %}"),
    (r"unknown tag '(\w+)'", rf"不能写 {{% \1 %}}，{_AN_IF}"),
    (r"tag name expected", f"{{% %}} 里要写明做什么，{_AN_IF}"),
    (r"Missing end of comment", "注释 {# 没有用 #} 结束"),
    (r"unexpected end of template, expected '(.+)'", r"没有写完，少了 \1"),
    (r"(?:Expected an expression, got|unexpected) '([%}]})'", r"\1 前面没有写完，少了变量或文字"),
    (r"expected token 'name', got '(.+)'", r"\1 前面少了名称"),
    (r"expected token '(.+)', got '='", r"两样相比要写 =="),
    (r"expected token '(.+)', got '(.+)'", r"这里该写 \1，写的却是 \2"),
    (r"unexpected '}'$", "括号没有成对：变量是 {{ … }}，判断是 {% … %}"),
    (r"unexpected '(.+)', expected '(.+)'", r"括号没有成对：\1 前面少了 \2"),
    (r"unexpected '(.+)'", r"不该在这里写 \1"),
    (r"unexpected char [\"'](.+)[\"'] at", r"不能写 \1：引号要成对，标点要用英文的"),
    (r"object is not iterable", "{% for %} 只能用在列表上"),
    (r"unsupported operand|can only concatenate", "这两样算不到一起；要连成一句话，请用 ~"),
    (r"quick_reply\(\) missing", '要写两样，quick_reply("发出的话", "看到的字")'),
)


def in_chinese(said: str) -> str:
    """What Jinja says itself, where nothing better is known."""
    for piece, written in _PIECES.items():
        said = said.replace(piece, written)
    for slip, chinese in _SLIPS:
        if found := re.search(slip, said):
            return found.expand(chinese)
    return said
