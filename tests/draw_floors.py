"""Draw docs/floors.svg from the table of the floors and from the imports themselves: `make drawing`."""

from html import escape

from tests.architecture import PAGE, TOP, House, read_floors

DRAWING = TOP / "docs" / "floors.svg"
WIDTH, LEFT, CARD, NAME = 1020, 32, 788, 150
TOP_MARGIN, HEIGHT, ROOMS, GAP = 32, 46, 34, 12

BEGIN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %(width)s %(height)s" role="img">
  <title>The floors of the code: imports go down</title>
  <style>
    text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #4a5361 }
    .paper { fill: #fbfaf7 } .card { fill: #fff; stroke: #dcd8ce }
    .name { font: 600 14px ui-monospace, "SF Mono", Menlo, Consolas, monospace; fill: #1f2a37 }
    .room { fill: #f1eee6 } .room-name { font: 12.5px ui-monospace, "SF Mono", Menlo, Consolas, monospace }
    .arrow { fill: none; stroke: #2f7f86; stroke-width: 1.4; stroke-opacity: .6 } .head { fill: #2f7f86 }
    .up { stroke: #c0392b; stroke-width: 2.5; stroke-opacity: 1 }
    @media (prefers-color-scheme: dark) {
      text { fill: #a9b2bf } .paper { fill: #14181e } .card { fill: #1c222a; stroke: #323a45 }
      .name { fill: #eef1f5 } .room { fill: #28303a } .arrow { stroke: #6cc3c7 } .head { fill: #6cc3c7 }
      .up { stroke: #ff7b6b }
    }
  </style>
  <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">
    <path class="head" d="M0 0L8 4L0 8z"/>
  </marker>
  <rect class="paper" width="%(width)s" height="%(height)s" rx="16"/>"""


def group_of(package):
    """The package that a floor is drawn in: publishing and all that is in it are one card."""
    return ".".join(package.split(".")[:2])


def arrows(house):
    """(from, to) of the cards, without those that follow from others."""
    reached = {}
    for name, used in house.imported().items():
        groups = {group_of(house.floor(other).package) for other in used}
        group = group_of(house.floor(name).package)
        reached.setdefault(group, set()).update(groups - {group})
    direct = set()
    for group, used in reached.items():
        through = set().union(*(below(reached, other) for other in used)) if used else set()
        direct |= {(group, other) for other in used - through}
    return sorted(direct)


def below(reached, group):
    """All that a card stands on, however far down."""
    seen, waiting = set(), [group]
    while waiting:
        new = reached.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


def draw():
    floors = read_floors(PAGE.read_text())
    sentences = {floor.package: floor.sentence for floor in floors}
    cards = list(dict.fromkeys(group_of(floor.package) for floor in floors))
    boxes, y = {}, TOP_MARGIN
    for card in cards:
        rooms = [name for name in sentences if name.startswith(f"{card}.") and card != "learningcities"]
        height = HEIGHT + (ROOMS if rooms else 0)
        boxes[card] = (y, height, rooms)
        y += height + GAP
    drawn = [draw_card(card, sentences[card], *box) for card, box in boxes.items()]
    lines = [draw_arrow(boxes, *ends) for ends in arrows(House(TOP, floors))]
    height = y - GAP + TOP_MARGIN
    return "\n".join([BEGIN % {"width": WIDTH, "height": height}, *drawn, *lines, "</svg>\n"])


def draw_card(card, sentence, y, height, rooms):
    name = card.removeprefix("learningcities.")
    parts = [
        f'  <rect class="card" x="{LEFT}" y="{y}" width="{CARD}" height="{height}" rx="10"/>',
        f'  <text class="name" x="{LEFT + 18}" y="{y + 28}">{name}</text>',
        f'  <text x="{LEFT + NAME}" y="{y + 28}">{escape(sentence)}</text>',
    ]
    x = LEFT + NAME
    for room in rooms:
        word = room.removeprefix(f"{card}.")
        width = round(len(word) * 7.6) + 16
        parts.append(f'  <rect class="room" x="{x}" y="{y + HEIGHT - 5}" width="{width}" height="26" rx="6"/>')
        parts.append(f'  <text class="room-name" x="{x + 8}" y="{y + HEIGHT + 12}">{word}</text>')
        x += width + 6
    return "\n".join(parts)


def draw_arrow(boxes, source, goal):
    names = list(boxes)
    span = names.index(goal) - names.index(source)
    x, begin, end = LEFT + CARD, middle(boxes[source]) + 6, middle(boxes[goal]) - 6
    bend = x + 24 + 17 * abs(span)
    kind = "arrow" if span > 0 else "arrow up"
    return (
        f'  <path class="{kind}" marker-end="url(#head)" d="M{x} {begin}C{bend} {begin} {bend} {end} {x + 2} {end}">'
        f"<title>{source} imports {goal}</title></path>"
    )


def middle(box):
    y, height, _rooms = box
    return y + height / 2


if __name__ == "__main__":
    DRAWING.write_text(draw())
