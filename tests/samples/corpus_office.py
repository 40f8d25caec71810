"""Office documents with words in every place: see `tests.samples.corpus`."""

# ruff: noqa: E501  markup as it stands in files

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.samples.legacy import doc, msg, xls
from tests.samples.office import archive, epub

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument."
_TEXT_BOX = (
    '<w:p xmlns:w="{w}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml">'
    '<w:r><w:t>{before}</w:t><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>'
    "<w:txbxContent><w:p><w:r><w:t>{box}</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>{box}</w:t></w:r></w:p></w:txbxContent></v:textbox>"
    "</w:pict></mc:Fallback></mc:AlternateContent><w:t>{behind}</w:t></w:r></w:p>"
)
_CONTROL = (
    '<w:sdt xmlns:w="{w}"><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>{word}</w:t></w:r></w:p>'
    "</w:sdtContent></w:sdt>"
)
_CHANGES = (
    '<w:p xmlns:w="{w}"><w:ins w:id="1" w:author="a"><w:r><w:t>{word}</w:t></w:r></w:ins><w:del w:id="2" w:author="a">'
    "<w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>"
)
_RUNS = (
    '<w:p xmlns:w="{w}"><w:r><w:t>{first}</w:t><w:tab/><w:t>{second}</w:t><w:br/><w:t>{third}</w:t><w:cr/>'
    "<w:t>{a}</w:t></w:r><w:r><w:t>{b}</w:t></w:r><w:r><w:t> {soft_a}</w:t><w:softHyphen/><w:t>{soft_b}</w:t></w:r></w:p>"
)


def _notes(kind: str, word: str) -> str:
    return (
        f'<w:{kind}s xmlns:w="{_W}"><w:{kind} w:id="2"><w:p><w:r><w:t>{word}</w:t></w:r></w:p></w:{kind}></w:{kind}s>'
    )


def add_parts(path: Path, owner: str, parts: dict[str, tuple[str, str, str]]) -> Path:
    """Put parts into an Office file: name -> (content type, relationship type, content)."""
    with zipfile.ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist()}
    folder, _, base = owner.rpartition("/")
    relations = f"{folder}/_rels/{base}.rels"
    links = content.get(
        relations,
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>',
    )
    overrides = b""
    for number, (name, (mime, relation, text)) in enumerate(parts.items()):
        content[name] = text.encode()
        overrides += f'<Override PartName="/{name}" ContentType="{_TYPES}{mime}+xml"/>'.encode()
        link = f'<Relationship Id="rIdX{number}" Type="{_R}/{relation}" Target="/{name}"/></Relationships>'
        links = links.replace(b"</Relationships>", link.encode())
    content[relations] = links
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(b"</Types>", overrides + b"</Types>")
    return archive(path, dict(content))


def _docx(path: Path, words: Callable[[str], str]) -> Path:
    import docx as python_docx
    from docx.oxml import parse_xml

    made = python_docx.Document()
    properties = made.core_properties
    properties.title, properties.author, properties.subject = words("title"), words("author"), words("subject")
    properties.keywords, properties.comments, properties.category = words("keyword"), words("remark"), words("category")
    made.add_heading(words("heading"))
    for _ in range(4):
        made.add_paragraph(" ".join(words("body") for _ in range(12)) + ".")
    made.add_paragraph(f"{words('entity')}&{words('entity')} <{words('entity')}> 5>3", style="List Bullet")
    table = made.add_table(2, 2)
    for cell in (cell for row in table.rows for cell in row.cells):
        cell.text = words("cell")
    section = made.sections[0]
    section.header.paragraphs[0].text = words("header")
    section.footer.paragraphs[0].text = words("footer")
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = words("header")
    body = made.element.body
    whole, soft = words("runs"), words("soft hyphen")
    runs = _RUNS.format(
        w=_W, first=words("tab"), second=words("tab"), third=words("break"),
        a=whole[:3], b=whole[3:], soft_a=soft[:4], soft_b=soft[4:],
    )  # fmt: skip
    box = _TEXT_BOX.format(w=_W, before=words("body"), box=words("text box"), behind=" " + words("body"))
    changes, control = _CHANGES.format(w=_W, word=words("inserted")), _CONTROL.format(w=_W, word=words("control"))
    for markup in (runs, box, changes, control):
        body.insert(len(body) - 1, parse_xml(markup))
    path = path.with_suffix(".docx")
    made.save(str(path))
    chart = _CHART.format(a=_A, title=words("chart title"), series=words("series"), category=words("category label"))
    diagram = (
        f'<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="{_A}"><dgm:pt><dgm:t>'
        f"<a:p><a:r><a:t>{words('diagram')}</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>"
    )
    comments = _notes("comment", words("comment")).replace('w:id="2"', f'w:id="2" w:author="{words("reviewer")}"')
    return add_parts(
        path,
        "word/document.xml",
        {
            "word/comments.xml": ("wordprocessingml.comments", "comments", comments),
            "word/footnotes.xml": ("wordprocessingml.footnotes", "footnotes", _notes("footnote", words("footnote"))),
            "word/endnotes.xml": ("wordprocessingml.endnotes", "endnotes", _notes("endnote", words("endnote"))),
            "word/charts/chart1.xml": ("drawingml.chart", "chart", chart),
            "word/diagrams/data1.xml": ("drawingml.diagramData", "diagramData", diagram),
        },
    )


_CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="{a}"><c:chart><c:title><c:tx>'
    "<c:rich><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx>"
    '<c:strRef><c:f>Sheet1!$B$1</c:f><c:strCache><c:pt idx="0"><c:v>{series}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
    '<c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>{category}</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef>'
    '<c:numCache><c:formatCode>General</c:formatCode><c:pt idx="0"><c:v>4.3</c:v></c:pt></c:numCache></c:numRef></c:val>'
    "</c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
)


def _pptx(path: Path, words: Callable[[str], str]) -> Path:
    import pptx as python_pptx
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    made = python_pptx.Presentation()
    made.core_properties.title, made.core_properties.author = words("title"), words("author")
    made.core_properties.keywords = words("keyword")
    for _ in range(3):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = words("slide title")
        box = slide.shapes.add_textbox(0, 0, Inches(3), Inches(1)).text_frame
        box.text = f"{words('text box')}\n{words('text box')} & {words('text box')}"
        group = slide.shapes.add_group_shape()
        group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = words("group")
        table = slide.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(1)).table
        for row in range(2):
            for column in range(2):
                table.cell(row, column).text = words("cell")
        data = CategoryChartData()
        data.categories = [words("category label"), words("category label")]
        data.add_series(words("series"), (1.0, 2.0))
        slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(3), Inches(2), data)
        slide.notes_slide.notes_text_frame.text = words("notes")
    path = path.with_suffix(".pptx")
    made.save(str(path))
    comments = (
        '<p:cmLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:cm><p:text>'
        f"{words('comment')}</p:text></p:cm></p:cmLst>"
    )
    return add_parts(
        path,
        "ppt/slides/slide1.xml",
        {"ppt/comments/comment1.xml": ("presentationml.comments", "comments", comments)},
    )


def _xlsx(path: Path, words: Callable[[str], str]) -> Path:
    import openpyxl
    from openpyxl.chart import BarChart, Reference
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = words("title"), words("author")
    book.properties.keywords, book.properties.subject = words("keyword"), words("subject")
    sheet = book.active
    sheet.title = words("sheet name")
    for _ in range(10):
        sheet.append([words("cell"), words("cell"), f"{words('cell')} & <{words('cell')}>"])
    sheet["E1"], sheet["E1"].number_format = date(2024, 3, 17), "DD.MM.YYYY"
    sheet["E2"], sheet["E2"].number_format = 0.19, "0%"
    sheet["A1"].comment = Comment(words("comment"), "x")
    sheet.oddHeader.left.text, sheet.oddFooter.center.text = words("header"), words("footer")
    chart = BarChart()
    chart.title = words("chart title")
    chart.add_data(Reference(sheet, min_col=5, min_row=1, max_row=2))
    sheet.add_chart(chart, "G1")
    hidden = book.create_sheet(words("sheet name"))
    hidden.sheet_state = "hidden"
    hidden["A1"] = words("hidden sheet")
    path = path.with_suffix(".xlsx")
    book.save(path)
    box = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        f'xmlns:a="{_A}"><xdr:sp><xdr:txBody><a:p><a:r><a:t>{words("text box")}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>'
    )
    return add_parts(path, "xl/worksheets/sheet2.xml", {"xl/drawings/drawing9.xml": ("drawing", "drawing", box)})


