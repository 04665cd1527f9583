"""The command `throughline` in process: what a person types, what they read, how it ends."""

import pytest
from click.testing import CliRunner

from feedback.cli import main


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
