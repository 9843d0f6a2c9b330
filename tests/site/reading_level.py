"""How easily English reads: Flesch's reading ease (1948, Journal of Applied Psychology 32:221).

206.835 less 1.015 words a sentence less 84.6 syllables a word; 60 to 70 is plain English. Syllables
are counted as groups of vowels, less a silent e at the end: right for most words, a little high or
low for others, which evens out over a page.
"""

import re

WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")


def syllables(word: str) -> int:
    """Return about how many syllables a word has, at least 1."""
    lower = re.sub(r"[^a-z]", "", word.lower())
    stem = re.sub(r"(?<![aeiouyl])e$|(?<=[^td])ed$", "", lower)
    return max(len(re.findall(r"[aeiouy]+", stem)), 1)


def reading_ease(text: str) -> float:
    """Return Flesch's reading ease of some sentences."""
    sentences = [part for part in re.split(r"[.!?:;](?:\s|$)", text) if WORD.search(part)]
    words = WORD.findall(text)
    mean_length = len(words) / len(sentences)
    return 206.835 - 1.015 * mean_length - 84.6 * sum(map(syllables, words)) / len(words)
