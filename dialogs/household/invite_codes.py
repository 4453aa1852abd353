"""Codes of invitations 邀请码: eight letters and digits without look-alikes, told once.

Kept is only their fingerprint. A code holds at least two letters and two digits, so that a name, a
number or a word is never taken for one.
"""

import hashlib
import itertools
import re

from dialogs.engine.definition import Turn

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 8
_HALF = f"[{ALPHABET}]{{4}}"
_FORM = rf"(?=(?:\D*\d){{2}})(?=(?:[^a-z]*[a-z]){{2}}){_HALF}[-_]?{_HALF}$"
_LABEL = r"(?:我的)?(?:家人)?(?:邀请码|加入家人)(?:是|为)?[:：]?"
_CODE, _LABELLED = re.compile(_FORM), re.compile(f"^{_LABEL}")
HEARS = re.compile(f"^(?:{_LABEL})?{_FORM}")


def fresh(turn: Turn) -> str:
    """The same for the same answer, so that a message that is replayed is told the same code; and
    without our key nobody can work it out."""
    for salt in itertools.count():
        secret = turn.ask.secrets.fingerprint(f"invite:{turn.key}:{salt}")
        number = int.from_bytes(hashlib.sha256(secret.encode()).digest())
        letters = []
        for _ in range(LENGTH):
            number, place = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[place])
        code = "".join(letters)
        if _CODE.match(code):
            return code
    raise AssertionError("count() never ends")


def shown(code: str) -> str:
    """As people read and say it: K7MP 2QX9."""
    return f"{code[:4]} {code[4:]}".upper()


def as_code(text: str) -> str:
    """A code in any spacing, with or without the word for it; '' for what is none."""
    bare = _LABELLED.sub("", re.sub(r"[\s.·,，。]+", "", text.lower()))
    return re.sub(r"[-_]", "", bare) if _CODE.match(bare) else ""
