"""Browser fixtures: a Chromium, a page whose script errors fail the test, the phone on it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.toy_sandbox import toy_sandbox
from tests.browser.toy_server import ToyServer, toy_server

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    """A page in a context of its own. An uncaught error of its script fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, locale="zh-CN")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@dataclass(frozen=True, slots=True)
class Phone:
    """What a citizen does and sees. Every wait is playwright's own, for what must appear."""

    page: Page

    def open(self, base_url: str) -> "Phone":
        self.page.goto(f"{base_url}/sandbox/")
        expect(self.page.get_by_test_id("citizen-select")).not_to_be_empty()
        return self

    def follow(self) -> None:
        self.page.get_by_test_id("follow").click()
        expect(self.page.get_by_test_id("follow")).to_have_count(0)

    def say(self, text: str) -> None:
        self.take_keyboard()
        self.page.get_by_test_id("input").fill(text)
        self.page.get_by_test_id("send").click()

    def take_keyboard(self) -> None:
        if not self.page.get_by_test_id("input").is_visible():
            self.page.get_by_test_id("keyboard").click()

    def tap_menu(self, name: str, item: str | None = None) -> None:
        if not self.page.get_by_test_id("menu-button").first.is_visible():
            self.page.get_by_test_id("keyboard").click()
        self.page.get_by_test_id("menu-button").filter(has_text=name).click()
        if item is not None:
            self.page.get_by_test_id("submenu-item").filter(has_text=item, visible=True).click()

    def attach(self, what: str) -> None:
        """`what`: photo, camera, pin, voice, file or link."""
        self.take_keyboard()
        self.page.get_by_test_id("attach").click()
        self.page.get_by_test_id(f"attach-{what}").click()

    def send_photo(self, path: str) -> None:
        self.page.get_by_test_id("photo-file").set_input_files(path)

    def tap_link(self, label: str) -> None:
        self.bubbles("account").get_by_text(label, exact=True).last.click()

    def bubbles(self, who: str | None = None) -> Locator:
        """`who`: citizen, account, agent or system; all of them without."""
        all_of_them = self.page.get_by_test_id("bubble")
        if who is None:
            return all_of_them
        return self.page.locator(f'[data-testid="bubble"][data-who="{who}"]')

    def hears(self, text: str, timeout_ms: float = 8_000) -> None:
        """Waits until the account's newest bubble contains the text."""
        expect(self.bubbles("account").last).to_contain_text(text, timeout=timeout_ms)


@pytest.fixture
def phone(browser_page: Page) -> Phone:
    """Not opened yet: the test gives the address of its sandbox."""
    return Phone(browser_page)


@pytest.fixture
def toy() -> Iterator[ToyServer]:
    with toy_server() as toy:
        yield toy


@pytest.fixture
def toy_address(toy: ToyServer) -> Iterator[str]:
    with toy_sandbox(toy) as address:
        yield address


@pytest.fixture
def follower(phone: Phone, toy_address: str) -> Phone:
    """A citizen of the toy's sandbox who follows already."""
    phone.open(toy_address).follow()
    phone.hears("欢迎关注")
    return phone
