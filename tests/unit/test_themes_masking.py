"""Masks hide names, places, numbers and dates, and leave ordinary words alone."""

import pytest

from feedback.themes.masking import find, mask
from feedback.themes.safety import Kind


def masked(text: str) -> str:
    return "".join(segment.chip for segment in mask(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Detective Harlan Briggs asked me", "Detective [name] asked me"),
        ("my advocate Keisha stayed", "my advocate [name] stayed"),
        ("my advocate keisha stayed", "my advocate [name] stayed"),
        ("Sgt. O'Neill and Ms. Tran sat with me", "[name] and [name] sat with me"),
        ("I saw dr. patel twice", "I saw [name] twice"),
        ("talk to Maria de la Cruz now", "talk to [name] now"),
        ("It was Anna K. who came", "It was [name] who came"),
        ("the guy is named rick", "the guy is named [name]"),
        ("El policía Ramírez se burló", "El policía [name] se burló"),
        ("se llama Chuy", "se llama [name]"),
    ],
)
def test_names_are_hidden(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I moved to Duluth to get away", "I moved to [place] to get away"),
        ("i moved to duluth", "i moved to [place]"),
        ("near grand rapids now", "near [place] now"),
        ("at Hennepin Valley Clinic they helped", "at [place] they helped"),
        ("afuera de la escuela Roosevelt", "afuera de la escuela [place]"),
        ("behind it on Highway 14", "behind it on [place]"),
        ("My boss at Rosie's Diner knew", "My boss at [place] knew"),
        ("they keep them in room 112", "they keep them in [place]"),
    ],
)
def test_places_are_hidden(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I went on 02/11/2026", "I went on [date]"),
        ("since March 3rd, 2025", "since [date]"),
        ("El 14 de febrero de 2026 fui", "El [date] fui"),
        ("it was in May 2024", "it was in [date]"),
        ("plate MN 482 KLT, please", "plate [number], please"),
        ("placa BTR 904, es el", "placa [number], es el"),
        ("my case number is 27-CR-19-1234", "my case number is [number]"),
        ("call 612-555-0148", "call [phone]"),
        ("star.girl09@example.com", "[email]"),
        ("at 2212 N Oak Park Ave, upstairs", "at [address], upstairs"),
    ],
)
def test_numbers_dates_and_addresses_are_hidden(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "I'm Somali and Muslim. I'd like Native staff who speak Spanish.",
        "The ER was slow. The CPS worker was kind. Call 911.",
        "On Monday they said it in English, not in May",
        "The kit took four hours and the case was dropped",
        "I waited 24 hours, 3 times in 2019",
        "Stop. Listen. Believe.",
        "No me dejaban cocinar mi comida",
        "LOUD LETTERS EVERYWHERE MEAN NO NAMES",
        "Treat Us Like Human Beings Please Every Single Time We Come",
        "",
    ],
)
def test_ordinary_words_stay(text):
    assert masked(text) == text


def test_segments_join_to_the_text_itself():
    text = "Ask Keisha or call 612-555-0148."
    assert "".join(segment.text for segment in mask(text)) == text
    assert [s.kind for s in mask(text)] == [None, Kind.NAME, None, Kind.PHONE, None]


def test_a_hidden_word_is_not_in_the_repr():
    assert "Keisha" not in repr(mask("Ask Keisha"))


def test_a_name_and_a_phone_side_by_side_stay_two():
    assert [span.kind for span in find("Keisha 612-555-0148")] == [Kind.NAME, Kind.PHONE]


@pytest.mark.parametrize(
    "text",
    [
        "detective [[ochoa]] told me to wait",
        "el oficial [[villarreal]] fue amable",
        "my stepdad [[frank]] knew",
        "mi primo [[chuy]] manejaba",
        "her name was [[Nkauj]]",
        "su apodo es [[Lobo]]",
        "everybody on the street calls her by her street name, her street name is [[Cherry]]",
        "it was on [[April twenty-second]]",
        "nací el [[veintidós de agosto]]",
        "since the [[eleventh of march]]",
        "call [[five oh seven five five five zero one nine nine]]",
        "find him as [[big_tone_44]]",
        "he is on insta as [[bigtone]]",
        "a kid from [[humboldt high school]]",
        "behind the [[motel 6]]",
        "dropped me at [[payne avenue]]",
        "en la [[colonia centro]] no hay nadie",
        "they took me to [[hcmc]]",
        "desde [[tenancingo]]",
        "back in [[oklahoma]]",
        "sheriff [[haugen]] asked twice",
        "my advocate [[may lee]] stayed",
        "mi prima [[dayanara]] la conoce",
        "my daughter, [[zainab]], is with my aunt",
        "it is [[travis underdahl]] from down the road",
        "they call him [[lil ray]]",
        "she said it to [[gloria and hope]]",
        "le dicen [[el güero]] y anda por ahí",
        "the house on [[juniper ct]]",
        "a place on [[5th and main]]",
        "at [[new hope assembly]] they knew",
        "i stayed with the nuns of [[st brigids]]",
        "en los apartamentos [[las brisas]]",
        "i am from [[garissa]] and alone",
        "he got out on [[6/14]] early",
        "back on [[christmas eve 2025]]",
        "add [[moonrat#4471]] there",
        "pay to [[$danio9]] please",
        "write to [[kiki dot reyes at example dot org]] ok",
    ],
)
def test_details_are_found_in_small_letters_too(text):
    plain = text.replace("[[", "").replace("]]", "")
    start, end = text.index("[["), text.index("]]") - 2
    assert any(span.start < end and span.end > start for span in find(plain))


@pytest.mark.parametrize(
    "text",
    [
        "la culpa no es mía",
        "quien contestó marcó otro número",
        "me da pena contarlo",
        "la barrera del idioma",
        "ella me creyó",
        "recibí una llamada de noche",
        "the doctor may know",
        "her ex will come back",
        "you may first ask what I need",
        "my high school did not believe me",
        "I was alone on the street",
        "his name was never said",
        "tengo miedo de ir sola por la calle",
        "one or two of the three officers were kind",
        "they asked me four or five times",
        "my friend drove me and my cousin told everybody",
        "the nurse will page the doctor",
        "my foster mom has daycare at home",
        "la enfermera que explique antes de tocar",
        "una llamada perdida y nadie contestó",
        "my grandma is 86 and i was fifteen",
    ],
)
def test_everyday_words_in_small_letters_are_left_alone(text):
    assert find(text) == []
