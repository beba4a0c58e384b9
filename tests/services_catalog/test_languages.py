"""Which language a message is plainly written in."""

from __future__ import annotations

import pytest

from services_catalog.languages import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bonjour", "fr"),
        ("Ma poubelle verte est brisée, pouvez-vous la remplacer?", "fr"),
        ("comment payer mes taxes", "fr"),
        ("Il y a un nid-de-poule sur ma rue", "fr"),
        ("j'ai pas d'eau", "fr"),
        ("¿Cuándo pasan por la basura?", "es"),
        ("quiero pagar mi recibo de agua", "es"),
        ("quando passa o lixo na minha rua", "pt"),
        ("voglio pagare la bolletta", "it"),
        ("saan po ang library", "tl"),
        ("Rác không được lấy", "vi"),
        ("垃圾什么时候收", "zh"),
        ("ゴミはいつですか", "ja"),
        ("எப்போது குப்பை", "ta"),
        ("когда вывоз мусора", "other"),
        ("کچرا کب", "other"),
    ],
)
def test_a_message_in_another_language_is_known_as_that(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "when is garbage day",
        "100 rue Côte-des-Neiges",
        "any library near Étienne Brûlé Park",
        "pothole on Avenue de la Rose",
        "bonjour, my garbage was not picked up",
        "do you speak french",
        "french immersion",
        "how do i get a permis",
        "el nino flooding",
        "the sign says 出口 and nothing else",
        "café patio noise",
        "😀😀",
        "",
        "311",
    ],
)
def test_a_foreign_word_or_name_in_english_is_no_other_language(text: str) -> None:
    assert language_of(text) == ""
