"""Settings that are one for the whole form: its words, its way out, how careful releases are."""

from __future__ import annotations

import streamlit as st

from feedback.questionnaire.plain import hard_sentences, topic_words
from feedback.settings import TeamFile
from feedback.team_file import Value
from feedback.ui import settings_saving as saving
from feedback.ui.texts import plain

WHY_CAREFUL = """
**Made-up answers.** Anybody who knows the address can send many. Somebody could send nine, wait
until one real person answers, and learn what that one said. Three things help:

- **More people first.** With an open link, raise the fewest people to **20**.
- **Coarser numbers.** With an open link, round to **tens** instead of fives.
- **Cards.** Helpers let people draw a folded card from a bowl. Nobody knows who drew which. The
  letters on it let one person be counted, once. A round with cards closes when enough cards came
  in, or when 20 answered in all. An answer without a card is read like any other.
  Make cards with `throughline cards`.

These can be made stricter here, and never weaker. A change holds for the next round: what a round
promised when it opened stays as it was.
"""

LIMITS = {  # what it says, and the most it can be
    "k": ("Fewest people in anything that is shown", 50),
    "k_groups": ("Fewest people before anything is shown by group", 200),
}
WHY_SAMPLE = (
    "Above a few hundred answers a sample tells as much: only the words of some people, drawn by "
    "lot, are read, and their themes stand for everybody."
)


def form_words(team: TeamFile, languages: dict[str, str], *, may: bool) -> None:
    """Draw where Leave goes and what the team itself says on the entry page."""
    st.header("The form", anchor=False)
    if not may:
        st.markdown(f"**Leave opens** `{team.leave}`")
        st.markdown(f"**The entry page also says:** {plain(team.welcome) or 'nothing of its own'}")
        return
    with st.form("settings-form"):
        leave = st.text_input(
            "Leave opens this page",
            team.leave,
            key=saving.field("leave"),
            help="A plain page that looks the same for everybody, such as the weather.",
        )
        welcome = st.text_area(
            "Your own words on the entry page (may stay empty)",
            team.welcome,
            key=saving.field("welcome"),
        )
        others = {
            tag: st.text_area(
                f"The same in {name}",
                team.welcome_in.get(tag, ""),
                key=saving.field(f"welcome-{tag}"),
            )
            for tag, name in languages.items()
            if tag != "en"
        }
        sent = st.form_submit_button("Save", type="primary")
    seen = [
        saving.edited("leave", leave.strip(), team),
        saving.edited("welcome", welcome.strip(), team),
        *(
            saving.edited(tag, text.strip() or None, team, table="welcome_in")
            for tag, text in others.items()
        ),
    ]
    advice(welcome)
    if sent and not _names_topic((welcome, *others.values())):
        saving.save(seen, "Saved. The form says so from the next visit on.")


def advice(text: str) -> None:
    """Draw a gentle word about sentences that many people cannot read easily."""
    for sentence in hard_sentences(text):
        st.info(
            f"This may be hard to read: “{plain(sentence)}” Shorter words and sentences help.",
            icon=":material/lightbulb:",
        )


def careful(team: TeamFile, *, may: bool) -> None:
    """Draw the limits of releases, which can be raised, and why."""
    st.header("How careful releases are", anchor=False)
    st.markdown(WHY_CAREFUL)
    if not may:
        for name, (label, _) in LIMITS.items():
            st.markdown(f"**{label}:** {getattr(team, name)}")
        st.markdown(f"**Numbers are rounded to steps of:** {team.base}")
        st.markdown(f"**Whose words are read:** {_whose(team.sample)}. {WHY_SAMPLE}")
        return
    with st.form("settings-careful"):
        wanted: dict[str, Value] = {
            name: int(
                st.number_input(
                    label, getattr(team, name), most, getattr(team, name), key=saving.field(name)
                )
            )
            for name, (label, most) in LIMITS.items()
        }
        steps = [step for step in (5, 10) if step >= team.base]
        wanted["base"] = st.selectbox(
            "Numbers are rounded to steps of", steps, key=saving.field("base")
        )
        sizes = [0, *range(200, 401, 10)]
        sample = st.selectbox(
            "Whose words are read",
            sizes,
            sizes.index(team.sample or 0),
            format_func=_whose,
            key=saving.field("sample"),
        )
        wanted["sample"] = sample or None
        st.caption(f"{WHY_SAMPLE} This one may be changed either way.")
        sent = st.form_submit_button("Save", type="primary")
    seen = [saving.edited(name, value, team) for name, value in wanted.items()]
    if sent:
        saving.save(seen, "Saved. It holds for the next round.")


def _whose(sample: int | None) -> str:
    return f"{sample} people, drawn by lot" if sample else "Everybody's"


def _names_topic(texts: tuple[str, ...]) -> bool:
    found = sorted({word for text in texts for word in topic_words(text)})
    if found:
        st.error(
            f"The entry page must not tell what the form is about: take out “{', '.join(found)}”. "
            "Somebody may look at the screen. Nothing was saved; your words are still here."
        )
    return bool(found)
