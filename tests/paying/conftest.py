import pytest

from tests.paying.house import House


@pytest.fixture
def house() -> House:
    return House()
