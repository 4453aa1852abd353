"""`waterdesk templates`: the wording of replies, cards and menu, for customer service to check."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.settings import HOUSE, load_settings, read_env_file

templates = typer.Typer(no_args_is_help=True, help="The wording of replies and cards.")
out = Console(highlight=False, soft_wrap=True)
Folder = Annotated[
    Path | None,
    typer.Option("--folder", help="The templates folder; else WATERDESK_TEMPLATES_DIR."),
]


@templates.command("check")
def check(folder: Folder = None) -> None:
    """Render every reply and card with its samples; exit code 1 names what is wrong."""
    from bot.wording.check import problems

    wrong = problems(folder or _templates_folder())
    for problem in wrong:
        out.print(problem, style="red", markup=False)
    well = "回复、卡片、词语和菜单都没有问题 (all replies, cards, words and menu entries are well)"
    out.print(f"共 {len(wrong)} 处要改 (problems)" if wrong else well)
    raise typer.Exit(1 if wrong else 0)


@templates.command("preview")
def preview(folder: Folder = None, output: Path = Path("preview.html")) -> None:
    """Write one HTML page with every reply as a phone bubble, and every card."""
    from bot.wording.cards import Cards
    from bot.wording.preview import page
    from bot.wording.templates import TemplateFiles
    from bot.wording.words import read_contract, read_values, read_wording

    where = folder or _templates_folder()
    contract, values = read_contract(where), read_values(where)
    left_out: list[str] = []
    files = TemplateFiles(
        where,
        contract,
        values,
        lambda name, fault: left_out.append(fault.told(f"replies/{name}.j2")),
    )
    cards = Cards(where, contract, values, monotonic=time.monotonic, report=left_out.append)
    shown = page(files.preview(), read_wording(where).titles, cards.preview())
    output.write_text(shown, encoding="utf-8")
    for problem in left_out:
        out.print(problem, style="red", markup=False)
    out.print(f"wrote {output}", markup=False)


@templates.command("ids")
def ids() -> None:
    """Ask WeChat for the account's message templates: which id belongs to which card."""
    from bot.parts import push_messages_of, wechat_by_itself
    from bot.wording.card_files import paths, read
    from bot.wording.card_ids import paired

    settings = load_settings(os.environ, env_file=Path(".env"))
    cards = [read(path) for path in paths(settings.templates_dir)]
    wechat = wechat_by_itself(settings, monotonic=time.monotonic)
    listed = push_messages_of(wechat).templates()
    pairs = list(paired(cards, listed))
    for pair in pairs:
        title = f"{pair.card.name:11} {pair.card.title}"
        out.print(f"{title}: {pair.fits.template_id if pair.fits else '没有 (none)'}", markup=False)
        if pair.fits is None:
            keys = (f"{label} {key}" for key, label in pair.card.labels.items())
            out.print(f"            要有 (needs): {', '.join(keys)}", markup=False)
        for near in pair.near:
            found = f"{near.template_id} {near.title}: {', '.join(near.keys)}"
            out.print(f"            相近 (near): {found}", markup=False)
    known = (f"{pair.card.name}:{pair.fits.template_id}" for pair in pairs if pair.fits)
    out.print(f"WATERDESK_PUSH_TEMPLATES={','.join(known)}", markup=False)


def _templates_folder() -> Path:
    """As the service would find it; customer service need not have its other settings."""
    given = {**read_env_file(Path(".env")), **os.environ}.get("WATERDESK_TEMPLATES_DIR")
    return Path(given) if given else HOUSE / "templates"
