"""What a reader sees of a page before its first heading below the title."""

import re
from html import unescape

NUMBER = re.compile(r'class="number [^"]*" href="[^"#]*#([^"]+)"')
MEANING = re.compile(r'<span class="term-meaning.*?</span>', re.DOTALL)
FIGURE = re.compile(r"<figure.*?</figure>", re.DOTALL)


def first_screen(page):
    """Return the HTML of a page from its title to its first heading below."""
    article = page.text[page.text.index("<article") :]
    text = article[article.index("<h1") :]
    return text.partition("<h2")[0]


def numbers_of(html):
    """Return the ids of the numbers that stand there, each once, in order."""
    return list(dict.fromkeys(NUMBER.findall(html)))


def prose(html):
    """Return the words that are read: without the title, pictures and meanings of terms."""
    body = html[html.index("</h1>") :]
    for hidden in (FIGURE, MEANING):
        body = hidden.sub(" ", body)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split()).replace(" .", ".")
