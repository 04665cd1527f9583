"""Measures suggesting, masking, reading order and near copies beside their goals.

Usage: python tests/bench/bench_themes.py FOLDER or FOLDER/nhs_fft_train_dev.csv.gz

FOLDER holds nhs_fft_train_dev.csv.gz, nhs_fft_codebook.json, handmade_open.jsonl and
handmade_codebook.json. Patient comments are the nearest openly licensed human-coded feedback;
they are not survivors' words. Invented answers lie in tests/vectors; nobody tuned anything to
their part "kept".
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
import resource
import statistics
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from feedback.themes import codebook as books
from feedback.themes.care import Turn, turn
from feedback.themes.language import guess
from feedback.themes.masking import find
from feedback.themes.near import near_copies
from feedback.themes.safety import check_writing
from feedback.themes.suggest import CodedAnswer, Suggester

DRAWS = 5
ENOUGH = 10  # answers a theme needs in the test for its own F1
Scores = dict[str, float]


def main(given: Path) -> None:
    """Print every table, from a folder or from the comments in it."""
    folder = given if given.is_dir() else given.parent
    comments, book = read_comments(folder), read_nhs_book(folder)
    cost(book, comments)
    suggesting(book, comments)
    splits(book, [answer for _, answer in comments])
    lines = (folder / "handmade_open.jsonl").read_text("utf-8").splitlines()
    handmade = [json.loads(line) for line in lines]
    suggesting_handmade(read_handmade_book(folder), handmade)
    suggesting_invented()
    masking(handmade, comments)
    masking_invented()
    order_and_language(handmade, comments)
    copies(comments)


def row(name: str, *cells: tuple[str, float, str]) -> None:
    """Print one line: each cell is a measure, its value and its goal."""
    print(f"  {name:<34}" + "  ".join(f"{m} {v:.3f} ({g})" for m, v, g in cells))


# ------------------------------------------------------------------ reading the data


def read_comments(folder: Path) -> list[tuple[str, CodedAnswer]]:
    """Return each comment with the part of the split it belongs to."""
    with gzip.open(folder / "nhs_fft_train_dev.csv.gz", "rt", encoding="utf-8") as file:
        return [
            (
                line["split"],
                CodedAnswer(line["text"], "en", tuple(map(slug, line["codes"].split("|")))),
            )
            for line in csv.DictReader(file)
        ]


def slug(name: str) -> str:
    """Return a theme id for the name of a code."""
    return re.sub(r"[^a-z]+", "_", name.lower()).strip("_")[:40]


def read_nhs_book(folder: Path) -> books.Codebook:
    """Return the 27 codes with the stems that lie beside this file."""
    stems = tomllib.loads(Path(__file__).with_name("nhs_stems.toml").read_text("utf-8"))
    codes = json.loads((folder / "nhs_fft_codebook.json").read_text("utf-8"))
    themes = [
        {
            "id": slug(name),
            "words": {
                "en": {
                    "label": name,
                    "definition": code["definition"][:600],
                    "stems": stems[name],
                    "examples": [phrase[:600] for phrase in code["examples"]],
                }
            },
        }
        for name, code in codes.items()
    ]
    return book_of("Patient experience", themes, ["en"])


def read_handmade_book(folder: Path) -> books.Codebook:
    """Return the 15 bilingual themes; their key words match any ending."""
    themes = [
        {
            "id": code["code"],
            "words": {
                lang: {
                    "label": code["name"][lang],
                    "definition": code["definition"][lang],
                    "stems": [f"{word}*" for word in code["keywords"][lang]],
                    "examples": code["examples"][lang],
                }
                for lang in ("en", "es")
            },
        }
        for code in json.loads((folder / "handmade_codebook.json").read_text("utf-8"))
    ]
    return book_of("Hand-made", themes, ["en", "es"])


def book_of(name: str, themes: list[dict[str, Any]], languages: list[str]) -> books.Codebook:
    """Return a codebook of plain themes with the project's own flags."""
    flags = json.loads(books.to_json(books.load()))["flags"]
    data = {"name": name, "version": 1, "languages": languages, "themes": themes, "flags": flags}
    return books.parse(data, name)


