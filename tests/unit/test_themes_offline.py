"""Nothing in this room opens a socket or writes a file."""

import builtins
import socket

import pytest

from feedback.themes import codebook as books
from feedback.themes.care import turn
from feedback.themes.language import guess
from feedback.themes.masking import mask
from feedback.themes.near import near_copies, new_words
from feedback.themes.safety import check_writing
from feedback.themes.suggest import CodedAnswer, Suggester

TEXT = "Officer Briggs kept my phone, call 612-555-0148 or write to me@example.com marker"


@pytest.fixture
def cut_off(monkeypatch):
    def refuse(*_args, **_more):
        raise AssertionError("a socket was opened")

    real_open = builtins.open

    def read_only(file, mode="r", *args, **more):
        assert not set(mode) & set("wax+"), "a file was written"
        return real_open(file, mode, *args, **more)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(builtins, "open", read_only)


@pytest.mark.usefixtures("cut_off")
def test_a_whole_session_opens_no_socket_and_writes_no_file():
    coded = [CodedAnswer(TEXT, "en", ("interview",))]
    assert Suggester(books.load(), coded).suggest(TEXT, "en")
    assert Suggester(books.load(), coded, learn=False).suggest(TEXT, "en")
    assert mask(TEXT)
    assert check_writing(TEXT)
    assert guess(TEXT, "es") == "en"
    assert turn(TEXT) == 0
    assert near_copies([TEXT, TEXT])
    assert new_words([TEXT] * 3, ["a b c"] * 9)
