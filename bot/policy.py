"""What the utility has decided, as conversations need it: from the settings."""

from datetime import timedelta

from bot.pay_parts import pay_link_key
from bot.paying.links import order_links
from bot.settings import Settings
from dialogs.billing.tariff import Tariffs
from dialogs.engine.definition import Policy


def policy_of(settings: Settings, tariffs: Tariffs) -> Policy:
    return Policy(
        utility_name=settings.utility_name,
        hotline=settings.hotline,
        proof_factor=settings.proof_factor,
        account_no_digits=settings.account_no_digits,
        account_no_check=settings.account_no_check,
        proof_failures_allowed=settings.proof_failures_allowed,
        proof_lock=timedelta(hours=settings.proof_lock_hours),
        consent_version=settings.consent_version,
        accounts_per_citizen=settings.accounts_per_citizen,
        human_open=settings.human_open,
        human_close=settings.human_close,
        public_url=settings.public_url.rstrip("/"),
        takes_photos=bool(settings.data_key.get_secret_value()),
        takes_faults=bool(settings.hotline_url),
        takes_payments=settings.takes_payments,
        takes_documents=all(
            key.get_secret_value() for key in (settings.data_key, settings.csms_key)
        ),
        query_password=settings.query_password,
        website_url=settings.website_url.rstrip("/"),
        order_link=order_links(settings.public_url, pay_link_key(settings)),
        order_lives=timedelta(minutes=settings.pay_order_minutes),
        reading_days_before=settings.reading_days_before,
        reading_days_after=settings.reading_days_after,
        tariffs=tariffs,
    )
