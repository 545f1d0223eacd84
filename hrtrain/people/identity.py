"""What identifies a person: the national ID, matched but never kept, and the own access code."""

import hashlib
import hmac
from base64 import b32encode
from secrets import token_bytes


def national_id_hash(national_id: str, secret_key: str) -> str:
    """The keyed hash of a national ID; empty for none. Another key gives another hash."""
    if not national_id:
        return ""
    key = hashlib.sha256(b"hrtrain national id\0" + secret_key.encode()).digest()
    return hmac.new(key, national_id.encode(), hashlib.sha256).hexdigest()


def new_access_code() -> str:
    """The code of a person's own link: 80 random bits in sixteen letters and digits."""
    return b32encode(token_bytes(10)).decode().lower()
