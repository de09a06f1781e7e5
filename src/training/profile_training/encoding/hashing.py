"""The hash of ids and texts. Its twin in the service is StableHash.cs."""

MASK = (1 << 64) - 1


def hash64(text: str) -> int:
    """FNV-1a over the UTF-8 bytes, then the finalizer of MurmurHash3, so that the low bits are good."""
    h = 0xCBF29CE484222325
    for byte in text.encode("utf-8"):
        h = ((h ^ byte) * 0x100000001B3) & MASK
    h ^= h >> 33
    h = (h * 0xFF51AFD7ED558CCD) & MASK
    h ^= h >> 33
    h = (h * 0xC4CEB9FE1A85EC53) & MASK
    return h ^ (h >> 33)
