// Find your organisation: a name or a size, one card, and an address of its own for it.

import { fetched, make, shape } from "../explorers/elements.mjs";
import { people as count } from "../explorers/words.mjs";
import { Card, SYSTEMS } from "./card.mjs";
import { Combobox, searchText } from "./combobox.mjs";
import { actions, coverTable, line, yearsTable } from "./parts.mjs";
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
  ["A US ACO of 10,000", { people: 10_000, system: "medicare", level: "accountable_care_organisation" }],
];

let waiting = null;

// Names are fetched once, when they are first needed; asked for again where that failed.
function organisations() {
  waiting ??= fetched("organisations.json").then(({ levels, rows }) => rows.map(([level, code, name, people, start]) => ({
    level: levels[level], code, name, people, start, search: searchText(name, code),
  }))).catch((error) => {
    waiting = null;
    throw error;
  });
  return waiting;
}

class Finder {
  constructor(block, files) {
    Object.assign(this, { block, files });
    this.search = new Combobox({
      id: "finder-name",
      label: "Name or number of people",
      placeholder: "for example Eccles, Aledade, 50,000",
      organisations,
      sizes: (people) => Object.entries(SYSTEMS).map(([system, { name }]) => ({ name: `${count(people)} people`, kind: `a group of this size, ${name}`, people, system })),
      describe: (one) => one.kind ?? `${LEVELS[one.level].kind}, ${one.code}, ${count(one.people)} people`,
      chosen: (one) => this.show(one.level ? ofOrganisation(one) : { people: one.people, system: one.system }, true),
    });
    this.problem = make("p", { class: "explorer-problem", role: "alert", hidden: true });
    this.said = make("p", { class: "visually-hidden", role: "status" });
    this.card = make("section", { class: "finder-card", "aria-label": "Card" });
    const presets = make("p", { class: "finder-presets" }, ...PRESETS.map(([label, view]) => {
      const button = make("button", { type: "button" }, label);
      button.addEventListener("click", () => this.show(view, true));
      return button;
    }));
    block.replaceChildren(this.search.block, presets, this.problem, this.said, this.card);
    addEventListener("resize", () => this.redraw?.());
    addEventListener("popstate", () => this.restore());
    // On paper the card is whole, and as wide as the paper.
    addEventListener("beforeprint", () => { this.card.querySelector("details").open = true; });
  }

  // Show what the address asks for; where it cannot be shown, say so above a card that can.
  async restore() {
    const { view, problem } = await asked();
    await this.show(view ?? PRESETS[0][1], false);
    if (problem) this.refuse(problem);
    if (this.card.childElementCount) return;
    const refused = this.problem.textContent;
    await this.show(PRESETS[0][1], false);
    this.refuse(refused);
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
    this.search.field.value = view.organisation?.name ?? "";
    const address = this.address(view);
    if (keep) {
      if (address !== location.pathname + location.search) history.pushState(null, "", address);
      this.said.textContent = card.sentence();
    }
    const neighbours = view.level ?? (view.system === "england" ? "primary_care_network" : "accountable_care_organisation");
    this.fill(card, view, new URL(address, location.href).href);
    this.draw(card, neighbours);
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
    this.svg = shape("svg");
    const rows = [...card.reserve(), ...card.spread(), ...card.incentive(), ...card.forecast(organisation)];
    this.card.replaceChildren(
      make("h2", { class: "finder-name" }, name),
      make("p", { class: "finder-which" }, which),
      make("p", { class: "finder-answer" }, card.sentence()),
      make("div", { class: "finder-strip" }, this.svg),
      yearsTable(card),
      make("details", { class: "finder-more" }, make("summary", {}, view.system === "england" ? "More: reserve, cover, differences, share" : "More: reserve, differences, forecast"),
        make("dl", {}, ...rows.flatMap(line)), ...coverTable(card)),
      make("p", { class: "finder-foot" }, `For ${card.kind.whose}, with a budget by age and sex that is right on average; 90% intervals in grey. No forecast for this organisation.`),
      actions(cited(this.files, card, name, address), address),
      make("p", { class: "finder-source" }, cited(this.files, card, name, address)),
    );
  }

  draw(card, level) {
    const sizes = this.files.sizes[level];
    const smaller = sizes.filter((people) => people < card.size).length;
    const finding = `Of ${count(sizes.length)} of ${LEVELS[level].kinds}, ${count(smaller)} are smaller. By chance alone, ${count(Math.round(card.enough()[1] / 500) * 500)} people are enough for an overspend of 2% in one year in twenty.`;
    this.redraw = () => drawStrip(this.svg, { sizes, people: card.size, enough: card.enough(), kind: LEVELS[level].kinds, finding });
    this.redraw();
  }
}

const ofOrganisation = (one) => ({ people: one.people, system: LEVELS[one.level].system, level: one.level, organisation: one });

// In the form in which the book's numbers are cited.
function cited(files, card, name, address) {
  const { version } = files.organisations;
  return `The Ten Suggestions, Tested contributors. Ten Suggestions, Tested, version ${version}. ${name}. ${card.sentence()} [${card.differing ? "calibrated; with differences between groups assumed" : "calibrated"}] ${address}`;
}

// The view that the address asks for, or the first preset; `problem` where there is none.
async function asked() {
  const query = new URLSearchParams(location.search);
  const wanted = query.get("org");
  if (wanted !== null) {
    const found = (await organisations()).find((one) => `${LEVELS[one.level].short}-${one.code}` === wanted);
    return found ? { view: ofOrganisation(found) } : { problem: "The address asks for an organisation that is not in the list. Type its name." };
  }
  const system = query.get("system") ?? "england";
  if (!query.has("people")) return { view: PRESETS[0][1] };
  if (!Object.hasOwn(SYSTEMS, system)) return { problem: "The address asks for a health service that is not known here." };
  return { view: { people: Number(query.get("people")), system } };
}

async function start(block) {
  const [forecasts, sizes, ...tables] = await Promise.all(["forecasts.json", "organisations-sizes.json", ...FILES.map((name) => `explorers/${name}.json`)].map(fetched));
  const files = { ...Object.fromEntries(FILES.map((name, i) => [name, tables[i]])), forecasts, sizes };
  await new Finder(block, files).restore();
}

const block = document.querySelector("[data-finder]");
if (block) {
  start(block).catch((error) => {
    block.replaceChildren(make("p", { class: "explorer-problem", role: "alert" }, "The tables could not be fetched. The explorers have the same numbers by size."));
    console.error(error);
  });
}
