// The parts of a card as elements of the page; every word of data goes in as text, never as HTML.

import { make } from "../explorers/elements.mjs";

export const badge = (grade) => make("span", { class: `grade grade-${grade}` }, grade);

const told = ({ value, range, anchor }) => {
  const number = anchor ? make("a", { href: anchor }, value) : value;
  return [make("b", {}, number), " ", make("span", { class: "interval" }, range)];
};

function table(attributes, caption, heads, rows) {
  const cells = (row) => row.slice(1).map((content) => make("td", {}, ...content));
  return make("table", { ...attributes, class: `table ${attributes.class}` },
    ...(caption ? [make("caption", {}, ...caption)] : []),
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, ...head)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row[0]), ...cells(row)))));
}

export function yearsTable(card) {
  const heads = [["Years with an overspend of"], ["chance alone ", badge("calibrated")]];
  if (card.differing) heads.push(["groups also differ ", badge("assumed")]);
  const rows = card.years().map((row) => [row.label, told(row.alone), ...(row.differing ? [told(row.differing)] : [])]);
  return table({ class: "finder-years" }, null, heads, rows);
}

export function coverTable(card) {
  const rows = card.cover();
  if (!rows.length) return [];
  const caption = ["Stop-loss cover, chance alone: years with an overspend of more than 2%, the size that is enough for 2%, and the price without loading ", badge("calibrated")];
  const heads = [["Cover"], ["Years"], ["Enough people"], ["Price a head"]];
  return [table({ class: "finder-cover" }, caption, heads, rows.map((row) => [row.label, told(row.years), told(row.enough), told(row.premium)]))];
}

export function line({ label, value, range, grade }) {
  return [make("dt", {}, label), make("dd", {}, ...told({ value, range }), ...(grade ? [" ", badge(grade)] : []))];
}

export function actions(citation, address) {
  const said = make("span", { role: "status" });
  const button = (label, act) => {
    const made = make("button", { type: "button" }, label);
    made.addEventListener("click", act);
    return made;
  };
  // Where the browser gives no clipboard, the words are shown, to be copied by hand.
  const copy = async (text, what) => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = `${what} copied.`;
    } catch {
      said.textContent = text;
    }
  };
  return make("p", { class: "finder-actions" },
    make("a", { href: address }, "Link to this card"),
    button("Copy link", () => copy(address, "Link")),
    button("Copy citation", () => copy(citation, "Citation")),
    button("Print", () => print()), said);
}
