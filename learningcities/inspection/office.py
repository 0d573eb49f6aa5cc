"""DOCX, XLSX and PPTX: only parts and relationships that are known, external targets only for links to be clicked."""

import re

from . import Refused
from .archives import check_foreign, read_elements
from .office_equations import is_equation

OFFICE = "application/vnd.openxmlformats-officedocument."
#: The content type of the main part of each kind.
MAIN = {
    f"{OFFICE}wordprocessingml.document.main+xml": "docx",
    f"{OFFICE}spreadsheetml.sheet.main+xml": "xlsx",
    f"{OFFICE}presentationml.presentation.main+xml": "pptx",
}
#: A document inside of another, mostly the numbers behind a chart; and an object of an old program.
PACKAGES = {kind.removesuffix(".main+xml") for kind in MAIN}
OBJECT = f"{OFFICE}oleObject"
#: Content types by family. Programs, tables that are fetched and other formats than these have names of their own.
TYPES = re.compile(
    r"(application|text)/xml"
    r"|application/vnd\.openxmlformats-package\.[\w.+-]+"
    rf"|{re.escape(OFFICE)}[\w.-]+\+xml"
    rf"|{re.escape(OFFICE)}(vmlDrawing|obfuscatedFont|oleObject|\w+ml\.(printerSettings|customProperty|sheet|document|presentation))"
    r"|application/vnd\.ms-(word|excel|powerpoint|office)\.[\w.-]+\+xml"
    r"|application/(x-font\w*|inkml\+xml)"
    r"|(image|audio|video)/[\w.+-]+",
    re.IGNORECASE,
)
BAD_TYPES = re.compile(r"macro|vba|activex|dialogsheet|webext|customui|keymap|toolbar", re.IGNORECASE)
EMBEDDED_TYPES = re.compile(r"application/(vnd\.ms-(excel|powerpoint)|msword|pdf|rtf|zip|octet-stream)", re.IGNORECASE)
FETCHED_TYPES = re.compile(r"external|connection|querytable", re.IGNORECASE)

