// What a number is, beside its link: label, interval, grade, for whom. It comes on hover and focus,
// stays while it is pointed at, goes with Escape. The link leads to the number's card.
(() => {
  const numbers = new URL("../numbers/", document.currentScript.src);
  const DELAY = 150;
  const known = new Map();
  let preview = null;
  let timer = 0;

  const make = (tag, className, text) => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  };

  function number(id) {
    if (!known.has(id)) {
      known.set(id, fetch(new URL(`${id}.json`, numbers)).then((answer) => (answer.ok ? answer.json() : { numbers: [] })).then(({ numbers: [first] }) => first, () => undefined));
    }
    return known.get(id);
  }

  function close() {
    clearTimeout(timer);
    preview?.remove();
    preview = null;
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(close, DELAY);
  };

  async function open(link) {
    clearTimeout(timer);
    const found = await number(decodeURIComponent(link.hash.slice(1)));
    if (!found || !link.matches(":hover, :focus")) return;
    close();
    preview = make("div", "number-preview", "");
    preview.id = "number-preview";
    preview.setAttribute("role", "tooltip");
    preview.append(
      make("b", "", found.label),
      make("span", "number-preview-text", found.text),
      make("span", `grade grade-${found.grade}`, found.grade),
      make("span", "number-preview-estimand", found.estimand),
    );
    preview.addEventListener("pointerenter", () => clearTimeout(timer));
    preview.addEventListener("pointerleave", later);
    document.body.append(preview);
    link.setAttribute("aria-describedby", preview.id);
    const at = link.getBoundingClientRect();
    const below = at.bottom + preview.offsetHeight + 12 < document.documentElement.clientHeight;
    preview.style.top = `${window.scrollY + (below ? at.bottom + 4 : at.top - preview.offsetHeight - 4)}px`;
    preview.style.left = `${window.scrollX + Math.max(8, Math.min(at.left, document.documentElement.clientWidth - preview.offsetWidth - 8))}px`;
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const link of document.querySelectorAll("article a.number")) {
      link.removeAttribute("title");
      link.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && open(link));
      link.addEventListener("focus", () => open(link));
      link.addEventListener("pointerleave", later);
      link.addEventListener("blur", later);
    }
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
  });
})();
