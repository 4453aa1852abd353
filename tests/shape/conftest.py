"""The dialogs as they ship: shipped words, shipped templates."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from backends.ports import ProofFactor
from bot.paying.links import order_links
from bot.tariff_file import read_tariffs
from bot.wording.render import Renderer
from bot.wording.templates import TemplateFiles
from bot.wording.words import Contract, read_contract, read_values, read_wording
from dialogs import REGISTRY
from dialogs.engine import house
from dialogs.engine.definition import Policy
from dialogs.engine.house import House

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
POLICY = Policy(
    utility_name="滨河水务",
    hotline="962000",
    proof_factor=ProofFactor.OWNER_NAME,
    account_no_digits=10,
    account_no_check=False,
    proof_failures_allowed=5,
    proof_lock=timedelta(hours=24),
    consent_version=1,
    accounts_per_citizen=10,
    human_open=time(8, 30),
    human_close=time(17, 30),
    public_url="http://127.0.0.1:8000",
    takes_photos=True,
    takes_faults=True,
    takes_documents=True,
    takes_payments=True,
    order_lives=timedelta(minutes=15),
    order_link=order_links("http://127.0.0.1:8000", b"key"),
    query_password="optional",
    website_url="https://www.binhewater.example",
    reading_days_before=3,
    reading_days_after=1,
    tariffs=read_tariffs(ROOT / "deploy/tariffs.toml"),
)


@pytest.fixture(scope="session")
def contract() -> Contract:
    return read_contract(TEMPLATES)


@pytest.fixture(scope="session")
def files(contract: Contract) -> TemplateFiles:
    return TemplateFiles(TEMPLATES, contract, read_values(TEMPLATES))


@pytest.fixture(scope="session")
def renderer(files: TemplateFiles) -> Renderer:
    return Renderer(files, monotonic=lambda: 0.0)


@pytest.fixture(scope="session")
def shipped() -> House:
    return house.build(REGISTRY, read_wording(TEMPLATES), POLICY)
