// The front page's picture: how large is large enough, with a handle for size and one for what can
// be borne. The same tables as the chapter on minimum size.

import { fetched, make, shape } from "../explorers/elements.mjs";
import { interval, people as count } from "../explorers/words.mjs";
import { Card } from "../finder/card.mjs";
import { badge } from "../finder/parts.mjs";
import { drawLandscape } from "./landscape.mjs";

const ROWS = [["Primary care networks", "primary_care_network"], ["Sub-ICB locations", "sub_icb_location"], ["Integrated care boards", "integrated_care_board"]];
const [FEWEST, MOST, STEPS] = [5_000, 2_000_000, 160];
const [STRICTEST, LOOSEST] = [1, 5];
const PRESETS = [50_000, 250_000];
const FIRST = { people: 50_000, tolerance: 2 };

const twoDigits = (value) => Number(value.toPrecision(2));
const fromStep = (step) => twoDigits(FEWEST * (MOST / FEWEST) ** (step / STEPS));
const toStep = (people) => Math.round((STEPS * Math.log(people / FEWEST)) / Math.log(MOST / FEWEST));

class LargeEnough {
  constructor(block, files, rows) {
    Object.assign(this, { block, files, rows });
    this.size = make("input", { id: "front-people", type: "range", min: 0, max: STEPS, step: 1 });
    this.borne = make("input", { id: "front-tolerance", type: "range", min: STRICTEST, max: LOOSEST, step: 0.5 });
    this.svg = shape("svg");
    this.answer = make("output", { class: "front-answer", for: "front-people front-tolerance", "aria-live": "polite" });
    this.link = make("a", { class: "front-link" }, "Link to this view");
    this.values = [make("b"), make("b")];
    const control = (field, label, value) => make("p", { class: "front-control" }, make("label", { for: field.id }, label, " ", value), field);
    const presets = PRESETS.map((people) => {
      const button = make("button", { type: "button" }, `${count(people)} people`);
      button.addEventListener("click", () => this.show({ ...this.view, people }, true));
      return button;
    });
    for (const field of [this.size, this.borne]) {
      field.addEventListener("input", () => this.show({ people: fromStep(Number(this.size.value)), tolerance: Number(this.borne.value) }, true));
    }
    block.replaceChildren(
      make("div", { class: "front-picture finder-strip" }, this.svg), this.answer,
      make("div", { class: "front-controls" },
        control(this.size, "Size of the group:", this.values[0]), control(this.borne, "It can bear an overspend of", this.values[1])),
      make("p", { class: "front-presets" }, ...presets, this.link, make("a", { href: "find-your-organisation.html" }, "Find your organisation")),
    );
    addEventListener("resize", () => this.draw());
  }

  show(view, keep) {
    this.view = view;
    const { people, tolerance } = view;
    this.card = new Card(this.files, "england", people);
    this.size.value = toStep(people);
    this.borne.value = tolerance;
    this.values[0].textContent = `${count(people)} people`;
    this.values[1].textContent = `${tolerance}% of its budget`;
    this.size.setAttribute("aria-valuetext", this.values[0].textContent);
    this.borne.setAttribute("aria-valuetext", this.values[1].textContent);
    const graded = this.card.sentences(tolerance / 100).flatMap(({ text, grade }) => [text, " ", badge(grade), " "]);
    this.answer.replaceChildren(make("p", {}, ...graded), make("p", { class: "front-enough" }, ...this.enough(tolerance)));
    const address = `${location.pathname}?${new URLSearchParams({ people, tolerance })}`;
    this.link.href = address;
    if (keep) {
      clearTimeout(this.waiting); // browsers allow few changes a second: the last one counts
      this.waiting = setTimeout(() => history.replaceState(null, "", address), 120);
    }
    this.draw();
  }

  // The chapter's own words where it has asked the same.
  enough(tolerance) {
    const { numbers, support, interval: share } = this.files["minimum-size"];
    const number = numbers.find((one) => one.answer === "smallest" && one.settings.costs === "england" && one.settings.tolerance === tolerance);
    const text = number?.text ?? interval(this.card.enough(tolerance / 100), support.england.relative_error, "people", `${100 * share}%`);
    const words = `Large enough for ${tolerance}% in all but one year in twenty, by chance alone: ${text}.`;
    return number ? [words, " ", make("a", { href: number.anchor }, "The chapter’s number.")] : [words];
  }

  draw() {
    const { people, tolerance } = this.view;
    const enough = this.card.enough(tolerance / 100);
    const larger = this.rows.map(([label, sizes]) => `${Math.round((100 * sizes.filter((one) => one >= enough[1]).length) / sizes.length)}% of ${label.toLowerCase().replace("icb", "ICB")}`);
    const finding = `Large enough to bear ${tolerance}% in all but one year in twenty, by chance alone: ${larger.join(", ")}.`;
    drawLandscape(this.svg, { rows: this.rows, people, enough, tolerance, finding });
  }
}

// The view of the address, where it is one that was computed.
function asked() {
  const query = new URLSearchParams(location.search);
  const people = Number(query.get("people"));
  const tolerance = Number(query.get("tolerance") ?? FIRST.tolerance);
  const known = people >= FEWEST && people <= MOST && tolerance >= STRICTEST && tolerance <= LOOSEST;
  return known ? { people, tolerance } : FIRST;
}

async function start(block) {
  const [size, groups, sizes] = await Promise.all(["explorers/minimum-size.json", "explorers/organisations.json", "organisations-sizes.json"].map(fetched));
  const picture = new LargeEnough(block, { "minimum-size": size, organisations: groups }, ROWS.map(([label, level]) => [label, sizes[level]]));
  picture.show(asked(), false);
}

const block = document.querySelector("[data-large-enough]");
// Without the tables the sentence that stands in the page stays.
if (block) start(block).catch((error) => console.error(error));
