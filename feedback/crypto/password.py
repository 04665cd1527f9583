"""Hash and check the one password a team shares for its dashboards, which show releases only."""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from feedback.crypto.passphrase import SALT_BYTES, Cost

TEAM = Cost(memory_kib=64 * 1024)  # RFC 9106, second recommended option: about 0.1 s
_PHC = re.compile(r"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$[\w+/]+\$[\w+/]{43}")
# many sign-ins at once would otherwise take 64 MiB each; waiting also slows guessing down
_ONE_AT_A_TIME = threading.Lock()


def hash_password(text: str, *, cost: Cost = TEAM) -> str:
    """Return a PHC string (``$argon2id$v=19$m=…``) to be kept instead of the password."""
    kdf = Argon2id(
        salt=secrets.token_bytes(SALT_BYTES),
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    with _ONE_AT_A_TIME:
        return kdf.derive_phc_encoded(_encode(text))


def password_fits(text: str, stored: str) -> bool:
    """Return whether ``text`` is the password, in constant time; nothing fits a malformed one."""
    found = _PHC.fullmatch(stored)
    if not found:
        return False
    try:
        Cost(*map(int, found.groups()))
        with _ONE_AT_A_TIME:
            Argon2id.verify_phc_encoded(_encode(text), stored)
    except (InvalidKey, ValueError, MemoryError):
        return False
    return True


def _encode(text: str) -> bytes:
    """Return a password as it is hashed: NFKC, so that every keyboard means the same letters."""
    return unicodedata.normalize("NFKC", text).encode("utf-8", "surrogatepass")
