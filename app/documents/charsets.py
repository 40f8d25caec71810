"""Bytes of unknown encoding as text, never failing: by mark, declaration, UTF-8, and at last by what reads best.

A detector proposes (`chardet`, measured against five others in tests/benchmarks/bench_charsets.py); of its proposals
the one wins whose text looks written by people: no symbols inside words, one script a word, no capital in the middle.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from functools import lru_cache

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What labels mean on the web (https://encoding.spec.whatwg.org/): the Windows code page that holds the older one.
_MEANT = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs", "tis-620": "cp874", "iso8859-11": "cp874",
    "iso2022_jp": "iso2022_jp_2",
}  # fmt: skip
_PROPOSED = (
    "ascii", "utf-8", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859-2", "iso8859-5",
    "iso8859-6", "iso8859-7", "koi8-r", "koi8-u", "cp866", "cp855", "cp850", "cp852", "mac-roman", "mac-cyrillic",
    "cp874", "cp932", "euc_jis_2004", "gb18030", "big5hkscs", "cp949",
)  # fmt: skip
_EAST_ASIAN = ("cp932", "euc_jis_2004", "gb18030", "big5hkscs", "cp949")
_ESCAPES = re.compile(rb"\x1b\$[@B]|\x1b\(J|\x1b\$\)C")
_SAMPLE = 1 << 15
_RANK, _RARE, _SPARSE, _UNPROPOSED = 0.2, 0.15, 0.15, 3
_RARELY = frozenset(("cp850", "cp852", "cp855", "cp866", "mac-roman", "mac-cyrillic"))
_DOUBTFUL = 0.8  # oddness beyond which a declaration is not believed


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of bytes whose encoding is not known for sure; what cannot be read becomes U+FFFD.

    Args:
        declared: what the file says of itself; believed as far as the text looks like one.
    """
    return data.decode(encoding_of(data, declared), "replace")


