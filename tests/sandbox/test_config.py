"""What a sandbox refuses to start with."""

from dataclasses import replace

import pytest

from sandbox.config import Mode, SandboxConfig


def test_the_mode_may_be_given_as_its_name(config: SandboxConfig) -> None:
    assert replace(config, mode="safe").mode is Mode.SAFE  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"server_url": "https://water.example"}, "plain http"),
        ({"server_url": "http://127.0.0.1:1/"}, "without a slash"),
        ({"aes_key": "short"}, "5 characters instead of 43"),
        ({"mode": Mode.SAFE, "aes_key": ""}, "0 characters instead of 43"),
        ({"mode": "compatible"}, "compatible"),
    ],
)
def test_what_cannot_work_is_refused_with_a_remedy(
    config: SandboxConfig, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        replace(config, **changes)  # type: ignore[arg-type]


def test_secrets_do_not_show_in_the_representation(config: SandboxConfig) -> None:
    shown = repr(config)
    assert not any(s in shown for s in (config.secret, config.token, config.aes_key))
