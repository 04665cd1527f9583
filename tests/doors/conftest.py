"""The command `throughline` and the custodians' pages in process, as a person meets them."""

import resource
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from feedback.cli import main
from feedback.ui import gate
from feedback.ui.handing_out import ON_PAPER, Kind


@pytest.fixture
def throughline():
    """Return a function that runs a command and checks how it ends: with words, never a trace."""

    def run(*arguments, code=0, given=None):
        result = CliRunner().invoke(main, [str(each) for each in arguments], input=given)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        assert result.exit_code == code, result.output
        assert code == 0 or result.output.strip()
        return result

    return run


@pytest.fixture(scope="session")
def handed_out(made_demonstration, tmp_path_factory):
    """Every kind of file of release 1, made by the command."""
    place = tmp_path_factory.mktemp("handed-out")
    files = {}
    kinds = [(kind, "meeting") for kind in Kind] + [(kind, "funder") for kind in ON_PAPER]
    for kind, whom in kinds:
        words = ["export", str(made_demonstration.path), "1", "--format", kind.value, "--for", whom]
        said = CliRunner().invoke(main, [*words, "--out", str(place)])
        assert said.exit_code == 0, said.output
        files[kind, whom] = place / said.stdout.strip().rpartition("/")[2]
    return files


@pytest.fixture
def full_disk():
    """Return a context in which no file of this process grows past so many bytes."""

    @contextmanager
    def full(most):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return full


PAGES = Path(__file__).parents[2] / "pages"


class Screen:
    """A custodian page in one session: what stands on it, and what a hand does there."""

    def __init__(self, app):
        self.app = app

    def run(self):
        self.app.run()
        assert not self.app.exception
        return self

    def goes_to(self, page):
        """Open another page in the same session, as a click on the menu does."""
        before = self.app
        self.app = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
        self.app._session_state, self.app.session_state = (
            before._session_state,
            before.session_state,
        )
        return self.run()

    def unlock(self, team, *names):
        for name in names:
            self.app.text_input(key=f"words-{name}").set_value(team.secrets[name])
        return self.press("Unlock")

    def press(self, label):
        next(one for one in self.app.button if one.label == label).click()
        return self.run()

    def choose(self, key, value):
        self.app.radio(key=key).set_value(value)
        return self.run()

    def show(self):
        """Take the cover off the answer in front, where there is one."""
        return self.press("Show the answer") if "Show the answer" in self.labels else self

    def pick(self, *themes):
        """Press themes until exactly these are marked."""
        before = self.picked
        gone = [theme for theme in before if theme not in themes]
        for theme in (*gone, *(one for one in themes if one not in before)):
            self.app.button(key=f"press-{self.desk.turn}--{theme}").click()
            self.run()
        return self

    @property
    def picked(self):
        """Which themes the screen shows as marked."""
        start = f"press-{self.desk.turn}--"
        return [
            one.key.removeprefix(start)
            for one in self.app.button
            if (one.key or "").startswith(start) and one.proto.type == "primary"
            if "-" not in one.key.removeprefix(start)  # a word to hide
        ]

    @property
    def desk(self):
        return self.app.session_state[gate.OPENED]

    @property
    def labels(self):
        return {one.label for one in self.app.button}

    @property
    def said(self):
        app = self.app
        kinds = (
            app.markdown, app.caption, app.info, app.error, app.warning, app.title, app.success,
        )  # fmt: skip
        return "\n".join(str(one.value) for kind in kinds for one in kind)


@pytest.fixture
def room(demonstration, monkeypatch):
    """Return a function that starts a page as somebody who signed in sees it."""
    text = demonstration.folder.team_file.read_text()
    demonstration.folder.team_file.write_text(text.replace("idle_minutes = 15", "idle_minutes = 1"))
    assert demonstration.folder.team().idle_minutes == 1
    monkeypatch.setenv("THROUGHLINE_DATA", str(demonstration.path))

    def start(page="reading_room", *, signed_in=True, surface="custodian"):
        monkeypatch.setenv("THROUGHLINE_SURFACE", surface)
        app = AppTest.from_file(str(PAGES / "custodian" / f"{page}.py"), default_timeout=60)
        if signed_in:
            app.session_state[gate.SIGNED_IN] = True
        return Screen(app).run()

    return start