#: Relationships by the last word of their type.
FAMILY = re.compile(
    r"http://(schemas\.openxmlformats\.org/(officeDocument|package)|purl\.oclc\.org/ooxml/officeDocument"
    r"|schemas\.microsoft\.com/office)/[\w./-]*?([\w-]+)"
)
NAMES = """
    officeDocument core-properties extended-properties custom-properties thumbnail classificationlabels origin
    signature certificate customXml customXmlProps styles stylesWithEffects numbering settings webSettings
    fontTable font theme themeOverride footnotes endnotes comments commentsExtended commentsIds
    commentsExtensible people header footer glossaryDocument documenttasks hyperlink image hdphoto media audio
    video tags chart chartEx chartUserShapes chartStyle chartColorStyle drawing vmlDrawing legacyDiagramText
    diagramData diagramLayout diagramQuickStyle diagramColors diagramDrawing ink package oleObject
    printerSettings worksheet chartsheet sharedStrings calcChain table tableSingleCells xmlMaps pivotTable
    pivotCacheDefinition pivotCacheRecords sheetMetadata customProperty ctrlProp slicer slicerCache timeline
    timelineCache threadedComment person revisionHeaders revisionLog usernames rdRichValue
    rdRichValueStructure rdRichValueTypes rdSupportingPropertyBag rdSupportingPropertyBagStructure rdArray
    richStyles richValueRel FeaturePropertyBag slide slideLayout slideMaster notesSlide notesMaster
    handoutMaster presProps viewProps tableStyles commentAuthors authors revisionInfo changesInfo
"""
RELATIONSHIPS = frozenset(NAMES.split())
#: Those that fetch something, or bring a text of another kind along.
FETCHING = {
    "attachedTemplate",
    "externalLink",
    "connections",
    "queryTable",
    "aFChunk",
    "subDocument",
    "mailMergeSource",
}
#: Where a link may lead that is followed when someone clicks it.
LINK = re.compile(r"(https?|mailto|tel|ftp|file):|(?![a-z][a-z0-9+.-]+:)", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:|//|\\\\", re.IGNORECASE)
#: What fields of a text and formulas fetch from elsewhere, or start.
FIELDS = {"DDE", "DDEAUTO", "LINK", "INCLUDETEXT", "IMPORT", "DATABASE"}
QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
REMOTE = re.compile(r"\|.*!", re.DOTALL)
FETCHING_FORMULA = re.compile(r"\b(WEBSERVICE|IMAGE|RTD|CALL|REGISTER(\.ID)?)\s*\(", re.IGNORECASE)
#: A picture that is fetched whenever the text is opened, and not kept in it.
FETCHED_PICTURE = re.compile(r"\s*INCLUDEPICTURE\b.*\\d\b", re.IGNORECASE | re.DOTALL)
STARTS = re.compile(r"ppaction://(program|macro|ole)", re.IGNORECASE)

CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
SHEET = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
DRAWING = ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main")


def kind_of(archive, check_embedded):
    """`check_embedded` is asked about the content of each document inside of this one."""
    types = Types(archive)
    parts = [name for name in archive.namelist() if not name.endswith("/") and name != "[Content_Types].xml"]
    for name in parts:
        if FETCHED_TYPES.search(types.of(name)):
            raise Refused("leads")
        if EMBEDDED_TYPES.fullmatch(types.of(name)):
            raise Refused("embedded")
        if not TYPES.fullmatch(types.of(name)) or BAD_TYPES.search(types.of(name)):
            raise Refused("macros")
    main = ""
    for name in parts:
        if name.lower().endswith(".rels"):
            main = check_relationships(archive, name) or main
    kind = MAIN.get(types.of(main.lstrip("/")))
    if not kind:
        raise Refused("unknown")
    for name in parts:
        check_part(archive, name, types.of(name), check_embedded)
    return kind


class Types:
    """The content type of each part."""

    def __init__(self, archive):
        self.by_ending, self.by_name = {}, {}
        read_elements(archive, "[Content_Types].xml", self.add)

    def add(self, element, attributes):
        if element == f"{CONTENT_TYPES} Default":
            types, name = self.by_ending, attributes["Extension"].lower()
        elif element == f"{CONTENT_TYPES} Override":
            types, name = self.by_name, attributes["PartName"].lstrip("/").lower()
        else:
            return
        if name in types:
            # Programs differ in which of two they believe.
            raise Refused("damaged")
        types[name] = attributes["ContentType"]

    def of(self, name):
        name = name.lower()
        return self.by_name.get(name) or self.by_ending.get(name.rpartition(".")[2], "")


def check_relationships(archive, name):
    """Refuse those that aren't known or lead elsewhere; the main part, where it is named here."""
    main_parts = []

    def start(element, attributes):
        if element != RELATIONSHIP:
            return
        family, target = FAMILY.fullmatch(attributes["Type"]), attributes["Target"]
        kind = family[3] if family else ""
        if kind not in RELATIONSHIPS:
            raise Refused("leads" if kind in FETCHING or is_external(attributes) else "macros")
        if kind == "hyperlink":
            if not LINK.match(target.strip()):
                raise Refused("leads")
        elif is_external(attributes):
            raise Refused("leads")
        if kind == "officeDocument" and name == "_rels/.rels":
            main_parts.append(target)

    read_elements(archive, name, start)
    if len(main_parts) > 1:
        raise Refused("damaged")
    return main_parts[0] if main_parts else ""


def is_external(attributes):
    return attributes.get("TargetMode") == "External" or bool(SCHEME.match(attributes["Target"].strip()))


def check_part(archive, name, kind, check_embedded):
    if kind == OBJECT:
        with archive.open(name) as entry:
            if not is_equation(entry.read()):
                raise Refused("embedded")
    elif kind in PACKAGES:
        with archive.open(name) as entry:
            check_embedded(entry.read())
    elif kind.endswith(("+xml", "/xml")) and "image/" not in kind:
        Part().read(archive, name)
    else:
        check_foreign(archive, [name])


class Part:
    """A part that is read for what its fields, formulas and buttons do."""

    def __init__(self):
        #: The fields of a text that are open, each with its instruction and whether another one stands where it begins.
        self.fields, self.words = [], None

    def read(self, archive, name):
        read_elements(archive, name, self.start, self.listen)

    def listen(self, parser):
        self.parser = parser
        parser.EndElementHandler = self.end

    def start(self, element, attributes):
        if act := WATCHED.get(element):
            act(self, attributes)

    def end(self, element):
        if self.words is not None and element in COLLECTED:
            words, self.words, self.parser.CharacterDataHandler = "".join(self.words), None, None
            COLLECTED[element](self, words)

    def collect(self, attributes):
        self.words = []
        self.parser.CharacterDataHandler = self.words.append

    def mark_field(self, attributes):
        kind = next((value for key, value in attributes.items() if key.endswith(" fldCharType")), "")
        if kind == "begin":
            if self.fields and not self.fields[-1].strip():
                # What the field does is worked out by another one: nobody writes so who has nothing to hide.
                raise Refused("leads")
            self.fields.append("")
        elif self.fields:
            check_field(self.fields[-1])
            if kind == "end":
                self.fields.pop()

    def add_instruction(self, words):
        if self.fields:
            self.fields[-1] += words
        else:
            check_field(words)

    def simple_field(self, attributes):
        check_field(next((value for key, value in attributes.items() if key.endswith(" instr")), ""))

    def name(self, attributes):
        if attributes.get("name", "").lower().startswith("_xlnm.auto_"):
            raise Refused("macros")
        self.collect(attributes)

    def formula(self, words):
        words = QUOTED.sub("", words)
        if REMOTE.search(words) or FETCHING_FORMULA.search(words):
            raise Refused("leads")

    def link(self, attributes):
        if STARTS.match(attributes.get("action", "").strip()):
            raise Refused("macros")

    def connection(self, attributes):
        raise Refused("leads")


def check_field(instruction):
    words = instruction.split(None, 1)
    if (words and words[0].strip('"\\').upper() in FIELDS) or FETCHED_PICTURE.match(instruction):
        raise Refused("leads")


WATCHED = {f"{space} fldChar": Part.mark_field for space in WORD}
WATCHED |= {f"{space} fldSimple": Part.simple_field for space in WORD}
WATCHED |= {f"{space} instrText": Part.collect for space in WORD}
WATCHED |= {f"{space} connectString": Part.connection for space in WORD}
WATCHED |= {f"{space} f": Part.collect for space in SHEET}
WATCHED |= {f"{space} definedName": Part.name for space in SHEET}
WATCHED |= {
    f"{space} {element}": Part.link for space in DRAWING for element in ("hlinkClick", "hlinkHover", "hlinkMouseOver")
}
COLLECTED = {f"{space} instrText": Part.add_instruction for space in WORD}
COLLECTED |= {f"{space} {element}": Part.formula for space in SHEET for element in ("f", "definedName")}
