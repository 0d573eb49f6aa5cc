# ruff: noqa: E501 - what is written into a file is a line
"""Documents made by code: honest ones, and those that act, hide something or lead elsewhere."""

import io
import struct
import uuid
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from learningcities.media.documents import KINDS

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE = "application/vnd.openxmlformats-officedocument"
EQUATION = "0002CE02-0000-0000-C000-000000000046"


# PDF


def pdf(change=None, pages=1, **options):
    document, out = Pdf.new(), io.BytesIO()
    for _n in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    document.save(out, **options)
    return out.getvalue()


def with_link(**action):
    """A page with a link that does this when it is clicked."""

    def change(document):
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(**action))
        document.pages[0].Annots = Array([document.make_indirect(link)])

    return pdf(change)


def with_root(**entries):
    return pdf(lambda document: [document.Root.__setitem__(f"/{key}", value) for key, value in entries.items()])


def opening(**action):
    return with_root(OpenAction=Dictionary(**action))


def scan(content):
    """A page that is one picture, whose bytes are these."""

    def change(document):
        picture = Stream(document, content, Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
        picture.stream_dict.ColorSpace, picture.stream_dict.BitsPerComponent = Name.DeviceGray, 8
        document.pages[0].Resources = Dictionary(XObject=Dictionary(A=document.make_indirect(picture)))

    return pdf(change, compress_streams=False)


def carrying(name):
    """A PDF that carries a file, in the list of files or beside a page."""

    def change(document):
        file = document.make_indirect(Stream(document, b"MZ", Type=Name.EmbeddedFile))
        named = Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=file))
        if name == "list":
            document.Root.RelationLookup = Dictionary(
                EmbeddedFiles=Dictionary(RelationLookup=Array([String("a"), named]))
            )
        else:
            note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=named)
            document.pages[0].Annots = Array([document.make_indirect(note)])

    return pdf(change)


def signed(**root):
    """A PDF that says of itself that it is signed; nobody looks whether the signature is right."""

    def change(document):
        for key, value in root.items():
            document.Root[f"/{key}"] = value
        numbers = Array([0, 1111111111, 1222222222, 1333333333])
        contents = String(b"\0" * 64)
        value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=contents, ByteRange=numbers)
        field = Dictionary(FT=Name.Sig, T=String("a"), V=document.make_indirect(value))
        document.Root.AcroForm = Dictionary(SigFlags=3, Fields=Array([document.make_indirect(field)]))

    content = pdf(change)
    hole = b"<" + b"00" * 64 + b">"
    # A signature is as long as its hole in hexadecimal letters, whatever wrote it here.
    begin = content.index(b"/Contents ") + len(b"/Contents ")
    end = content.index(b" /Filter", begin) if b" /Filter" in content[begin:] else content.index(b"/", begin)
    content = content[:begin] + hole + content[end:]
    numbers = (begin, begin + len(hole), len(content) - begin - len(hole))
    for old, new in zip((1111111111, 1222222222, 1333333333), numbers, strict=True):
        content = content.replace(b"%d" % old, b"%-10d" % new)
    return renumbered(content)


def renumbered(content):
    """With a table of where its objects are that is right again."""
    begin, lines = content.rindex(b"xref\n", 0, content.rindex(b"startxref")), []
    count = int(content[begin:].split()[2])
    lines = [b"0000000000 65535 f \n"]
    lines += [b"%010d 00000 n \n" % (content.index(b"\n%d 0 obj" % n) + 1) for n in range(1, count)]
    table = b"xref\n0 %d\n" % count + b"".join(lines)
    rest = content[content.index(b"trailer", begin) :]
    rest = rest[: rest.index(b"startxref")] + b"startxref\n%d\n%%%%EOF\n" % begin
    return content[:begin] + table + rest


def in_filters(name):
    """An action in a packed object, packed again."""
    inner = b"9 0 <</S/%s/JS(x)>>" % name
    packed = zlib.compress(zlib.compress(inner).hex().encode() + b">")
    head = b"<</Type/Obj#53tm/N 1/First 4/Filter[/FlateDecode/ASCIIHexDecode/FlateDecode]/Length %d>>" % len(packed)
    return head + b" " * 2100 + b"stream\n" + packed + b"\nendstream"


def by_hand(objects, packed=None, entries=b"/OpenAction 9 0 R"):
    """A PDF of one page with these objects, and a table that says where they are.

    `packed` says of each object that lies in another one in which, and as its which part.
    """
    page = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % entries,
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    }
    pieces, places, length = [b"%PDF-1.5\n"], {}, 9
    for number, content in (page | objects).items():
        places[number] = (1, length, 0)
        pieces.append(b"%d 0 obj" % number + content + b"\nendobj\n")
        length += len(pieces[-1])
    places |= {number: (2, *place) for number, place in (packed or {}).items()}
    size = max(places) + 2
    places[size - 1] = (1, length, 0)
    rows = zlib.compress(b"".join(struct.pack(">BII", *places.get(number, (0, 0, 0))) for number in range(size)))
    head = b"<</Type/XRef/W[1 4 4]/Size %d/Root 1 0 R/Filter/FlateDecode/Length %d>>" % (size, len(rows))
    table = b"%d 0 obj" % (size - 1) + head + b"stream\n" + rows + b"\nendstream\nendobj\n"
    return b"".join(pieces) + table + b"startxref\n%d\n%%%%EOF\n" % length


