"""No paraphrase that repeats four content words of an answer gets past, however dressed up."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.themes.guard import COPY, Guard

FEW = settings(max_examples=60, deadline=None)

# Forms of one word each; what is written may use any of them in place of any other.
WORDS = (
    ("call", "calls", "called", "calling"),
    ("wait", "waits", "waited", "waiting"),
    ("explain", "explains", "explained", "explaining"),
    ("question", "questions", "question's"),
    ("listen", "listened", "listening"),
    ("story", "stories"),
    ("phone", "phones", "phone’s"),
    ("answer", "answers", "answered"),
    ("tired", "tired"),
    ("promise", "promises", "promised"),
    ("llamó", "llamar", "llamaron", "llamo"),
    ("esperé", "esperar", "esperamos", "esperando"),
    ("explicó", "explicar", "explicaron"),
    ("pregunta", "preguntas", "PREGUNTAS"),
    ("ayudó", "ayudar", "ayudaron"),
    ("cansada", "cansado", "cansadas"),
    ("respuesta", "respuestas"),
)
SMALL = ("the", "and", "me", "to", "was", "not", "they", "no", "de", "la", "que", "me", "y", "por")
BETWEEN = st.sampled_from((" ", ", ", " … ", "—", "! ", "\n", "-", ' "', "_", " \u200b "))
ORIGINAL = st.lists(st.sampled_from(WORDS), min_size=4, max_size=9)


@st.composite
def written(draw, words):
    """Return the words in any of their forms, with small words and signs between them."""
    text = ""
    for forms in words:
        for small in draw(st.lists(st.sampled_from(SMALL), max_size=2)):
            text += small + draw(BETWEEN)
        form = draw(st.sampled_from(forms))
        dress = draw(st.sampled_from((str, str.upper, str.title, soften, accented, widened)))
        text += dress(form) + draw(BETWEEN)
    return text


def soften(word):
    """Put an invisible sign between the letters."""
    return "\u00ad".join(word)


def accented(word):
    """Put an accent on each letter."""
    return unicodedata.normalize("NFC", "".join(letter + "\u0301" for letter in word))


def widened(word):
    """Write the letters in full width, as some phones do."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


@FEW
@given(st.data(), ORIGINAL)
def test_four_words_of_meaning_in_a_row_are_never_repeated(data, words):
    original = data.draw(written(words))
    start = data.draw(st.integers(0, len(words) - 4))
    copied = data.draw(written(words[start : start + 4]))
    noise = st.text("qx z.", max_size=20)
    text = f"{data.draw(noise)} {copied} {data.draw(noise)}"
    assert COPY in Guard([]).problems(text, original)
    somebody_else = Guard(["nothing here", original])
    assert COPY in somebody_else.problems(text, "an unlike thing altogether")


@FEW
@given(st.data(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
def test_a_short_answer_is_never_repeated_whole(data, words):
    original, copied = data.draw(written(words)), data.draw(written(words))
    assert Guard([]).problems(copied, original)


@FEW
@given(st.data(), st.lists(st.sampled_from(WORDS), min_size=4, max_size=8, unique=True))
def test_the_same_words_in_another_order_are_a_copy_too(data, words):
    mixed = data.draw(st.permutations(words))
    assert Guard([]).problems(data.draw(written(mixed)), data.draw(written(words)))


@FEW
@given(st.data(), st.lists(st.sampled_from(WORDS), min_size=4, max_size=9, unique=True))
def test_words_with_others_between_them_are_no_run(data, words):
    """What is only about the same thing gets past: the guard does not forbid a topic."""
    first, *rest = words[:3]
    text = f"It would be kinder to {first[0]} people gently"
    text += "".join(f", and maybe {one[0]} differently" for one in rest)
    original = data.draw(written(words))
    assert COPY not in Guard([original]).problems(text, original)