_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"),
        ("meta", "meta"), ("form", "form"), ("presentation", "presentation"), ("svg", "svg-compatible"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def _open_document(path: Path, kind: str, body: str, words: Callable[[str], str], styles: str = "") -> Path:
    element = {"text": "text", "spreadsheet": "spreadsheet", "presentation": "presentation"}[kind]
    content = (
        f"<office:document-content {_NAMESPACES}><office:body><office:{element}>{body}</office:{element}></office:body>"
        "</office:document-content>"
    )
    embedded: dict[str, str | bytes] = {}
    if kind != "presentation":
        embedded["Object 1/content.xml"] = (
            f"<office:document-content {_NAMESPACES}><office:body><office:chart><text:p>{words('chart title')}</text:p>"
            "</office:chart></office:body></office:document-content>"
        )
    return archive(
        path,
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            "styles.xml": f"<office:document-styles {_NAMESPACES}>{styles}</office:document-styles>",
            "meta.xml": _open_meta(words),
            "META-INF/manifest.xml": "<manifest/>",
            **embedded,
        },
    )


def _open_meta(words: Callable[[str], str]) -> str:
    return (
        f"<office:document-meta {_NAMESPACES}><office:meta><dc:title>{words('title')}</dc:title><dc:creator>"
        f"{words('author')}</dc:creator><dc:subject>{words('subject')}</dc:subject><dc:description>{words('remark')}"
        f"</dc:description><meta:keyword>{words('keyword')}</meta:keyword></office:meta></office:document-meta>"
    )


def _open_text(words: Callable[[str], str]) -> tuple[str, str]:
    whole, soft = words("runs"), words("soft hyphen")
    body = "<text:tracked-changes><text:deletion><text:p>deleted</text:p></text:deletion></text:tracked-changes>"
    body += f"<text:h>{words('heading')}</text:h>"
    body += "".join(f"<text:p>{' '.join(words('body') for _ in range(12))}.</text:p>" for _ in range(4))
    body += (
        f"<text:p>{words('tab')}<text:tab/>{words('tab')}<text:s text:c='2'/>{words('space')}<text:s/>{words('space')}"
    )
    body += f"<text:line-break/>{whole[:3]}<text:span>{whole[3:]}</text:span> {soft[:4]}\u00ad{soft[4:]}"
    body += f"<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>{words('footnote')}</text:p>"
    body += f"</text:note-body></text:note> {words('entity')}&amp;{words('entity')}</text:p>"
    body += f"<text:list><text:list-item><text:p>{words('list')}</text:p></text:list-item></text:list>"
    body += f"<text:p>{words('body')}<draw:frame><draw:text-box><text:p>{words('text box')}</text:p></draw:text-box>"
    body += f"<svg:desc>{words('alternative')}</svg:desc></draw:frame> {words('body')}<office:annotation><dc:creator>"
    body += f"{words('reviewer')}</dc:creator><dc:date>2024-01-01</dc:date><text:p>{words('comment')}</text:p>"
    body += f"</office:annotation></text:p>{_open_table(words)}"
    styles = "<office:master-styles><style:master-page>" + "".join(
        f"<style:{kind}><text:p>{words(kind)} <text:page-number>1</text:page-number></text:p></style:{kind}>"
        for kind in ("header", "footer", "header-first")
    )
    return body, styles + "</style:master-page></office:master-styles>"


def _open_table(words: Callable[[str], str], name: str = "") -> str:
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{words('cell')}</text:p></table:table-cell>" for _ in range(3))
        + "</table:table-row>"
        for _ in range(3)
    )
    empty = '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
    return f'<table:table table:name="{name or "Table1"}">{rows}{empty}</table:table>'


def _odt(path: Path, words: Callable[[str], str]) -> Path:
    body, styles = _open_text(words)
    form = (
        f'<office:forms><form:form><form:text form:current-value="{words("form value")}"/></form:form></office:forms>'
    )
    return _open_document(path.with_suffix(".odt"), "text", form + body, words, styles)


def _fodt(path: Path, words: Callable[[str], str]) -> Path:
    body, styles = _open_text(words)
    meta = _open_meta(words)
    inner = meta[meta.index("<office:meta>") : meta.index("</office:document-meta>")]
    path = path.with_suffix(".fodt")
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMESPACES}>{inner}{styles}<office:body><office:text>{body}'
        "<office:binary-data>AAAA</office:binary-data></office:text></office:body></office:document>",
        "utf-8",
    )
    return path


