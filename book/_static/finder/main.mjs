// Find your organisation: a name or a size, one card, and an address of its own for it.

import { Card, SYSTEMS } from "./card.mjs";
import { Combobox, searchText } from "./combobox.mjs";
import { drawStrip } from "./strip.mjs";

const FILES = ["minimum-size", "stop-loss", "share-at-risk", "organisations"];
const LEVELS = {
  primary_care_network: { kind: "primary care network", kinds: "England’s primary care networks, 2022/23", short: "pcn", system: "england" },
  sub_icb_location: { kind: "sub-ICB location", kinds: "England’s sub-ICB locations, 2022/23", short: "loc", system: "england" },
  integrated_care_board: { kind: "integrated care board", kinds: "England’s integrated care boards, 2022/23", short: "icb", system: "england" },
  accountable_care_organisation: { kind: "accountable care organisation", kinds: "Medicare’s accountable care organisations, 2024", short: "aco", system: "medicare" },
};
const PRESETS = [
  ["A network of 50,000", { people: 50_000, system: "england", level: "primary_care_network" }],
  ["A group of 250,000", { people: 250_000, system: "england", level: "sub_icb_location" }],
  ["A US organisation of 10,000", { people: 10_000, system: "medicare", level: "accountable_care_organisation" }],
];

const site = (name) => new URL(`../../${name}`, import.meta.url);

async function fetched(name) {
  const answer = await fetch(site(name));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

let waiting = null;

// Names are fetched once, when they are first needed.
function organisations() {
  waiting ??= fetched("organisations.json").then(({ levels, rows }) => rows.map(([level, code, name, people, start]) => ({
    level: levels[level], code, name, people, start, search: searchText(name, code),
  })));
  return waiting;
}

function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

const count = (people) => people.toLocaleString("en-GB");

class Finder {
  constructor(block, files) {
    Object.assign(this, { block, files });
    this.search = new Combobox({
      id: "finder-name",
      label: "Name of the organisation",
      hint: "a network, a sub-ICB location, a board, or a US accountable care organisation",
      organisations,
      describe: (one) => `${LEVELS[one.level].kind}, ${one.code}, ${count(one.people)} people`,
      chosen: (one) => this.show(this.ofOrganisation(one), true),
    });
    this.size = make("input", { id: "finder-people", type: "number", min: 1_000, max: 5_000_000, inputmode: "numeric", value: 50_000 });
    this.system = make("select", { id: "finder-system" }, ...Object.entries(SYSTEMS).map(([value, one]) => make("option", { value }, one.name)));
    this.problem = make("p", { class: "explorer-problem", role: "alert", hidden: true });
    this.card = make("section", { class: "finder-card", "aria-live": "polite", "aria-label": "Card" });
    const typed = make("form", { class: "finder-size" },
      make("label", { for: "finder-people" }, "Or its size, people"), this.size,
      make("label", { for: "finder-system" }, "in"), this.system, make("button", { type: "submit" }, "Show"));
    typed.addEventListener("submit", (event) => {
      event.preventDefault();
      this.show({ people: Number(this.size.value), system: this.system.value }, true);
    });
    const presets = make("p", { class: "finder-presets" }, ...PRESETS.map(([label, view]) => {
      const button = make("button", { type: "button" }, label);
      button.addEventListener("click", () => this.show(view, true));
      return button;
    }));
    block.replaceChildren(this.search.block, typed, presets, this.problem, this.card);
    addEventListener("resize", () => this.redraw?.());
  }

  ofOrganisation(one) {
    return { people: one.people, system: LEVELS[one.level].system, level: one.level, organisation: one };
  }

  // Show a view; what cannot be shown is refused, and the card before stays.
  async show(view, keep) {
    const card = new Card(this.files, view.system, view.people);
    const [fewest, most] = card.range;
    if (!Number.isFinite(view.people) || view.people < fewest || view.people > most) {
      this.refuse(`A size of ${Number.isFinite(view.people) ? count(view.people) : "that kind"} was not computed: give one from ${count(fewest)} to ${count(most)}.`);
      return;
    }
    this.refuse("");
    this.size.value = Math.round(view.people);
    this.system.value = view.system;
    if (!view.organisation) this.search.field.value = "";
    const address = this.address(view);
    if (keep) history.replaceState(null, "", address);
    const neighbours = view.level ?? (view.system === "england" ? "primary_care_network" : "accountable_care_organisation");
    this.fill(card, view, new URL(address, location.href).href);
    this.draw(card, neighbours, await organisations());
  }

  refuse(text) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
  }

  address({ organisation, people, system }) {
    const query = organisation
      ? new URLSearchParams({ org: `${LEVELS[organisation.level].short}-${organisation.code}` })
      : new URLSearchParams({ people: String(people), system });
    return `${location.pathname}?${query}`;
  }

  fill(card, view, address) {
    const { organisation } = view;
    const name = organisation ? organisation.name : `A group of ${count(view.people)} people`;
    const which = organisation ? `${LEVELS[organisation.level].kind} ${organisation.code}, about ${count(organisation.people)} people` : SYSTEMS[view.system].name;
    this.svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const rows = [...card.reserve(), ...card.spread(), ...card.incentive(), ...card.forecast(organisation?.start)];
    this.card.replaceChildren(
      make("h2", { class: "finder-name" }, name),
      make("p", { class: "finder-which" }, which),
      make("p", { class: "finder-answer" }, card.sentence()),
      make("div", { class: "finder-strip" }, this.svg),
      yearsTable(card),
      make("details", { class: "finder-more" }, make("summary", {}, "Reserve, cover, differences, incentives"),
        make("dl", {}, ...rows.flatMap(line)), ...coverTable(card)),
      make("p", { class: "finder-foot" }, `Numbers are for ${card.kind.whose}, with a budget by age and sex that is right on average; 90% intervals in grey. `,
        make("span", { class: "grade grade-calibrated" }, "calibrated"), " chance alone",
        ...(card.differing ? [", ", make("span", { class: "grade grade-assumed" }, "assumed"), " what groups differ by"] : []), ". It is no forecast for this organisation."),
      actions(name, address),
    );
  }

  draw(card, level, all) {
    const sizes = all.filter((one) => one.level === level).map((one) => one.people).filter((people) => people > 0);
    const smaller = sizes.filter((people) => people < card.size).length;
    const finding = `Of ${count(sizes.length)} of ${LEVELS[level].kinds}, ${count(smaller)} are smaller. By chance alone, ${count(Math.round(card.enough()[1] / 500) * 500)} people are enough for an overspend of 2% in one year in twenty.`;
    this.redraw = () => drawStrip(this.svg, { sizes, people: card.size, enough: card.enough(), kind: LEVELS[level].kinds, finding });
    this.redraw();
  }
}

