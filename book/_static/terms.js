// The meaning of a term can be put away with Escape, and called up with a finger. Without this
// file it still appears when the term is pointed at or has the focus, and the term is a link.
document.addEventListener("DOMContentLoaded", () => {
  let finger = false;

  for (const term of document.querySelectorAll(".term")) {
    const meaning = term.querySelector(".term-meaning");

    // Keep the whole meaning on the screen.
    const place = () => {
      term.style.setProperty("--term-shift", "0px");
      const over = meaning.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
      if (over > 0) term.style.setProperty("--term-shift", `${-over}px`);
    };
    const begin = () => {
      term.classList.remove("put-away");
      place();
    };

    term.addEventListener("pointerenter", begin);
    term.addEventListener("focusin", begin);
    term.addEventListener("pointerdown", (event) => {
      finger = event.pointerType === "touch";
    });
    term.querySelector("a").addEventListener("click", (event) => {
      // The first touch shows the meaning, a second one follows the link.
      if (finger && !term.classList.contains("touched")) event.preventDefault();
      term.classList.toggle("touched", finger);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const term of document.querySelectorAll(".term:is(:hover, :focus-within)")) {
      term.classList.add("put-away");
    }
  });
});
