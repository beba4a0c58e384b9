"""Words: how a message is cut into them, brought to a common form and counted. Pure; no catalogue here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_stemmer = snowballstemmer.stemmer("english")

# Words that say nothing about the matter. "no", "not", "off", "on", "out" stay: "no heat", "off leash".
STOP_WORDS = frozenset(
    """a an and are as at be been being but by can could did do does doing for from get gets getting
    got had has have having he her hers him his how i i'd i'll i'm i've if in into is it it's its
    just me my mine of or our ours please s she should so some than that that's the their theirs them
    then there there's these they they're this those to too us was we we're were what when where
    which while who whom why will with would you you're your yours am about also any because
    t re ve ll d m hi hello hey thanks thank tell know need want like""".split()  # noqa: SIM905 (a list of words reads best as words)
)

# Text-message spellings, read as the word they stand for. Numbers that stand for words ("2", "4") are
# left alone: in this field they are more often a house, a day or a count.
SMS_SPELLINGS = {
    "u": "you", "ur": "your", "r": "are", "y": "why", "pls": "please", "plz": "please", "thx": "thanks",
    "ppl": "people", "wen": "when", "wat": "what", "wut": "what", "wht": "what", "hw": "how", "wer": "where",
    "whr": "where", "wher": "where", "cuz": "because", "bc": "because", "coz": "because", "w": "with",
    "abt": "about", "appt": "appointment", "apt": "apartment", "bldg": "building", "blk": "block",
    "cld": "could", "shld": "should", "wld": "would", "dont": "don't", "cant": "can't", "doesnt": "doesn't",
    "didnt": "didn't", "wont": "won't", "isnt": "isn't", "hasnt": "hasn't", "havent": "haven't",
    "im": "i'm", "ive": "i've", "ill": "i'll", "whats": "what's", "wheres": "where's", "hows": "how's",
    "theres": "there's", "thats": "that's", "gov": "government", "govt": "government", "hr": "hour",
    "hrs": "hours", "min": "minute", "mins": "minutes", "msg": "message", "nbr": "neighbour",
    "neighbor": "neighbour", "neighbors": "neighbours", "nite": "night", "tonite": "tonight", "num": "number",
    "pkg": "parking", "prkg": "parking", "prking": "parking", "grbge": "garbage", "garb": "garbage",
    "rd": "road", "recyc": "recycling", "st": "street", "ave": "avenue", "tix": "ticket", "tkt": "ticket",
    "tmrw": "tomorrow", "tmr": "tomorrow", "2moro": "tomorrow", "2day": "today", "2nite": "tonight",
    "wknd": "weekend", "yr": "year", "yrs": "years", "mth": "month", "wk": "week", "wks": "weeks",
    "b4": "before", "gonna": "going", "wanna": "want", "gotta": "got", "lemme": "let", "dunno": "know",
    "hydro": "electricity", "reno": "renovation", "lic": "licence", "license": "licence",
    "licensed": "licenced", "center": "centre", "centers": "centres", "color": "colour", "plow": "plow",
    "plough": "plow", "ploughed": "plowed", "ploughing": "plowing", "tyre": "tire", "tyres": "tires",
    "kerb": "curb", "daycare": "daycare", "childcare": "daycare", "trash": "garbage", "rubbish": "garbage",
}  # fmt: skip

# Two words that are one, and one that is two: joined so that both spellings meet.
_JOINS = (
    (re.compile(r"\bday ?cares?\b"), "daycare"),
    (re.compile(r"\bchild[ -]?care\b"), "daycare"),
    (re.compile(r"\bpot ?holes?\b"), "pothole"),
    (re.compile(r"\bman ?holes?\b"), "manhole"),
    (re.compile(r"\bside ?walks?\b"), "sidewalk"),
    (re.compile(r"\bcross ?walks?\b"), "crosswalk"),
    (re.compile(r"\bdrive ?ways?\b"), "driveway"),
    (re.compile(r"\bstreet ?lights?\b"), "streetlight"),
    (re.compile(r"\bwater ?mains?\b"), "watermain"),
    (re.compile(r"\bplay ?grounds?\b"), "playground"),
    (re.compile(r"\bair ?bnb\b"), "airbnb"),
)


def normalise(text: str) -> str:
    """Return the text in lower case, with plain quotes and single spaces, for reading by the encoder."""
    text = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'")
    return " ".join(text.lower().split())


def words(text: str) -> list[str]:
    """Return the message's words in order: lower case, SMS spellings written out, nothing left out."""
    return list(_words(text))


# A message is cut into its words in half a dozen places.
@lru_cache(maxsize=64)
def _words(text: str) -> tuple[str, ...]:
    text = normalise(text)
    for pattern, joined in _JOINS:
        text = pattern.sub(joined, text)
    return tuple(SMS_SPELLINGS.get(w, w) for w in _WORD.findall(text))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the word's stem (Snowball's English stemmer)."""
    return str(_stemmer.stemWord(word.removesuffix("'s")))


def terms(message_words: Iterable[str]) -> list[str]:
    """Return the stems of the words that say something about the matter."""
    return [stem(w) for w in message_words if w not in STOP_WORDS]
