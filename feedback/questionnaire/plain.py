"""Whether a text is plain and quiet: its reading grade, and words that tell the topic."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

GRADE = 6  # what a respondent reads is at this school grade or below

# Somebody may look at the screen: no page but the one with help lines may hold one of these.
TOPIC = (
    "traffick", "assault", "rape", "abuse", "sexual", "prostitut", "victim", "survivor",
    "trata de", "agresion", "violacion",
)  # fmt: skip


def topic_words(text: str) -> tuple[str, ...]:
    """Return the words of the topic that stand in a text, whatever their accents and case."""
    bare = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return tuple(word for word in TOPIC if re.search(rf"\b{word}", letters))


def hard_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of an English text that are above the grade; short ones never are."""
    sentences = [part.strip() for part in re.split(r"(?<=[.!?:])\s+", text)]
    return tuple(s for s in sentences if len(_words(s)) >= 8 and grade([_words(s)]) > GRADE)


def grade(sentences: Sequence[Sequence[str]]) -> float:
    """Return the Flesch-Kincaid grade of sentences, each a list of words."""
    words = [word for sentence in sentences for word in sentence]
    syllables = sum(map(syllables_in, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def syllables_in(word: str) -> int:
    """Count the vowel groups of an English word, as Flesch's own rule for counting by hand does."""
    word = word.lower().replace("'", "")
    groups = re.findall(r"[aeiouy]+", word)
    count = len(groups)
    if word.endswith("e") and not re.search(r"[^aeiouy]le$|[aeiouy]e$|ee$", word):
        count -= 1
    if re.search(r"[^td]ed$", word) and not re.search(r"[aeiouy]ed$", word):
        count -= 1
    count += len(re.findall(r"ia(?!l$)|io(?!n)|eo(?!p)|uou|ying", word))
    return max(count, 1)


def _words(sentence: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", sentence)
