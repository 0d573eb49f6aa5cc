"""How the steps of a table stand on a page."""

from itertools import groupby


def lines_of(steps, form):
    """The steps that stand beside each other, with the field of the form that goes along: [(field, steps)]."""
    lines = [list(line) for _name, line in groupby(steps, key=lambda step: step.line or (step.name, step.label))]
    return [(form[line[0].needs] if line[0].needs else None, line) for line in lines]
