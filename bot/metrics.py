"""Counters for /metrics. One object, made at start-up; every label has few values and no person."""

from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 4.5, 10.0)


class Metrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._messages = Counter(
            "waterdesk_messages",
            "Callbacks by kind and outcome",
            ["kind", "outcome"],
            registry=registry,
        )
        self._seconds = Histogram(
            "waterdesk_answer_seconds",
            "From callback to answer",
            buckets=BUCKETS_S,
            registry=registry,
        )
        self._dialogs = Counter(
            "waterdesk_dialogs",
            "Funnel: started step completed cancelled expired …",
            ["dialog", "event"],
            registry=registry,
        )
        self._failures = Counter(
            "waterdesk_apologies", "Apologies by template", ["template"], registry=registry
        )
        self._late = Counter(
            "waterdesk_late_answers",
            "Answers after the acknowledgement, by fate",
            ["fate"],
            registry=registry,
        )
        self._refused = Counter(
            "waterdesk_refused", "Requests the gate turned away", ["status"], registry=registry
        )
        self._breakers = Counter(
            "waterdesk_breaker_changes",
            "Circuit breakers by system and new state",
            ["system", "state"],
            registry=registry,
        )
        self._known: dict[tuple[str, str], Counter] = {}

    def message(self, kind: str, outcome: str, seconds: float) -> None:
        # `labels()` takes a lock and builds strings each time: the children are kept.
        child = self._known.get((kind, outcome))
        if child is None:
            child = self._known[kind, outcome] = self._messages.labels(kind, outcome)
        child.inc()
        self._seconds.observe(seconds)

    def dialog(self, dialog: str, event: str) -> None:
        self._dialogs.labels(dialog, event).inc()

    def failure(self, template: str) -> None:
        self._failures.labels(template).inc()

    def late(self, fate: str) -> None:
        self._late.labels(fate).inc()

    def refused(self, status: int) -> None:
        self._refused.labels(str(status)).inc()

    def breaker(self, system: str, state: str) -> None:
        self._breakers.labels(system, state).inc()