def _ods(path: Path, words: Callable[[str], str]) -> Path:
    body = _open_table(words, words("sheet name")) + _open_table(words, words("sheet name"))
    note = f"<office:annotation><text:p>{words('comment')}</text:p></office:annotation><text:p>"
    return _open_document(path.with_suffix(".ods"), "spreadsheet", body.replace("<text:p>", note, 1), words)


def _odp(path: Path, words: Callable[[str], str]) -> Path:
    pages = "".join(
        f"<draw:page><draw:frame><draw:text-box><text:p>{words('text box')} {words('text box')}</text:p></draw:text-box>"
        f"</draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>{words('notes')}</text:p></draw:text-box>"
        "</draw:frame></presentation:notes></draw:page>"
        for _ in range(3)
    )
    return _open_document(path.with_suffix(".odp"), "presentation", pages, words)


def _epub(path: Path, words: Callable[[str], str]) -> Path:
    chapters = [f"{' '.join(words('body') for _ in range(10))} &amp; {words('entity')}" for _ in range(3)]
    made = epub(path.with_suffix(".epub"), chapters, title=words("title"))
    with zipfile.ZipFile(made) as old:
        content: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    opf = bytes(content["book.opf"]).decode()  # type: ignore[arg-type]
    dc = f"<dc:creator>{words('author')}</dc:creator><dc:subject>{words('keyword')}</dc:subject>"
    dc += f"<dc:description>{words('remark')}</dc:description></metadata>"
    content["OPS/book.opf"] = opf.replace("</metadata>", dc).replace("c1.xhtml", "text/chapter%202%20%C3%BC.xhtml")
    content["OPS/text/chapter 2 ü.xhtml"] = content.pop("c1.xhtml")
    content["OPS/c0.xhtml"], content["OPS/c2.xhtml"] = content.pop("c0.xhtml"), content.pop("c2.xhtml")
    container = bytes(content["META-INF/container.xml"]).decode()  # type: ignore[arg-type]
    content["META-INF/container.xml"] = container.replace("book.opf", "OPS/book.opf")
    del content["book.opf"]
    return archive(made, content)


def _rtf(path: Path, words: Callable[[str], str]) -> Path:
    def escaped(text: str) -> str:
        return "".join(c if c.isascii() else f"\\'{c.encode('cp1252')[0]:02x}" for c in text)

    body = "\\par ".join(escaped(" ".join(words("body") for _ in range(10))) for _ in range(3))
    cells = "".join(f"{escaped(words('cell'))}\\cell " for _ in range(2))
    path = path.with_suffix(".rtf")
    path.write_text(
        "{\\rtf1\\ansi\\ansicpg1252{\\info{\\title "
        + escaped(words("title"))
        + "}{\\author "
        + escaped(words("author"))
        + "}}"
        f"{body}\\par {escaped(words('tab'))}\\tab {escaped(words('tab'))}\\par "
        f"\\trowd\\cellx1000\\cellx2000\\intbl {cells}\\row\\pard {escaped(words('body'))}\\par}}",
        "ascii",
    )
    return path


def _doc(path: Path, words: Callable[[str], str]) -> Path:
    return doc(path.with_suffix(".doc"), "\n".join(" ".join(words("body") for _ in range(10)) for _ in range(3)))


def _xls(path: Path, words: Callable[[str], str]) -> Path:
    rows: list[list[Any]] = [[words("cell"), words("cell"), 1200] for _ in range(10)]
    return xls(path.with_suffix(".xls"), rows)


def _msg(path: Path, words: Callable[[str], str]) -> Path:
    body = " ".join(words("body") for _ in range(20))
    return msg(path.with_suffix(".msg"), subject=words("title"), body=body, sender=words("sender"))


def _pages(path: Path, words: Callable[[str], str]) -> Path:
    """Apple Pages: what can be read of it is its preview."""
    from tests.samples.pdf import pdf

    preview = io.BytesIO(pdf(path.with_suffix(".tmp"), [words("body")]).read_bytes())
    path.with_suffix(".tmp").unlink()
    return archive(
        path.with_suffix(".pages"), {"Index/Document.iwa": b"\0\1\2", "QuickLook/Preview.pdf": preview.getvalue()}
    )


MAKERS = {
    "docx": _docx, "pptx": _pptx, "xlsx": _xlsx, "odt": _odt, "fodt": _fodt, "ods": _ods, "odp": _odp, "epub": _epub,
    "rtf": _rtf, "doc": _doc, "xls": _xls, "msg": _msg, "pages": _pages,
}  # fmt: skip
