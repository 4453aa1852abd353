"""What a turn says, as the text of a message: templates filled in, joined, cut into pages."""

from collections.abc import Callable, Sequence
from typing import Any

import jinja2

from bot.wording import pages
from bot.wording.environment import UNUSABLE
from bot.wording.templates import TemplateFiles
from dialogs.engine.reply import Say

MAX_KEPT = 1000


class TemplateBroken(Exception):
    """`template` cannot be rendered: its file, or the dialog that fills it, is wrong."""

    def __init__(self, template: str, why: str) -> None:
        super().__init__(f"templates/replies/{template}.j2: {why}")
        self.template = template


class Renderer:
    """`refresh_every_s`: how soon an edited file is taken up."""

    def __init__(
        self,
        files: TemplateFiles,
        *,
        monotonic: Callable[[], float],
        refresh_every_s: float = 5.0,
    ) -> None:
        self._files = files
        self._monotonic = monotonic
        self._refresh_every_s = refresh_every_s
        self._next_refresh_s = monotonic() + refresh_every_s
        self._kept: dict[tuple[object, ...], str] = {}

    def message(self, parts: Sequence[Say], before: str = "") -> tuple[str, ...]:
        """The pages of one message, each fit for a WeChat text. `before` goes ahead as it is."""
        texts = [before] if before else []
        texts.extend(self.text(say) for say in parts)
        return pages.split("\n\n".join(texts), self._page_hint)

    def text(self, say: Say) -> str:
        """TemplateBroken when it cannot be rendered."""
        if self._monotonic() >= self._next_refresh_s:
            self._next_refresh_s = self._monotonic() + self._refresh_every_s
            if self._files.refresh():
                self._kept.clear()
        name = say.template
        template = self._files.get(name)
        if template is None and say.default:
            name = say.default
            template = self._files.get(name)
        if template is None:
            raise TemplateBroken(name, "there is no good version of it")
        view = {key: say.view[key] for key in self._files.variables(name) if key in say.view}
        try:
            return self._filled(name, template, view)
        except UNUSABLE as error:
            raise TemplateBroken(name, f"{type(error).__name__}: {error}") from error

    def _filled(self, name: str, template: jinja2.Template, view: dict[str, Any]) -> str:
        """Most replies are said again and again with the same few values: those are kept."""
        key = (name, *view.items())
        try:
            kept = self._kept.get(key)
        except TypeError:  # a list of accounts or bills: this one is somebody's own
            return pages.tidy(template.render(view))
        if kept is None:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            kept = self._kept[key] = pages.tidy(template.render(view))
        return kept

    def _page_hint(self, page: int, count: int) -> str:
        return self.text(Say("common/page_hint", {"page": page, "pages": count}))