def encoding_of(data: bytes, declared: str | None = None) -> str:
    """The name of a codec that reads `data` best."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    if _is_utf8(data):
        # ISO-2022 is ASCII to whoever does not know its escapes.
        return "iso2022_kr" if b"\x1b$)C" in data[:_SAMPLE] else "iso2022_jp_2" if _ESCAPES.search(data) else "utf-8"
    if (unmarked := utf16_without_mark(data)) is not None:
        return unmarked
    codec = _codec(declared)
    if codec is not None and _believable(data, codec):
        return codec
    return _best(data)


def utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 of either order told by its look, where no mark tells it; None for anything else."""
    sample = data[: _SAMPLE & ~1]
    sample = sample[: len(sample) & ~1]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if not low and not high:
        return None  # even Chinese has line breaks, whose other byte is zero
    encoding = "utf-16-le" if high >= low else "utf-16-be"
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 2:
            return None
        text = sample[: error.start].decode(encoding)
    odd = sum(not (c.isalnum() or c in "\t\n\r\f" or c.isprintable()) for c in text)
    pages = Counter(ord(c) >> 8 for c in text if c.isalpha() and not "\u3400" <= c <= "\ud7a3")
    ours = sum(count for _, count in pages.most_common(4))
    return encoding if odd * 100 <= len(text) and ours * 100 >= 95 * pages.total() else None


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 but for next to nothing: a broken character among many, or one cut at the end."""
    if data.isascii():
        return b"\0" not in data
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        return 0 < broken * 20 <= sum(c > "\x7f" for c in text[:_SAMPLE]) - broken
    return "\0" not in text


def _codec(label: str | None) -> str | None:
    """The codec that a declaration means."""
    try:
        name = codecs.lookup((label or "").strip()).name
    except (LookupError, ValueError):
        return None
    # The bytes before the declaration could be read as ASCII, so it cannot be UTF-16 or UTF-32.
    return None if name.startswith(("utf-16", "utf-32")) else _MEANT.get(name, name)


def _believable(data: bytes, codec: str) -> bool:
    try:
        text = data.decode(codec, "replace")
    except (LookupError, ValueError, TypeError):  # a codec that makes no text (base64)
        return False
    return text.count("\ufffd") * 200 <= len(text) and _oddness(text[:_SAMPLE], codec) <= _DOUBTFUL


def _best(data: bytes) -> str:
    import chardet

    sample = data[:_SAMPLE]
    proposals = chardet.detect_all(sample, include_encodings=_PROPOSED, ignore_threshold=True, compat_names=False)[:8]
    ranks = {proposal["encoding"] or "": rank for rank, proposal in enumerate(proposals)}
    ranks.setdefault("cp1252", len(ranks))
    for name in _EAST_ASIAN:  # not proposed where most of the text is ASCII
        ranks.setdefault(name, _UNPROPOSED)
    sparse = sum(byte > 127 for byte in sample) * 33 < len(sample)
    best, least = "cp1252", float("inf")
    for name, rank in ranks.items():
        text = _read(sample, name, whole=len(sample) == len(data))
        if text is None:
            continue
        odd = _oddness(text, name) + _RANK * rank
        odd += _RARE * (name in _RARELY) + _SPARSE * (sparse and name != "cp1252")
        if odd < least:
            best, least = name, odd
    return _MEANT.get(codecs.lookup(best).name, best)


def _read(sample: bytes, name: str, *, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(name)().decode(sample, whole)  # a sample may end inside a character
    except (UnicodeDecodeError, LookupError):
        return sample.decode("cp1252", "replace") if name == "cp1252" else None


def _oddness(text: str, codec: str) -> float:
    """How little the characters beyond ASCII look written by people: 0 not at all, mostly below 4; a mean."""
    beyond = [i for i, c in enumerate(text) if c > "\x7f"] if not text.isascii() else []
    if not beyond:
        return 0.0
    padded = f" {text} "
    if codec in _EAST_ASIAN:
        alone = sum(_is_ascii_letter(padded[i]) and _is_ascii_letter(padded[i + 2]) for i in beyond)
        return (sum(_oddness_east(text[i], codec) for i in beyond) + alone) / len(beyond)
    return sum(_oddness_of(padded[i], padded[i + 1], padded[i + 2]) for i in beyond) / len(beyond)


_WESTERN = frozenset("äöüÄÖÜßéèàçêâîôûëïùñáíóúœÉÈÀÇÊøåæØÅÆãõ")
_TYPOGRAPHY = frozenset("–—‘’“”„•…°§«»€£©®™²³·\xa0¿¡´`‚‹›")


def _oddness_of(before: str, c: str, after: str) -> float:
    kind = _kind(c)
    inside = before.isalpha() and after.isalpha()
    if kind == "control":
        return 4.0
    if kind == "symbol":
        return 3.5 if inside else 1.5
    if kind == "mark":
        return 2.0 if inside and c not in "’·–" else 0.5 if c in "´`‚‹›\xa0" else 0.0
    script = _script(c)
    if (before.isalpha() and _script(before) != script) or (after.isalpha() and _script(after) != script):
        return 2.0
    if kind == "capital" and before.islower():
        return 2.0
    if script == 0 and inside and not before.isascii() and not after.isascii():
        return 1.5  # three accented letters in a row
    return 0.3 if script == 0 and c not in _WESTERN else 0.0


def _is_ascii_letter(c: str) -> bool:
    return c.isascii() and c.isalpha()


@lru_cache(maxsize=4096)
def _kind(c: str) -> str:
    category = unicodedata.category(c)
    if c.isalpha() or category[0] == "M":
        return "capital" if c.isupper() else "letter"
    if c in _TYPOGRAPHY or category[0] == "N":
        return "mark"
    return "control" if category in ("Cc", "Co", "Cn", "Cf") else "symbol"


@lru_cache(maxsize=4096)
def _script(c: str) -> int:
    """Letters of the same number belong to the same script."""
    code = ord(c)
    starts = (0x370, 0x400, 0x530, 0x590, 0x600, 0x700, 0xE00, 0xE80, 0x1E00, 0x1F00)
    script = sum(code >= start for start in starts)
    return 0 if script == 9 else script  # Vietnamese letters are Latin


@lru_cache(maxsize=30_000)
def _oddness_east(c: str, codec: str) -> float:
    code = ord(c)
    if 0x3040 <= code < 0x3100:
        return 0.0 if codec in ("cp932", "euc_jis_2004") else 1.0
    if 0xAC00 <= code < 0xD7A4:
        return 0.0 if codec == "cp949" else 1.5
    if 0x4E00 <= code < 0xA000:
        return _rarity(c, codec)
    if 0x3000 <= code < 0x3030 or 0xFF00 <= code < 0xFF61:
        return 0.0
    if c in _TYPOGRAPHY:
        return 0.2
    return 4.0 if 0xE000 <= code < 0xF900 or c == "\ufffd" else 1.3


def _rarity(c: str, codec: str) -> float:
    """The national standards put common characters into a first level, by their lead byte."""
    standard, limit = {
        "gb18030": ("gb2312", 0xD8), "big5hkscs": ("big5", 0xC7), "cp932": ("euc_jp", 0xD0),
        "euc_jis_2004": ("euc_jp", 0xD0), "cp949": ("euc_kr", 0x00),
    }[codec]  # fmt: skip
    try:
        common = c.encode(standard)[0] < limit
    except UnicodeEncodeError:
        return 1.5
    return (0.1 if standard == "euc_jp" else 0.0) if common else 0.8
