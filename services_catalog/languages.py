"""Which other language a message is plainly written in: by its letters, or by words that English lacks. Pure; words only.

Said only where it is plain. A street's French name, one Spanish word or a name in another script is no message in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# Plainly not English, and no more is known: Cyrillic letters are those of several languages.
OTHER = "other"

# A script that one language is written in; the letters' names in Unicode begin with it.
_SCRIPTS: Mapping[str, str] = {
    "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "TAMIL": "ta", "GURMUKHI": "pa", "GUJARATI": "gu",
    "BENGALI": "bn", "GREEK": "el",
}  # fmt: skip
# Words that tell a language, and words that only go with them because they stand in the names of places ("Rue de la Loi")
# or in English too. Without accents.
_WORDS: Mapping[str, tuple[str, str]] = {
    "fr": (
        """je suis mes tes vos nos notre votre nous vous ils elles une et est sont dans avec chez quand
        comment combien pourquoi quel quelle quels quelles qui que pas ne plus puis-je peux veux voudrais
        faut dois besoin cherche bonjour bonsoir merci svp plait oui depuis devant matin voisin voisine voisins
        poubelle poubelles ordures dechets recyclage bac stationnement permis garderie neige trottoir lampadaire
        francais parlez parle aide aidez-moi ca cette mon ma payer facture conteneur ramasse ramassee ramassees brise
        nid-de-poule arbre chien bibliotheque eau taxe chauffage frere soeur mari femme copain enfant enfants fille fils
        tous toute tombe mort gens quelqu'un incendie peur mal par veut dois-je est-ce est-elle etait sera ete hier demain heure
        ville maison
        brisee jeter vieille apporter""",
        "le la les des du de un au aux en sur pour ou il elle a y se rue coin feu",
    ),
    "es": (
        """hola quiero necesito tengo puedo hay cuando donde como cuanto cuanta esta estan mis calle basura gracias favor
        ayuda espanol hablo habla mucho muy una y mi vecino perro luz agua pagar recibo nieve porque desde hace buenos dias
        tardes licencia estacionamiento""",
        "el la los las de del en un que es por para con se al no",
    ),
    "pt": (
        """ola preciso quero tenho posso quando onde quanto meu minha nao uma rua lixo obrigado obrigada voce ajuda
        portugues falo fala esta vizinho cachorro luz agua pagar conta bom dia boa tarde""",
        "o a os as de do da em um que e por para com",
    ),
    "it": (
        """ciao buongiorno voglio vorrei ho posso quando dove quanto mio mia non una via spazzatura grazie aiuto italiano
        parlo vicino acqua pagare bolletta della nella sono""",
        "il la lo gli le di del un che per con e",
    ),
    "tl": (
        "ang mga ako ko po saan kailan paano salamat kumusta magkano basura namin kapitbahay opo hindi wala meron ng",
        "na sa ba at",
    ),
}  # fmt: skip
_TELLING = {code: frozenset(words.split()) for code, (words, _) in _WORDS.items()}
_ALONG = {code: frozenset(words.split()) for code, (_, words) in _WORDS.items()}
# A greeting or a word for the language tells it alone.
_ALONE: Mapping[str, str] = {
    **dict.fromkeys(("bonjour", "bonsoir", "merci", "francais", "en francais", "parlez-vous francais"), "fr"),
    **dict.fromkeys(("hola", "gracias", "espanol", "en espanol", "habla espanol"), "es"),
    **dict.fromkeys(("ola", "obrigado", "obrigada", "portugues"), "pt"),
    **dict.fromkeys(("buongiorno", "grazie", "italiano"), "it"),
    **dict.fromkeys(("kumusta", "salamat", "salamat po"), "tl"),
}  # fmt: skip
# With one of these a message has English in it, and is read.
_ENGLISH = frozenset(
    "the is my i i'm to when where what how and are was of with this that there not it in for can need want".split()  # noqa: SIM905 (a list of words reads best as words)
)
FEWEST_WORDS = 2
LEAST_SHARE = 0.45
# French words run into the next one: "j'ai", "d'eau", "qu'il".
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)'[aehiouy]")
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_VIETNAMESE = re.compile(r"[\u1ea0-\u1ef9\u01a0\u01a1\u01af\u01b0\u0110\u0111]")


def language_of(text: str) -> str:
    """Return the language (ISO 639-1, or OTHER) that a message is plainly written in; empty: English, or not plain."""
    return _by_script(text) or _by_words(text)


def without_accents(text: str) -> str:
    """Return a text in small letters, with plain quotes and without accents."""
    plain = unicodedata.normalize("NFD", text.lower().replace("\u2019", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("œ", "oe")


def _by_script(text: str) -> str:
    letters = [c for c in text if c.isalpha()]
    foreign = [unicodedata.name(c, "").split(" ")[0] for c in letters if ord(c) > 0x24F]
    foreign = [script for script in foreign if script != "LATIN"]
    if len(foreign) * 2 <= len(letters):
        return "vi" if len(_VIETNAMESE.findall(text)) >= FEWEST_WORDS else ""
    most = max(set(foreign), key=foreign.count)
    return "ja" if "HIRAGANA" in foreign else _SCRIPTS.get(most, OTHER)


def _by_words(text: str) -> str:
    plain = without_accents(text)
    said = _WORD.findall(plain)
    if alone := _ALONE.get(" ".join(said)):
        return alone
    if not said or not _ENGLISH.isdisjoint(said):
        return ""
    best, most = "", 0
    for code, telling in _TELLING.items():
        plainly = {w for w in said if w in telling or (code == "fr" and _ELIDED.match(w))}
        along = {w for w in said if w in _ALONG[code]} - plainly
        number = len(plainly) + len(along)
        counted = sum(w in plainly or w in along for w in said)
        if (
            plainly
            and number >= FEWEST_WORDS
            and counted >= LEAST_SHARE * len(said)
            and number > most
        ):
            best, most = code, number
    return best
