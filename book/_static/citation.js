// The site does not know where it is published: show the full address of each number from where
// the reader found it, so that a copied citation can be followed.
document.addEventListener("DOMContentLoaded", () => {
  for (const card of document.querySelectorAll(".number-card")) {
    const link = card.querySelector("a.permanent-address");
    const short = link.textContent;
    const full = link.href;
    link.textContent = full;
    for (const citation of card.querySelectorAll("pre.citation")) {
      citation.textContent = citation.textContent.replace(short, full);
    }
  }
});
