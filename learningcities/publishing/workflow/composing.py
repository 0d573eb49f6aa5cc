"""How one wish is laid into a draft that wishes other things as well."""

from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import diff, patched


def composed(patch, live, key, value, lost=None):
    """A draft's patch in which one key comes to say something else, and all others what they said.

    Its *before* is the live value, unless the draft has one already: that is what its author knew. What the page says
    anyway is no wish. `lost`: what the row said before it was removed, where the key is of a row that isn't there.
    """
    place = place_of(key)
    mine = {other: sides for other, sides in patch.items() if place_of(other) == place}
    shown = {place: live[place]} if place in live else {}
    if lost and place not in live | patch:
        shown[place] = lost
    shown = patched(shown, mine)
    if place != key:
        # A field of a row that the draft removes, or someone else has: the row comes back with it.
        shown.setdefault(place, live.get(place) or lost or {})
    wanted = patched(shown, {key: [None, value]})
    wish = diff({place: live[place]} if place in live else {}, wanted)
    known = befores(mine)
    rest = {other: sides for other, sides in patch.items() if other not in mine}
    return rest | {other: [known.get(other, before), after] for other, (before, after) in wish.items()}


def place_of(key):
    """What is composed as a whole: the row of a part, or a field of the item itself."""
    return PatchKey.parse(key).row or key


def befores(patch):
    """What the author of a patch knew of each key, of a whole row also by its fields."""
    known = {key: before for key, (before, _after) in patch.items()}
    for key, row in list(known.items()):
        if isinstance(row, dict):
            known |= {PatchKey.parse(key).of_field(name): value for name, value in row.items()}
    return known
