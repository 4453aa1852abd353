"""The parts that speak, made from the settings: conversations, replies, cards, content."""

from collections.abc import Callable

from backends.ports import Content
from bot.content_files import ContentFiles
from bot.policy import policy_of
from bot.settings import Settings
from bot.tariff_file import read_tariffs
from bot.wording import words
from bot.wording.cards import Cards
from bot.wording.render import Renderer
from bot.wording.templates import TemplateFiles
from dialogs import REGISTRY as DIALOGS
from dialogs.engine import house


def content_of(settings: Settings, *, monotonic: Callable[[], float]) -> Content:
    return ContentFiles(settings.templates_dir / "content", monotonic=monotonic)


def house_of(settings: Settings) -> house.House:
    spoken = words.read_wording(settings.templates_dir)
    return house.build(DIALOGS, spoken, policy_of(settings, read_tariffs(settings.tariff_file)))


def renderer_of(
    settings: Settings, *, monotonic: Callable[[], float], refresh_every_s: float = 5.0
) -> Renderer:
    folder = settings.templates_dir
    files = TemplateFiles(folder, words.read_contract(folder), words.read_values(folder))
    return Renderer(files, monotonic=monotonic, refresh_every_s=refresh_every_s)


def cards_of(settings: Settings, *, monotonic: Callable[[], float]) -> Cards:
    folder = settings.templates_dir
    contract, values = words.read_contract(folder), words.read_values(folder)
    return Cards(folder, contract, values, monotonic=monotonic)
