"""Texts in the encodings of before Unicode, as files of those years have them: short, listed, declared wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.charsets import decode, encoding_of
from app.documents.plain import decode_markup

WESTERN = [
    "Name;Straße\r\nJürgen;Käsegäßchen\r\n",
    "Einkauf: Käse, Brötchen, Äpfel, Öl, Gemüse, Nüsse, Müsli",
    "Jürgen Groß\r\nGänsemarkt 5\r\n20354 Hamburg",
    "Müller",
    "Rückgabe bis Februar möglich",
    "Grüße\r\n\r\nJörg",
    "Hôtel de la Gare, entrée à côté du café",
    "Señor Muñoz llegó mañana con el niño",
    "Æblegrød og rødgrød med fløde",
    "Smörgåsbord på Åland är gott",
    "Preis: 5 € für zwei Stück – „wirklich“",
    "Coração e pão não são iguais",
    "Größe;Länge;Höhe\r\n5;7;9\r\n",
    "Ärzte; Übung; Öfen",
]


@pytest.mark.parametrize("text", WESTERN)
def test_western_lists_never_become_anything_else(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp850", "Die Straße führt über die Brücke nach Süden, schöne Grüße aus Köln"),
        ("mac-roman", "Die Straße führt über die Brücke nach Süden, schöne Grüße aus Köln"),
        ("cp1250", "Smlouva o pronájmu bytu v Ústí nad Labem. Příliš žluťoučký kůň úpěl ďábelské ódy."),
        ("cp1250", "Zażółć gęślą jaźń, dziękuję bardzo i do widzenia"),
        ("cp1250", "Árvíztűrő tükörfúrógép, köszönöm szépen a levelet"),
        ("iso8859-2", "Příliš žluťoučký kůň úpěl ďábelské ódy v Ústí nad Labem"),
        ("cp1251", "Договор аренды квартиры в Екатеринбурге. Плата за месяц составляет тысячу рублей."),
        ("koi8-r", "Договор аренды квартиры в Екатеринбурге. Плата за месяц составляет тысячу рублей."),
        ("cp866", "Договор аренды квартиры в Краснодаре. Плата за месяц."),
        ("iso8859-5", "Договор аренды квартиры в Краснодаре. Плата за месяц составляет тысячу рублей."),
        ("cp1251", "Українська мова — їжак, ґанок, єдність та щастя для всіх людей"),
        ("cp1253", "Συμβόλαιο ενοικίασης διαμερίσματος στη Θεσσαλονίκη"),
        ("iso8859-7", "Η γρήγορη αλεπού πηδάει πάνω από τον τεμπέλη σκύλο"),
        ("cp1254", "Eskişehir'de kira sözleşmesi imzalandı. Iğdır ilçesi."),
        ("cp1255", "חוזה שכירות לדירה בירושלים"),
        ("cp1256", "عقد إيجار شقة في الإسكندرية"),
        ("cp874", "สัญญาเช่าห้องในเชียงใหม่"),
        ("shift_jis", "今日は天気がいい。散歩に行きましょう。"),
        ("euc_jp", "札幌市の水道料金のお知らせです。来月から値上げします。"),
        ("iso2022_jp", "札幌市の水道料金のお知らせです。来月から値上げします。"),
        ("euc_kr", "부산광역시 임대차 계약서와 영수증입니다"),
        ("gb18030", "今天天气很好，我们去公园散步吧。"),
        ("big5", "今天天氣很好，我們去公園散步吧。明天再去看電影。"),
        ("utf-16-le", "Reisebericht aus Reykjavik"),
        ("utf-16-be", "Reisebericht aus Reykjavik\nund zurück"),
        ("utf-16-le", "Договор аренды\nквартиры в Краснодаре"),
        ("utf-16-be", "今日は天気がいい。\n散歩に行きましょう。\n"),
    ],
)
def test_texts_of_the_world(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("utf-16", "utf-8", "Beleg aus Solothurn mit Größe"),
        ("iso-8859-1", "utf-8", "Beleg aus Köln"),
        ("utf-8", "cp1252", "Rechnung für Bücher aus Köln"),
        ("iso-8859-1", "cp1252", "Preis 5 € – „gut“"),
        ("gb2312", "gb18030", "今天天气很好，朱镕基"),
        ("shift_jis", "cp932", "①今日は天気がいい"),
        ("iso-8859-1", "cp1251", "Договор аренды квартиры в Екатеринбурге"),
        ("x-unknown", "cp1252", "Grüße aus München"),
        ("base64", "utf-8", "Grüße"),
        ("iso-8859-9", "cp1254", "Iğdır’da güneş"),
    ],
)
def test_declarations_are_believed_as_far_as_they_can_be(declared: str, encoding: str, text: str) -> None:
    page = f"<html><head><meta charset={declared}></head><body>{text}</body></html>".encode(encoding)
    assert text in decode_markup(page)


def test_one_broken_character_does_not_cost_the_others() -> None:
    text = "Käse, Brötchen, Äpfel, Öl, Gemüse, Nüsse, Müsli, Würste, Möhren, süße Früchte, Zwölf Stück Böreks. " * 3
    data = text.encode() + b"\xff" + text.encode()
    assert decode(data) == f"{text}\ufffd{text}"


def test_a_text_that_was_cut_inside_a_character() -> None:
    data = ("Schöne Grüße aus Köln. " * 20).encode()
    assert decode(data[: data.rindex(b"\xc3") + 1]).startswith("Schöne Grüße aus Köln.")


@given(st.binary(max_size=400))
def test_no_bytes_make_decoding_fail(data: bytes) -> None:
    assert isinstance(decode(data), str)
    assert data.decode(encoding_of(data), "replace") == decode(data)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\x1b\ufeff"), max_size=60))
def test_utf_8_is_always_read_as_what_it_is(text: str) -> None:
    assert decode(text.encode()) == text
