// The site does not know where it is published: show the full address of each number from where
// the reader found it, so that a copied citation can be followed. On the page of all numbers the
// citations are put together here, from what each entry says.
document.addEventListener("DOMContentLoaded", () => {
  const opening = document.querySelector("[data-citation-opening]");

  // As `plain_citation` in analysis/report/citations.py words it.
  const cited = (entry, address) => {
    const said = (selector) => entry.querySelector(selector)?.textContent ?? "";
    const interval = said(".number-interval") && ` (${said(".number-interval")})`;
    const finding = `${said("h3 a")}: ${said(".number-value")}${interval} [${said(".grade")}]`;
    return `${opening.textContent} ${finding}. ${address}`;
  };

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
      if (opening && !citation.textContent) {
        const site = opening.dataset.site;
        citation.textContent = cited(card, site ? site + short : full);
        continue;
      }
      // Where the book states its own address, the citation has it already.
      if (citation.textContent.includes(`/${short}`)) continue;
      citation.textContent = citation.textContent.replace(short, full);
    }
  }
});