# ------------------------------------------------------------------ suggesting


def suggesting(book: books.Codebook, comments: list[tuple[str, CodedAnswer]]) -> None:
    """Draw coded comments, suggest for the development part, print means over the draws."""
    train = [answer for part, answer in comments if part == "train"]
    dev = [answer for part, answer in comments if part == "dev"]
    goals = {
        0: (".73", ".81", "-", "-"),
        50: (".77", "-", "-", ".51"),
        200: (".80", ".86", ".64", ".55"),
        1000: (".84", "-", ".68", ".59"),
    }
    print("Suggesting, 27 codes, patient comments: value (goal)")
    row("stems alone", *cells(measure(Suggester(book, learn=False), dev), ("-", "-", "-", "-")))
    for coded, goal in goals.items():
        runs = [
            measure(Suggester(book, random.Random(seed).sample(train, coded)), dev)
            for seed in range(DRAWS if coded else 1)
        ]
        mean = {name: statistics.fmean(run[name] for run in runs) for name in runs[0]}
        row(f"{coded} coded", *cells(mean, goal))


def suggesting_handmade(book: books.Codebook, answers: list[dict[str, Any]]) -> None:
    """Suggest with a bilingual codebook and no coded answer."""
    print("Suggesting, 15 themes, hand-made answers, none coded")
    suggester = Suggester(book)
    for lang, goal in (("en", "-"), ("es", ".70")):
        mine = [
            CodedAnswer(one["text"], lang, tuple(one["codes"]))
            for one in answers
            if one["lang"] == lang and one["codes"]
        ]
        row(f"{lang}, {len(mine)} answers", *cells(measure(suggester, mine), (goal, "-", "-", "-")))


def suggesting_invented() -> None:
    """Suggest with the starter codebook for invented answers, none coded."""
    print("Suggesting, the starter codebook's 30 themes, invented answers, none coded")
    suggester = Suggester(books.load())
    for part, lang in product(("tuned", "kept"), ("en", "es")):
        mine = [
            CodedAnswer(one["text"], lang, tuple(one["themes"]))
            for one in invented()
            if one["part"] == part and one["lang"] == lang and one["themes"]
        ]
        row(f"{part}, {lang}, {len(mine)}", *cells(measure(suggester, mine), ("-",) * 4)[:3])


