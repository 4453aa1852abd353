"""The back office beside the phone, as its staff use it."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class BackOffice:
    page: Page

    def review(self) -> "BackOffice":
        self.page.get_by_test_id("office-tab").click()
        self.page.get_by_test_id("office-review-tab").click()
        return self

    def applications(self) -> "BackOffice":
        self.page.get_by_test_id("office-tab").click()
        self.page.get_by_test_id("office-applications-tab").click()
        return self

    def tickets(self) -> "BackOffice":
        self.page.get_by_test_id("office-tab").click()
        self.page.get_by_test_id("office-tickets-tab").click()
        return self

    def website(self) -> "BackOffice":
        self.page.get_by_test_id("office-tab").click()
        self.page.get_by_test_id("office-website-tab").click()
        return self

    def events(self) -> Locator:
        self.page.get_by_test_id("office-tab").click()
        self.page.get_by_test_id("office-events-tab").click()
        return self.page.get_by_test_id("office-event")

    def card(self, number: str) -> Locator:
        """Of whatever it is; it comes by itself, when the worker has handed it over."""
        kinds = ("review-card", "ticket-card", "application-card")
        cards = self.page.locator(", ".join(f'[data-testid="{kind}"]' for kind in kinds))
        card = cards.filter(has_text=number)
        expect(card).to_be_visible(timeout=15_000)
        return card

    def send_back(self, number: str, reason: str, words: str) -> None:
        card = self.card(number)
        card.get_by_test_id("review-reason").select_option(label=reason)
        card.get_by_test_id("review-text").fill(words)
        card.get_by_test_id("review-reject").click()
        expect(self.result).to_contain_text(f"{number} 已退回")

    def return_application(self, number: str, reason: str, words: str) -> None:
        card = self.card(number)
        card.get_by_test_id("application-reason").select_option(label=reason)
        card.get_by_test_id("application-text").fill(words)
        card.get_by_test_id("application-return").click()
        expect(self.decided).to_contain_text(f"{number} 已退回")

    def approve_application(self, number: str) -> None:
        self.card(number).get_by_test_id("application-approve").click()
        expect(self.decided).to_contain_text(f"{number} 已批准")

    def advance(self, number: str, stage: str, promised: str = "") -> None:
        card = self.card(number)
        card.get_by_test_id("application-stage").select_option(label=stage)
        card.get_by_test_id("application-promised").fill(promised)
        card.get_by_test_id("application-advance").click()

    def accept(self, number: str) -> None:
        self.card(number).get_by_test_id("review-accept").click()
        expect(self.result).to_contain_text(f"{number} 已通过")

    def move(self, number: str, step: str, words: str = "") -> None:
        """`step` as its button says: 派单, 出发 …"""
        card = self.card(number)
        card.get_by_test_id("ticket-text").fill(words)
        card.get_by_role("button", name=step, exact=True).click()

    @property
    def decided(self) -> Locator:
        """What came of the last application."""
        return self.page.get_by_test_id("applications-result")

    @property
    def result(self) -> Locator:
        return self.page.get_by_test_id("office-result")
