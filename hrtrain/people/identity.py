"""National IDs are matched, never kept: a keyed hash and the last four digits stay."""

import hashlib
import hmac


def national_id_hash(national_id: str, secret_key: str) -> str:
    """The keyed hash of a national ID; empty for none. Another key gives another hash."""
    if not national_id:
        return ""
    key = hashlib.sha256(b"hrtrain national id\0" + secret_key.encode()).digest()
    return hmac.new(key, national_id.encode(), hashlib.sha256).hexdigest()
