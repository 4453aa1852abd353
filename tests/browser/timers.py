"""The days that pass on the page, and the cron jobs that a timer would run."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

LONGEST_JOB_MS = 30_000


@dataclass(frozen=True, slots=True)
class Timers:
    page: Page

    def three_days_before(self, what: str, acct_no: str) -> None:
        """`what`: reading, the account's reading day; or due, when its newest bill falls due."""
        shown = self.page.locator("#clock time")
        today = shown.inner_text().split()[0]
        if not self.page.get_by_test_id("clock-account").is_visible():
            self.page.get_by_test_id("clock-jump").click()
        self.page.get_by_test_id("clock-account").fill(acct_no)
        self.page.get_by_test_id(f"clock-{what}").click()
        expect(shown).not_to_contain_text(today)
        expect(shown).to_contain_text("09:30")

    def run(self, job: str) -> str:
        """Answers what it printed."""
        self.page.get_by_test_id("jobs-tab").click()
        row = self.page.get_by_test_id(f"job-{job}")
        row.get_by_test_id(f"job-run-{job}").click()
        expect(row.get_by_role("status")).to_contain_text("运行：完成", timeout=LONGEST_JOB_MS)
        return row.locator("pre").inner_text()
