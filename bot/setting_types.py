"""What the values of settings must look like, and what is said when they do not."""

import base64
import binascii
import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from backends.ports import ProofFactor


def _aes_key(value: SecretStr) -> SecretStr:
    key = value.get_secret_value()
    try:
        good = not key or (len(key) == 43 and len(base64.b64decode(key + "=")) == 32)
    except (binascii.Error, ValueError):
        good = False
    if not good:
        raise ValueError("must be the 43 letters and digits of EncodingAESKey in the console")
    return value


def _typed_factor(value: ProofFactor) -> ProofFactor:
    if value is ProofFactor.DOCUMENTS:
        raise ValueError("must be something that a citizen can type: papers go to customer service")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("must be a time zone such as Asia/Shanghai") from error
    return value


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9]{3,32}", value.get_secret_value()):
        raise ValueError("must be the 3 to 32 letters and digits of Token in the console")
    return value


def _template_ids(value: object) -> object:
    """card:id,card:id → the ids by the name of their card (templates/pushes/)."""
    if not isinstance(value, str):
        return value
    pairs = [pair.strip().split(":") for pair in value.split(",") if pair.strip()]
    if not all(len(pair) == 2 and all(part.strip() for part in pair) for pair in pairs):
        raise ValueError("must be pairs such as bill:ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY")
    return {card.strip(): template_id.strip() for card, template_id in pairs}


def _data_key(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < 32:
        raise ValueError("must be 32 or more random characters")
    return value


def _apiv3_key(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and len(value.get_secret_value().encode()) != 32:
        raise ValueError("must be the 32 characters of APIv3密钥 in the merchant's console")
    return value


# Their addresses may hold a password: never shown.
RedisUrl = Annotated[
    str, Field(pattern=r"^(rediss?|unix|redis\+(sentinel|cluster))://", repr=False)
]
DatabaseUrl = Annotated[str, Field(pattern=r"^\w+(\+\w+)?://", repr=False)]
ApiV3Key = Annotated[SecretStr, AfterValidator(_apiv3_key)]
DataKey = Annotated[SecretStr, AfterValidator(_data_key)]
Token = Annotated[SecretStr, AfterValidator(_token)]
QueryPassword = Literal["off", "optional", "required"]
TemplateIds = Annotated[dict[str, str], NoDecode, BeforeValidator(_template_ids)]
AesKey = Annotated[SecretStr, AfterValidator(_aes_key)]
Timezone = Annotated[str, AfterValidator(_timezone)]
TypedFactor = Annotated[ProofFactor, AfterValidator(_typed_factor)]