def many_packed_objects(streams=400, objects=500, entries=1_000):
    """Object streams that become a thousand times larger when they are opened."""
    found, packed, each = {}, {}, b"[" + b"0 " * entries + b"]"
    for stream in range(10, 10 + streams):
        numbers = range(1000 + stream * objects, 1000 + (stream + 1) * objects)
        head = b" ".join(b"%d %d" % (number, place * len(each)) for place, number in enumerate(numbers)) + b" "
        content = zlib.compress(head + each * objects, 1)
        said = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (objects, len(head), len(content))
        found[stream] = said + b"stream\n" + content + b"\nendstream"
        packed |= {number: (stream, place) for place, number in enumerate(numbers)}
    return by_hand(found, packed, b"")


# Archives


def zipped(entries, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
        file.comment = options.get("comment", b"")
    return out.getvalue()


PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
ENDINGS = {"xml": "application/xml", "rels": "application/vnd.openxmlformats-package.relationships+xml"}
ENDINGS |= {"png": "image/png", "bin": f"{OFFICE}.oleObject", "vml": f"{OFFICE}.vmlDrawing"}
ENDINGS |= {"xlsx": f"{OFFICE}.spreadsheetml.sheet"}


def relationships(*rows):
    lines = "".join(
        f'<Relationship Id="r{n}" Type="{kind if "//" in kind else f"{RELATED}/{kind}"}" Target="{target}"'
        f"{'' if mode is None else f' TargetMode={chr(34)}{mode}{chr(34)}'}/>"
        for n, (kind, target, mode) in enumerate(rows)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'
    )


def office(kind="docx", types=(), related=(), body="", main=None, **entries):
    """An office document; `types` are content types of parts by their name, `related` what its main part leads to."""
    part = PARTS[kind]
    folder, _slash, name = part.rpartition("/")
    overrides = {part: f"{KINDS[kind]}.main+xml", **dict(types)}
    said = "".join(f'<Default Extension="{ending}" ContentType="{type_}"/>' for ending, type_ in ENDINGS.items())
    said += "".join(f'<Override PartName="/{part_}" ContentType="{type_}"/>' for part_, type_ in overrides.items())
    parts = {
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{said}</Types>',
        "_rels/.rels": relationships(("officeDocument", part, None)),
        part: f'<w:document xmlns:w="{WORD}" xmlns:s="{SHEET}" xmlns:a="{DRAWING}"><w:body>{body}</w:body></w:document>',
        f"{folder}/_rels/{name}.rels": relationships(*related),
    }
    return zipped(parts | entries)


DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def field(*pieces):
    """A field of a text whose instruction is written in pieces; one that is a list is a field of its own."""
    inner = "".join(
        field(*piece) if isinstance(piece, list) else f"<w:r><w:instrText>{piece}</w:instrText></w:r>"
        for piece in pieces
    )
    ends = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{ends[0]}{inner}{ends[1]}<w:r><w:t>1</w:t></w:r>{ends[2]}"


def open_document(kind="odt", manifest="<m/>", body="", **entries):
    content = (
        f'<office:document-content xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0"'
        f' xmlns:draw="{ODF}:drawing:1.0" xmlns:table="{ODF}:table:1.0" xmlns:script="{ODF}:script:1.0"'
        f' xmlns:xlink="http://www.w3.org/1999/xlink">{body}</office:document-content>'
    )
    return zipped({"mimetype": KINDS[kind], "META-INF/manifest.xml": manifest, "content.xml": content} | entries)


def ole(class_id=EQUATION, **streams):
    """A file of the kind in which old office programs keep an object: a storage of this class, with these streams."""
    entries = [("Root Entry", 5, 1, uuid.UUID(class_id).bytes_le, 0xFFFFFFFE, 0)]
    directory_sectors = (len(streams) + 4) // 4
    sectors, chain, place = b"", [0xFFFFFFFD], 1 + directory_sectors
    chain += [*range(2, 1 + directory_sectors), 0xFFFFFFFE]
    for name, content in streams.items():
        content += b"\0" * (-len(content) % 512 if len(content) > 4096 else 4096 - len(content))
        count = len(content) // 512
        entries.append((name.replace("_", " "), 2, 0, b"\0" * 16, place, len(content)))
        chain += [*range(place + 1, place + count), 0xFFFFFFFE]
        sectors, place = sectors + content, place + count
    directory = b""
    for number, (name, kind, child, clsid, start, size) in enumerate(entries):
        right = number + 1 if 0 < number < len(entries) - 1 else 0xFFFFFFFF
        letters = name.encode("utf-16-le") + b"\0\0"
        directory += struct.pack(
            "<64sHBBIII16sIQQIQ", letters, len(letters), kind, 1, 0xFFFFFFFF, right, child or 0xFFFFFFFF, clsid, 0, 0, 0,
            start, size,
        )  # fmt: skip
    directory += struct.pack("<64sHBBIII16sIQQIQ", b"", 0, 0, 0, *[0xFFFFFFFF] * 3, b"", 0, 0, 0, 0, 0) * (
        -len(entries) % 4
    )
    directory = directory.ljust(512 * directory_sectors, b"\0")
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    )
    header += struct.pack("<I", 0) + b"\xff" * (4 * 108)
    return header + table + directory + sectors


def with_object(content):
    """A DOCX in which an object of another program stands."""
    return office(
        related=[("oleObject", "embeddings/oleObject1.bin", None)], **{"word/embeddings/oleObject1.bin": content}
    )


def jpeg(seed, name="photo.jpg", size=(60, 40)):
    """A picture of its own for each seed."""
    image = Image.effect_noise((9, 8), 90) if seed is None else Image.linear_gradient("L").rotate(seed * 40)
    out = io.BytesIO()
    image.resize(size).convert("RGB").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue())
