"""What hypothesis draws: texts as bad as the web's, and names that nobody has heard of."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = (
    "Ankara said that the vote was illegal Erdogan Mr. U.S. Barzani told he she they We According to Turkish president of and KRG "
    "referendum al-Abadi Prime Minister two ministers Kurds Iraqis not spokesman officials Baghdad's isn't yes independence "
    "Tillerson Uygur 12.5 92% 3,000 U.S J. Q: A: (Reuters) Erdo─čan â€œvoteâ€ İstanbul ΣΟΦΟΣ naïve Şirnak 😀 𝒜𝓑 "
).split()
_MARKS = ["“", "”", '"', "'", "’", "‘", "«", "»", ",", ".", "...", "…", "?", "!", ":", ";", "(", ")", "[", "]", "-", "—", "/"]
_BREAKS = ["\n", "\n\n", "\r\n", "\t", "\u00a0", "\u2028", "  "]
_LINES = ["By Jane Doe", "READ MORE: more", "Updated 25 September 2017", "ERBIL, Iraq -", "Voters wait (Photo: AFP)", "Q: Why?"]

_pieces = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from(_WORDS),
    st.sampled_from(_MARKS),
    st.sampled_from(_BREAKS + _LINES),
    st.text(max_size=4),
)

texts = st.one_of(
    st.text(max_size=60),
    st.lists(_pieces, max_size=40).map(" ".join),
    st.lists(_pieces, max_size=25).map("".join),
)
"""Texts of words, quotation marks, line breaks, damage and characters of all planes."""

# Consonants and vowels that make no word of any lexicon or codebook.
_syllables = st.sampled_from(["zor", "vath", "kel", "dra", "bo", "quen", "tis", "fex", "nu", "zim", "vor", "gax"])
unknown_names = st.lists(st.lists(_syllables, min_size=2, max_size=3).map("".join).map(str.capitalize), min_size=1, max_size=5).map(
    " ".join
)
"""Names of one to five words that no list holds."""
