// A text field with suggestions, by the combobox pattern of the WAI-ARIA Authoring Practices: the
// focus stays in the field, arrows move through the list, Enter chooses, Escape closes.

import { make } from "../explorers/elements.mjs";

const MOST = 12;

const plainText = (text) => text.toLocaleLowerCase("en-GB").normalize("NFKD").replace(/[^a-z0-9 ]/g, " ");

// Organisations that hold every word, those that begin with the text first, larger ones before.
export function matches(organisations, text) {
  const words = plainText(text).split(" ").filter(Boolean);
  if (!words.length) return [];
  const found = organisations.filter((one) => words.every((word) => one.search.includes(word)));
  const rank = (one) => (one.search.startsWith(words.join(" ")) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b) || b.people - a.people);
}

export const searchText = (name, code) => `${plainText(name).replace(/ +/g, " ").trim()} ${code.toLowerCase()}`;

// "50,000", "50 000" or "50k" as a number of people; nothing where the text is no size.
export function typedSize(text) {
  const [, digits, thousand] = text.trim().match(/^(\d[\d,. ]*)(k?)$/i) ?? [];
  if (!digits) return null;
  return thousand ? 1000 * Number(digits.replaceAll(",", ".").replaceAll(" ", "")) : Number(digits.replaceAll(/[,. ]/g, ""));
}

export class Combobox {
  // `describe` gives the second line of a suggestion; `chosen` is told what was chosen; `sizes`
  // gives suggestions for a text that is a size.
  constructor({ id, label, placeholder, describe, chosen, organisations, sizes }) {
    Object.assign(this, { describe, chosen, organisations, sizes, at: -1, shown: [] });
    this.field = make("input", {
      id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder, "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-describedby": `${id}-none`,
    });
    this.list = make("ul", { id: `${id}-list`, role: "listbox", "aria-label": label, hidden: "" });
    this.count = make("p", { class: "visually-hidden", "aria-live": "polite" });
    this.none = make("p", { class: "hint", id: `${id}-none`, hidden: true });
    this.block = make("div", { class: "finder-search" },
      make("label", { for: id }, label), this.field, this.list, this.none, this.count);
    this.field.addEventListener("focus", () => this.organisations().catch(() => {}), { once: true });
    this.field.addEventListener("input", () => this.update().catch((error) => this.failed(error)));
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  async update() {
    const text = this.field.value;
    const size = typedSize(text);
    const all = await this.organisations();
    if (text !== this.field.value) return;
    const found = [...(size ? this.sizes(size) : []), ...matches(all, text)];
    this.none.textContent = "No organisation of that name here. Try a shorter part of it, or a size.";
    this.none.hidden = !text.trim() || found.length > 0;
    this.shown = found.slice(0, MOST);
    this.at = -1;
    this.list.replaceChildren(...this.shown.map((one, index) => this.option(one, index)));
    this.open(this.shown.length > 0);
    const more = found.length > MOST ? `, the ${MOST} largest or nearest shown` : "";
    this.count.textContent = text.trim() ? `${found.length.toLocaleString("en-GB")} found${more}` : "";
  }

  // Without names a size can still be typed and shown by its address.
  failed(error) {
    this.close();
    this.none.textContent = "The names could not be fetched. Try again in a moment.";
    this.none.hidden = false;
    console.error(error);
  }

  option(one, index) {
    const made = make("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false" },
      make("span", {}, one.name), make("small", {}, this.describe(one)));
    made.addEventListener("mousedown", (event) => event.preventDefault());
    made.addEventListener("click", () => this.choose(one));
    return made;
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.shown.length) {
      event.preventDefault();
      this.open(true);
      this.mark((this.at + step + this.shown.length) % this.shown.length);
    } else if (event.key === "Enter" && this.shown.length) {
      event.preventDefault();
      this.choose(this.shown[Math.max(this.at, 0)]);
    } else if (event.key === "Escape") {
      this.close();
    }
  }

  mark(index) {
    this.at = index;
    [...this.list.children].forEach((one, i) => one.setAttribute("aria-selected", String(i === index)));
    const active = this.list.children[index];
    this.field.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  }

  choose(one) {
    this.field.value = one.name;
    this.close();
    this.chosen(one);
  }

  open(open) {
    this.list.hidden = !open;
    this.field.setAttribute("aria-expanded", String(open));
    if (!open) this.field.removeAttribute("aria-activedescendant");
  }

  close() {
    this.open(false);
  }
}