function yearsTable(card) {
  const head = ["Years with an overspend of", "chance alone", ...(card.differing ? ["groups also differ"] : [])];
  const cell = (told) => make("td", {}, make("b", {}, told.value), " ", make("span", { class: "interval" }, told.range));
  return make("table", { class: "table finder-years" },
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...card.years().map((row) => make("tr", {}, make("th", { scope: "row" }, row.label), cell(row.alone), ...(row.differing ? [cell(row.differing)] : [])))));
}

function line({ label, value, range, grade }) {
  return [
    make("dt", {}, label),
    make("dd", {}, make("b", {}, value), " ", make("span", { class: "interval" }, range), ...(grade ? [" ", make("span", { class: `grade grade-${grade}` }, grade)] : [])),
  ];
}

function coverTable(card) {
  const rows = card.cover();
  if (!rows.length) return [];
  return [make("table", { class: "table" },
    make("caption", {}, "Stop-loss cover: years with an overspend of more than 2%, and its price without loading"),
    make("thead", {}, make("tr", {}, ...["Cover", "Years", "Price a head"].map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row.label),
      make("td", {}, make("b", {}, row.years.value), " ", make("span", { class: "interval" }, row.years.range)), make("td", {}, row.premium)))))];
}

function actions(name, address) {
  const said = make("span", { role: "status" });
  const button = (label, act) => {
    const made = make("button", { type: "button" }, label);
    made.addEventListener("click", act);
    return made;
  };
  const copy = (text, what) => navigator.clipboard.writeText(text).then(() => { said.textContent = `${what} copied.`; }, () => { said.textContent = text; });
  const version = document.querySelector("[data-book-version]")?.dataset.bookVersion;
  const cited = `The Ten Suggestions, Tested contributors, “${name}”, Ten Suggestions, Tested${version ? `, version ${version}` : ""}, ${address}`;
  return make("p", { class: "finder-actions" },
    make("a", { href: address }, "Link to this card"),
    button("Copy link", () => copy(address, "Link")),
    button("Copy citation", () => copy(cited, "Citation")),
    button("Print", () => { document.querySelector(".finder-more").open = true; print(); }), said);
}

// The view that the address asks for, or the first preset; `problem` where it cannot be shown.
async function asked() {
  const query = new URLSearchParams(location.search);
  const wanted = query.get("org");
  if (wanted !== null) {
    const found = (await organisations()).find((one) => `${LEVELS[one.level].short}-${one.code}` === wanted);
    if (found) return { organisation: found };
    return { problem: "The address asks for an organisation that is not in the list. Type its name." };
  }
  const system = query.get("system") ?? "england";
  if (!query.has("people")) return { view: PRESETS[0][1] };
  if (!Object.hasOwn(SYSTEMS, system)) return { problem: "The address asks for a health service that is not known here." };
  return { view: { people: Number(query.get("people")), system } };
}

async function start(block) {
  const [tables, forecasts] = await Promise.all([Promise.all(FILES.map((name) => fetched(`explorers/${name}.json`))), fetched("forecasts.json")]);
  const files = { ...Object.fromEntries(FILES.map((name, i) => [name, tables[i]])), forecasts };
  const finder = new Finder(block, files);
  const { view, organisation, problem } = await asked();
  await finder.show(problem ? PRESETS[0][1] : organisation ? finder.ofOrganisation(organisation) : view, false);
  if (problem) finder.refuse(problem);
  else if (!finder.card.childElementCount) {
    const refused = finder.problem.textContent;
    await finder.show(PRESETS[0][1], false);
    finder.refuse(refused);
  }
  if (organisation) finder.search.field.value = organisation.name;
}

const block = document.querySelector("[data-finder]");
if (block) {
  start(block).catch((error) => {
    block.replaceChildren(make("p", { class: "explorer-problem", role: "alert" }, "The tables could not be fetched. The explorers have the same numbers by size."));
    console.error(error);
  });
}