def splits(book: books.Codebook, answers: list[CodedAnswer]) -> None:
    """Draw the comments to suggest for anew, eight times; print the mean and the worst draw."""
    print("Suggesting, eight random splits of all comments: mean and worst draw")
    for coded in (0, 200, 1000):
        runs = []
        for seed in range(8):
            drawn = random.Random(seed).sample(answers, len(answers))
            test, rest = drawn[: len(drawn) // 3], drawn[len(drawn) // 3 :]
            runs.append(measure(Suggester(book, rest[:coded]), test))
        for name, of in (("mean", statistics.fmean), ("worst", min)):
            values = {measured: of(run[measured] for run in runs) for measured in runs[0]}
            row(f"{coded} coded, {name}", *cells(values, ("-",) * 4))


def cells(values: Scores, goals: Sequence[str]) -> list[tuple[str, float, str]]:
    """Pair each measure with its goal."""
    return [(name, values[name], goal) for name, goal in zip(values, goals, strict=True)]


def measure(suggester: Suggester, answers: list[CodedAnswer]) -> Scores:
    """Return recall among 3 and 5 suggestions, micro-F1 and macro-F1."""
    suggested = suggester.suggest_all([(one.text, one.lang) for one in answers], most=100)
    ordered = [[one.theme for one in row] for row in suggested]
    decided = [
        {s.theme for i, s in enumerate(row) if i == 0 or s.score >= 0.5} for row in suggested
    ]
    truth = [set(one.themes) for one in answers]
    f1 = [
        f1_of([(theme in t, theme in d) for t, d in zip(truth, decided, strict=True)])
        for theme in {theme for themes in truth for theme in themes}
        if sum(theme in t for t in truth) >= ENOUGH
    ]
    both = sum(len(t & d) for t, d in zip(truth, decided, strict=True))
    return {
        "R@3": recall(truth, ordered, 3),
        "R@5": recall(truth, ordered, 5),
        "micro": 2 * both / sum(len(t) + len(d) for t, d in zip(truth, decided, strict=True)),
        "macro": statistics.fmean(f1) if f1 else 0.0,
    }


def recall(truth: list[set[str]], ordered: list[list[str]], most: int) -> float:
    """Return the mean share of an answer's true themes among the first suggestions."""
    pairs = zip(truth, ordered, strict=True)
    return statistics.fmean(len(t & set(o[:most])) / len(t) for t, o in pairs)


def f1_of(pairs: list[tuple[bool, bool]]) -> float:
    """Return F1 of pairs (true, decided)."""
    both = sum(t and d for t, d in pairs)
    total = sum(t + d for t, d in pairs)
    return 2 * both / total if total else 0.0


def cost(book: books.Codebook, comments: list[tuple[str, CodedAnswer]]) -> None:
    """Learn from 1,000 and suggest for 1,000; the first thing measured, so memory is its own."""
    answers = [answer for _, answer in comments]
    start = time.process_time()
    Suggester(book, answers[:1000]).suggest_all([(a.text, a.lang) for a in answers[1000:2000]])
    seconds = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("Cost of 1,000 coded and 1,000 to suggest")
    row("seconds of processor, MB at most", ("s", seconds, "3"), ("MB", memory, "350"))


# ------------------------------------------------------------------ masking and order


def masking(answers: list[dict[str, Any]], comments: list[tuple[str, CodedAnswer]]) -> None:
    """Count marked details that a found span touches, and answers where something is found."""
    print("Masking")
    for name, change, goal in (("as written", str, ".90"), ("all lower case", str.lower, ".55")):
        marked = found = false = 0
        for one in answers:
            spans = find(change(one["text"]))
            marks = [(start, end) for start, end, _ in one["pii"]]
            marked += len(marks)
            found += sum(any(s.start < e and s.end > b for s in spans) for b, e in marks)
            false += sum(not any(s.start < e and s.end > b for b, e in marks) for s in spans)
        precision = found / (found + false)
        row(f"hand-made, {name}", ("recall", found / marked, goal), ("precision", precision, "-"))
    texts = [answer.text for _, answer in comments]
    flagged = sum(bool(find(text)) for text in texts) / len(texts)
    warned = sum(bool(check_writing(text)) for text in texts) / len(texts)
    row("patient comments", ("flagged", flagged, "<= .08"), ("writer warned", warned, "-"))


def masking_invented() -> None:
    """Count details found in invented answers, and plain answers and words hidden for nothing."""
    for part, change in product(("tuned", "kept"), (str, str.lower)):
        answers = [one for one in invented() if one["part"] == part]
        row(f"invented, {part}, {change.__name__}", *masking_cells(answers, change))
    kept = [one for one in invented() if one["part"] == "kept"]
    for kind in sorted({kind for one in kept for *_, kind in one["details"]}):
        found = [details_found(kept, change, kind) for change in (str, str.lower)]
        row(
            f"kept, {kind}, {len(found[0])}",
            *zip(("as written", "lower"), map(statistics.fmean, found), "--", strict=True),
        )


def masking_cells(
    answers: list[dict[str, Any]], change: Callable[[str], str]
) -> list[tuple[str, float, str]]:
    """Return recall, in each language too, plain answers flagged and words hidden for nothing."""
    cells = [("recall", statistics.fmean(details_found(answers, change)), "-")]
    for lang in ("en", "es"):
        mine = [one for one in answers if one["lang"] == lang]
        cells.append((lang, statistics.fmean(details_found(mine, change)), "-"))
    plain = [bool(find(change(one["text"]))) for one in answers if not one["details"]]
    words = [hidden for one in answers for hidden in words_hidden(one, change)]
    cells.append(("plain flagged", statistics.fmean(plain), "-"))
    return [*cells, ("words hidden for nothing in 1,000", 1000 * statistics.fmean(words), "-")]


def invented() -> list[dict[str, Any]]:
    """Return the invented answers; ages are marked there and left to be read."""
    path = Path(__file__).parents[1] / "vectors" / "invented_answers.json"
    answers: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["answers"]
    for one in answers:
        one["details"] = [mark for mark in one["details"] if mark[2] != "age"]
    return answers


def details_found(
    answers: list[dict[str, Any]], change: Callable[[str], str], kind: str = ""
) -> list[bool]:
    """Say for each marked detail whether a found span touches it."""
    return [
        any(span.start < end and span.end > start for span in find(change(one["text"])))
        for one in answers
        for start, end, its in one["details"]
        if kind in ("", its)
    ]


def words_hidden(one: dict[str, Any], change: Callable[[str], str]) -> list[bool]:
    """Say for each word outside the marked details whether it is hidden."""
    spans = find(change(one["text"]))
    outside = [
        word
        for word in re.finditer(r"\w+", one["text"])
        if not any(word.start() < end and word.end() > start for start, end, _ in one["details"])
    ]
    return [any(s.start < w.end() and s.end > w.start() for s in spans) for w in outside]


def order_and_language(
    answers: list[dict[str, Any]], comments: list[tuple[str, CodedAnswer]]
) -> None:
    """Count answers marked as danger that come first, and the others that do as well."""
    first = [turn(one["text"]) is Turn.FIRST for one in answers]
    marked = [bool(one["crisis"]) for one in answers]
    found = sum(f and m for f, m in zip(first, marked, strict=True))
    false = sum(f and not m for f, m in zip(first, marked, strict=True))
    texts = [answer.text for _, answer in comments]
    flagged = sum(turn(text) is Turn.FIRST for text in texts) / len(texts)
    right = statistics.fmean(guess(one["text"], "en") == one["lang"] for one in answers)
    print("Reading order and language")
    row("hand-made", ("recall", found / sum(marked), "1"), ("others", false, "-"))
    row("patient comments", ("flagged", flagged, "<= .01"))
    row("language guessed right", ("share", right, "-"))


def copies(comments: list[tuple[str, CodedAnswer]]) -> None:
    """Edit 150 comments a little; count how many are paired with their source, and other pairs."""
    rng = random.Random(1)
    texts = [a.text for _, a in comments if len(a.text.split()) >= 6][:2000]
    sources = rng.sample(range(len(texts)), 150)
    start = time.process_time()
    pairs = near_copies([*texts, *(edited(texts[i], rng) for i in sources)])
    seconds = time.process_time() - start
    wanted = {(source, len(texts) + at) for at, source in enumerate(sources)}
    found = {(pair.one, pair.other) for pair in pairs}
    extra = sum(other < len(texts) for _, other in found)
    print("Near copies: 150 edited among 2,000")
    row("pairs", ("found", len(wanted & found) / 150, ".95"), ("extra pairs", extra, "20"))
    row("cost", ("s", seconds, "-"))


def edited(text: str, rng: random.Random) -> str:
    """Return the text with a typing slip, a dropped word, capitals or exclamation marks."""
    words = text.split()
    at = rng.randrange(len(words))
    way = rng.randrange(4)
    if way == 0:
        words[at] = words[at][:1] + words[at][2:]
    elif way == 1:
        del words[at]
    elif way == 2:
        return text.upper()
    return " ".join(words) + ("!!" if way == 3 else "")


if __name__ == "__main__":
    if sys.argv[1:]:
        main(Path(sys.argv[1]))
    else:
        print(
            "These measure real data, which is not part of the project. Give the path of the data:"
        )
        print("  python tests/bench/bench_themes.py FOLDER")
