"""AES of the message channel: WeRoBot's cipher, with the checks it leaves out.

Enters: base64 ciphertext or XML. Leaves: XML bytes or base64 ciphertext. Called by `bot.gate`.
"""

import base64
import binascii
import hmac
import os
import struct

from werobot.crypto import PrpCrypto

BLOCK = 32


class Undecipherable(Exception):
    """Not a ciphertext for this key and AppID. Carries nothing of the text."""


class MessageCipher(PrpCrypto):  # type: ignore[misc]  # WeRoBot has no type hints
    def __init__(self, encoding_aes_key: str, appid: str) -> None:
        super().__init__(base64.b64decode(encoding_aes_key + "="))
        self._appid = appid.encode()

    def open(self, ciphertext: bytes) -> bytes:
        """The XML inside; every byte of padding, the length and the AppID are checked."""
        try:
            sealed = base64.b64decode(ciphertext, validate=True)
            decryptor = self.cipher.decryptor()
            plain: bytes = decryptor.update(sealed) + decryptor.finalize()
        except (binascii.Error, ValueError) as error:
            raise Undecipherable("not whole AES blocks in base64") from error
        pad = plain[-1] if plain else 0
        if not 1 <= pad <= BLOCK or len(plain) < 20 + pad or plain[-pad:] != bytes([pad]) * pad:
            raise Undecipherable("wrong padding")
        (length,) = struct.unpack_from(">I", plain, 16)
        xml, appid = plain[20 : 20 + length], plain[20 + length : -pad]
        if len(xml) != length or not hmac.compare_digest(appid, self._appid):
            raise Undecipherable("not for this AppID")
        return xml

    def close(self, xml: str) -> str:
        sealed: bytes = self.encrypt(xml, self._appid)
        return sealed.decode()

    def get_random_string(self) -> bytes:
        # WeRoBot draws 16 letters one by one, which costs more than the encryption itself.
        return os.urandom(16)
