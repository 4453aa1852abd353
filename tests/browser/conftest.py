"""Browser fixtures: a Chromium, a page whose script errors fail the test, the phone on it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.demo import Demo, DemoKeeper
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


OFTEN_ENOUGH_MS = 15_000
LATE = ("test_reminders.py", "test_stopping.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who lets weeks pass comes late: for the others the city's day is today. Who ends the demo
    comes last: after a restart the citizens' ids begin anew, and the leases of a worker that was
    killed have to run out before anybody is told anything."""
    names = {name: at for at, name in enumerate(LATE, start=1)}
    items.sort(key=lambda item: names.get(item.path.name, 0))


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

    def new_citizen(self, name: str) -> None:
        """Somebody who has just followed; the tests of one demo do not meet each other's."""
        self.page.get_by_test_id("new-citizen").click()
        self.page.get_by_label("名字").fill(name)
        self.page.get_by_role("button", name="添加").click()
        # Until then the phone is still in the hands of the one before, who may not follow either.
        held_by = self.page.get_by_test_id("citizen-select").locator("option:checked")
        expect(held_by).to_have_text(f"{name}（未关注）")
        self.follow()
        self.hears("欢迎关注")

    def bind(self, acct_no: str, owner: str) -> None:
        """As the owner, on WeChat alone."""
        self.say("绑定户号")
        self.hears("是否同意")
        self.tap_link("同意")
        self.hears("请输入10位户号")
        self.say(acct_no)
        self.hears("户主姓名")
        self.say(owner)
        self.hears("还有别的户号")
        self.tap_link("绑好了")
        self.hears("账单怎么给您")
        self.tap_link("只要微信账单")
        self.hears("请核对")
        self.tap_link("确认绑定")
        self.hears("绑定成功")

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
        """`what`: photo, camera, meter, pin, voice, file or link."""
        self.take_keyboard()
        self.page.get_by_test_id("attach").click()
        self.page.get_by_test_id(f"attach-{what}").click()

    def send_meter_photo(self, acct_no: str, fault: str, reading: int | None = None) -> None:
        """Picked from those that the sandbox draws; without `reading` the one it proposes."""
        self.attach("meter")
        sheet = self.page.get_by_role("dialog", name="水表照片")
        sheet.get_by_test_id("meter-account").fill(acct_no)
        expect(sheet.get_by_role("status")).to_contain_text("上次读数")
        if reading is not None:
            sheet.get_by_test_id("meter-reading").fill(str(reading))
        sheet.get_by_test_id(f"meter-{fault}").click()
        expect(sheet).to_have_count(0, timeout=20_000)

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

    def cards(self, *texts: str) -> Locator:
        """Template messages that say all of this."""
        found = self.page.locator('[data-testid="bubble"][data-kind="card"]')
        for text in texts:
            found = found.filter(has_text=text)
        return found

    def gets_card(self, *texts: str) -> Locator:
        """By itself, once the worker has come by. Answers the newest one that says all of this."""
        card = self.cards(*texts).last
        expect(card).to_be_visible(timeout=OFTEN_ENOUGH_MS)
        return card


@pytest.fixture
def phone(browser_page: Page) -> Phone:
    """Not opened yet: the test gives the address of its sandbox."""
    return Phone(browser_page)


@pytest.fixture(scope="session")
def demo_keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoKeeper]:
    keeper = DemoKeeper(tmp_path_factory.mktemp("demo"))
    yield keeper
    keeper.stop()


@pytest.fixture
def demo(demo_keeper: DemoKeeper, chromium: Browser) -> Demo:
    """`chromium` is asked first: without one, no demo is started in vain."""
    return demo_keeper.running()


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
