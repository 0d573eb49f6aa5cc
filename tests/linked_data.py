"""Reads the linked data of a page as a program would that knows nothing of the site and reaches no other host."""

import re
import socket
import warnings
from html import unescape
from unittest import mock

from django.utils.html import strip_tags
from rdflib import RDF, Graph, Namespace

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SCHEMA = Namespace("https://schema.org/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")


def graph_of(html):
    graph = Graph()
    # The parser uses a class of its own package that this deprecates.
    with (
        warnings.catch_warnings(),
        mock.patch.object(socket.socket, "connect", side_effect=AssertionError("no other host")),
    ):
        warnings.simplefilter("ignore", DeprecationWarning)
        for block in BLOCK.findall(html):
            graph.parse(data=block, format="json-ld")
    return graph


def shown(html):
    """The words that people see, and the title."""
    return re.sub(r"\s+", " ", unescape(strip_tags(BLOCK.sub("", html))))


def value(graph, subject, *path):
    """What a path of properties leads to, where there is one of it."""
    for name in path:
        (subject,) = graph.objects(subject, SCHEMA[name])
    return subject


def values(graph, subject, name):
    return set(graph.objects(subject, SCHEMA[name]))


def only(graph, kind):
    """The one thing of a kind."""
    (subject,) = graph.subjects(RDF.type, SCHEMA[kind])
    return subject
