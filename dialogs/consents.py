"""Consent 同意, asked once for each purpose. Identity papers are sensitive data: the law wants a
consent of their own 单独同意, so none of these includes another."""

from backends.ports import ConsentGiven
from dialogs.engine.definition import Go, Step, Turn
from dialogs.engine.readers import choice

BIND_ACCOUNT, REAL_NAME, CONNECTION = CONSENTS = ("bind_account", "real_name", "connection")


def given(turn: Turn, purpose: str) -> bool:
    """In the present version: after a change of its text it is asked for again."""
    return turn.ask.records.has_consent(turn.openid, purpose, turn.policy.consent_version)


def agreed(turn: Turn, purpose: str) -> ConsentGiven:
    return ConsentGiven(turn.openid, purpose, turn.policy.consent_version, turn.now)


def step(purpose: str, leads_to: str) -> Step:
    """Asks for it, then goes on to `leads_to`; who declines ends in the dialog's `declined`. Its
    words are the dialog's own (<dialog>/consent.j2). There is no way back behind it."""

    def decide(turn: Turn, answer: str) -> Go:
        if answer == "decline":
            return Go("declined")
        return Go("agreed", effects=(agreed(turn, purpose),), forget_path=True)

    return Step(
        reads=choice("agree", "decline"),
        decide=decide,
        leads_to={"agreed": leads_to, "declined": "declined"},
    )
