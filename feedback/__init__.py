"""Throughline: the way of one response.

::

    web.site         a page in plain HTML takes answers, or bytes sealed in the browser
    intake.submit    door 1: checked, sealed into two parts of fixed size, stored
    store.box        rows of equal size, in no order, with no time
    custody.unlock   custodians type passphrases; any one opens codes, k of n open words
    opening.open_new door 2: each row is opened once, in memory, into a sealed snapshot
    themes           people read the words and code them
    publishing.build door 3: tables, random rounding, the attacker's check
    publishing.publish   a second person approves: signed, numbered, chained, frozen
    decisions        evidence, decisions, what changed: from releases only
    ui, pages        what the team sees; exports; the public board
"""
