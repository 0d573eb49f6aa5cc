"""A state as a label: a star, which says it at a glance, before the words."""

from django.utils.html import format_html


def pill(look, words):
    """`look` is one of public, changed, later, never, waiting, returned, browser and bin: static/css/desk-frame.css."""
    return format_html('<span class="pill pill--{}">{}</span>', look, words)
