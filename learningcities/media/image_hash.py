"""Whether two photos show the same: a short fingerprint that another size or compression hardly changes."""

from PIL import Image

#: How many of its 64 bits may differ between two files of one photo.
TOLERANCE = 4


def fingerprint(file):
    """64 bits in hexadecimal: whether each part of the photo is brighter than the part beside it."""
    with file.open() as stored, Image.open(stored) as image:
        small = image.convert("L").resize((9, 8))
    parts = small.tobytes()
    bits = "".join(
        "1" if parts[9 * row + place] > parts[9 * row + place + 1] else "0" for row in range(8) for place in range(8)
    )
    return f"{int(bits, 2):016x}"


def are_alike(first, second):
    return (int(first, 16) ^ int(second, 16)).bit_count() <= TOLERANCE
