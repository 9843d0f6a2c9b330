// The site does not know where it is published: show the full address of each number from where
// the reader found it, so that a copied citation can be followed.
document.addEventListener("DOMContentLoaded", () => {
  for (const card of document.querySelectorAll(".number-card")) {
    const link = card.querySelector("a.permanent-address");
    if (!link) continue;
    const short = `numbers.html#${card.id}`;
    // A filter of the page may stand in its address; it is no part of the number's.
    const address = new URL(link.href);
    address.search = "";
    const full = address.href;
    if (link.textContent === short) link.textContent = full;
    for (const citation of card.querySelectorAll("pre.citation")) {
      // Where the book states its own address, the citation has it already.
      if (citation.textContent.includes(`/${short}`)) continue;
      citation.textContent = citation.textContent.replace(short, full);
    }
  }
});
