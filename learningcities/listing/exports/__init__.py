"""Exports of a list: all rows that the visitor's filters leave, in the visitor's order, in each format."""
