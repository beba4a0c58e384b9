"""How words are written in a hurry, on a phone or in a second language, by the word that is meant. Pure.

Numbers that stand for words ("2", "4") are left alone, as in search: they are more often a floor or a count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from services_catalog.text import SMS_SPELLINGS

_QUOTES = str.maketrans("\u2019\u2018`", "'''")
_WORD = re.compile(r"[a-z0-9]+(?:['\u2019\u2018`][a-z]+)?", re.IGNORECASE)

# Somebody who is ill says so; search reads it as "I'll". The others stand in addresses, which are not mended:
# a message left as it is need not be read twice by the encoder (services_catalog/encoder).
_NOT_MENDED = frozenset({"ill", "st", "ave", "rd"})

# Other spellings of a word, by the word.
_SPELT = {
    "afraid": "afrade affraid",
    "alarm": "alrm alram",
    "allergic": "alergic",
    "alone": "alon",
    "ambulance": "ambulence ambulanc ambalance ambulace",
    "and": "n nd",
    "anyone": "any1 ne1",
    "anymore": "nemore anymor",
    "apartment": "apartmnt appartment",
    "aren't": "arent",
    "attack": "atack attak",
    "attacked": "atacked attaked",
    "attacking": "atacking attackin",
    "balcony": "balcny balkony",
    "basement": "bsmt bsmnt basmnt basmt",
    "bathroom": "bathrm bathrum",
    "beating": "beatin",
    "because": "cus becuz bcuz",
    "beeping": "beepin",
    "behind": "behnd behin",
    "bleeding": "bleedin bleding bleeeding",
    "blood": "blod blud",
    "breaking": "breakin",
    "breathe": "breth breeth brethe",
    "breathing": "breathin brething breething",
    "bridge": "brige bridg",
    "broke": "brok",
    "brother": "bro brotha",
    "building": "bulding biulding",
    "burning": "burnin buring",
    "buzzing": "buzin buzzin",
    "calling": "callin",
    "can't": "cnt",
    "carbon": "carbin",
    "chasing": "chasin",
    "children": "childrens childs",
    "choking": "chokin",
    "coming": "comin comming",
    "could": "cud",
    "coughing": "coffing coughin",
    "crying": "cryin",
    "detector": "detecter detektor",
    "dizzy": "dizy dizzi",
    "door": "dor",
    "down": "dwn",
    "drinking": "drinkin",
    "dripping": "dripin drippin",
    "drowning": "drowing drownin drownding",
    "dying": "dyin",
    "electric": "elctric eletric electrik",
    "every": "evry",
    "everyone": "evry1 every1",
    "exploded": "explodd explodid",
    "falling": "fallin",
    "fighting": "fightin",
    "fire": "fier",
    "flames": "flaims",
    "floor": "flr",
    "foaming": "foamin",
    "following": "followin",
    "friend": "freind frend",
    "friends": "freinds frends",
    "from": "frm",
    "garage": "garge",
    "gas": "gaz gass gaas",
    "generator": "generater gennerator",
    "going": "goin",
    "going to": "gonna gona gunna",
    "hanging": "hangin",
    "have": "hav",
    "he's": "hes",
    "head": "hed",
    "headache": "hedache headake",
    "help": "hlp halp",
    "hissing": "hisin hissin",
    "hitting": "hittin hiting",
    "hospital": "hospitel hosptial",
    "house": "hous",
    "hurry": "hury",
    "hurt": "hert",
    "hurting": "hurtin",
    "i don't know": "idk",
    "just": "jst jus",
    "kicking": "kickin",
    "kill": "kil",
    "killing": "killin",
    "kitchen": "kitchin kichen",
    "knife": "nife knif",
    "leaking": "leakin",
    "lines": "lins",
    "locked": "lockd",
    "manhole": "manhol",
    "missing": "missin",
    "monoxide": "monoxid monixide monoxcide",
    "moving": "movin",
    "neighbour": "neigbour nieghbour neibor",
    "next": "nxt",
    "nobody": "nobdy",
    "no one": "no1 noone",
    "over": "ovr",
    "overboard": "ovrbord",
    "overdose": "od",
    "overdosed": "od'd oded",
    "overdosing": "oding od'ing",
    "parking": "parkin",
    "people": "peeple peple poeple peopel",
    "phone": "fone",
    "pills": "pilz",
    "playground": "playgrnd",
    "please": "plse plis pleas pliz",
    "poison": "poisin poisen",
    "police": "polis poliece",
    # What it is called in Ontario.
    "power": "hydro",
    "power line": "powerline",
    "power lines": "powerlines",
    "puking": "pukin",
    "right now": "rn",
    "robbing": "robbin",
    "running": "runin runnin",
    "said": "sed",
    "scared": "scard",
    "school": "skool shool",
    "screaming": "screamin",
    "seizure": "seezure siezure seisure",
    "shaking": "shakin",
    "she's": "shes",
    "should": "shud",
    "shower": "shwr",
    "sister": "sis sista",
    "smell": "smel smeel",
    "smells": "smels smellz",
    "smoke": "smok smk",
    "smoking": "smokin",
    "someone": "sumone sum1 some1 somone sumbody sombody",
    "some": "sum",
    "something": "sumthin somethin sumthing smth",
    "sorry": "sry",
    "sparking": "sparkin",
    "stabbed": "stabed",
    "stabbing": "stabbin",
    "starting": "startin",
    "sticking": "stickin",
    "stop": "stahp",
    "suddenly": "sudenly",
    "suicide": "suiside suicde",
    "swallow": "swalow",
    "swallowed": "swalowed swallowd",
    "talking": "talkin",
    "the": "da tha teh",
    "they're": "theyr theyre",
    "think": "thnk",
    "this": "dis",
    "throat": "thraot throte",
    "throwing": "throwin",
    "to be": "2b",
    "toddler": "todler",
    "told": "tld",
    "tonight": "2night",
    "transformer": "trnsformer tranformer",
    "trying": "tryin",
    "unconscious": "unconcious unconsious",
    "under": "undr",
    "voices": "voises",
    "waking": "wakin",
    "want to": "wanna",
    "water": "watr",
    "weren't": "werent",
    "wire": "wier wyre",
    "wires": "wirez wiers",
    "with": "wit wid wth",
    "would": "wud",
    "wouldn't": "wouldnt",
}

# Other words for the same, which only the rules are served by reading alike.
_MEANT = {
    "breathe": "breath",
    "can't": "cannot",
    "overdose": "overdosed overdosing",
    "smell": "smells smelling smelled smelt stinks odor odour reeks reek whiff scent stench",
    "someone": "somebody",
}


def _by_written(table: Mapping[str, str]) -> dict[str, str]:
    return {written: word for word, many in table.items() for written in many.split()}


_MENDED = {k: v for k, v in SMS_SPELLINGS.items() if k not in _NOT_MENDED} | _by_written(_SPELT)
_ALIKE = _by_written(_MEANT)
SPELLINGS = {k: _ALIKE.get(v, v) for k, v in _MENDED.items()} | _ALIKE
"""What the rules read for a word."""


def mended(text: str) -> str:
    """Return the text with known misspellings mended, for reading by the danger model."""

    def mend(found: re.Match[str]) -> str:
        return _MENDED.get(found[0].lower().translate(_QUOTES), found[0])

    return _WORD.sub(mend, text)
