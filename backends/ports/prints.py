"""Whether two perceptual hashes are of the same picture. Used by the records and their double."""

# Of 256 bits. The same file saved again differs by a few; another photo of the same meter, held a
# little differently, by dozens (docs/photos.md has the measurements).
NEAR_BITS = 14


def same_picture(one: str, other: str) -> bool:
    if not one or len(one) != len(other):
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= NEAR_BITS
