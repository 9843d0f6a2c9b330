"""Where Binder, a free service of others, runs the book."""

from urllib.parse import quote, urlsplit


def binder_address(repository: str) -> str:
    """Return where Binder runs a public repository; empty for none, or one it cannot run.

    Parameters
    ----------
    repository : str
        Address of the repository, on GitHub or GitLab.
    """
    parts = urlsplit(repository)
    path = parts.path.strip("/").removesuffix(".git")
    if parts.scheme != "https" or path.count("/") < 1:
        return ""
    if parts.netloc == "github.com":
        return f"https://mybinder.org/v2/gh/{path}/HEAD?labpath=notebooks"
    if parts.netloc == "gitlab.com":
        return f"https://mybinder.org/v2/gl/{quote(path, safe='')}/HEAD?labpath=notebooks"
    return ""
