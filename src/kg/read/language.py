"""Whether a text is English: a count of the words that no English text does without."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_ENGLISH = (
    "the of and to that is for with as by at from it be are this have has had not but his her their who which would"
    " said were they been after its he she will about into than when what there out up more"
)
_OTHERS = {  # words that tell other languages from each other
    "German": "der die das und ist nicht ein eine mit dem den auf für von zu im sich des werden auch",
    "French": "le la les des et est une dans que qui pour pas sur du au avec ce sont par il",
    "Spanish": "el la los las que y en del una por con para es se su al lo como más",
    "Italian": "il di che la e un una per non sono del della con le si dei al gli anche",
    "Portuguese": "o que de e do da em um uma para com não os as por no na dos mais ao",
    "Dutch": "de het een en van is dat niet op te zijn voor met aan er die ook bij wordt",
    "Polish": "i w na z do nie się że jest to o jak od po przez dla",
}
SCRIPTS = {  # the first word of a character's Unicode name
    "CYRILLIC": "a language in Cyrillic letters",
    "ARABIC": "a language in Arabic letters",
    "GREEK": "Greek",
    "HEBREW": "Hebrew",
    "DEVANAGARI": "a language in Devanagari letters",
    "HANGUL": "Korean",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "CJK": "Chinese or Japanese",
    "THAI": "Thai",
}
ENOUGH_WORDS = 30  # a shorter text is not judged
ENGLISH_SHARE = 0.1  # English news has 0.25 to 0.4 of them, other languages below 0.05
SAMPLE = 5_000  # characters that are looked at
LONGEST_WORD = 10  # letters; scripts without spaces have longer ones, counted as several

ENGLISH = frozenset(_ENGLISH.split())
OTHERS = {language: words.split() for language, words in _OTHERS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def foreign_language(text: str) -> str | None:
    """The language that a text seems to be in; None: English, or too short to tell.

    >>> foreign_language("Der Präsident ist nicht in der Stadt, und die Minister sind es auch nicht. " * 3)
    'German'
    """
    words = _WORD.findall(text[:SAMPLE].lower())
    size = max(len(words), sum(map(len, words)) // LONGEST_WORD)
    if size <= ENOUGH_WORDS or sum(map(ENGLISH.__contains__, words)) >= ENGLISH_SHARE * size:
        return None
    scripts = Counter(unicodedata.name(letter, "?").split()[0] for word in words for letter in word[:3])
    script = scripts.most_common(1)[0][0]
    return SCRIPTS.get(script) or _latin(Counter(words))


def _latin(words: Counter[str]) -> str:
    scores = {language: sum(words[word] for word in known) for language, known in OTHERS.items()}
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] >= ENGLISH_SHARE * words.total() else "another language"
