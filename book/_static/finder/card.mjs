// What the card of one organisation says: the chapters' tables, read at its size.

import { covered } from "../explorers/stop-loss.mjs";
import { Chance, lookUp } from "../explorers/lookup.mjs";
import { interval, people as peopleText, plain, told } from "../explorers/words.mjs";

export const SYSTEMS = {
  england: { name: "England", whose: "people of all ages in England, for all their care", chance: "england/age_sex/none", from: "minimum-size" },
  medicare: { name: "United States", whose: "people over 64 in the United States, for all their care", chance: "medicare/age_sex/none", from: "organisations" },
};
const TOLERANCES = [0.01, 0.02, 0.03];
const COVERS = [20_000, 50_000, 100_000];
const [FEWEST_SIMULATED, MOST_SIMULATED] = [0.005, 0.4];

const percentOf = (ends) => ends.map((one) => 100 * one);

// How often an overspend is exceeded, from a table of overspends by probability.
function probabilityOf(table, size, tolerance) {
  const points = table.axes[1].values;
  return [0, 1, 2].map((q) => {
    const exceeded = points.map((probability) => lookUp(table, size, probability)[q]);
    if (tolerance > exceeded[0]) return 0;
    if (tolerance < exceeded.at(-1)) return 1;
    const i = Math.max(exceeded.findIndex((one) => one <= tolerance) - 1, 0);
    const part = (Math.log(exceeded[i]) - Math.log(tolerance)) / (Math.log(exceeded[i]) - Math.log(exceeded[i + 1]));
    return points[i] + part * (points[i + 1] - points[i]);
  });
}

// A share of years: never 0 or 100%, for neither was simulated.
export function yearsText(ends) {
  const edge = (one) => (one < FEWEST_SIMULATED ? "<1" : one > MOST_SIMULATED ? ">40" : String(Math.max(Math.round(100 * one), 1)));
  const [low, middle, high] = ends.map(edge);
  if (low === high) return { value: `${middle}%`, range: "" };
  if (low === "<1") return { value: `${middle}%`, range: `at most ${high}%` };
  return { value: `${middle}%`, range: high === ">40" ? `${low}% or more` : `${low}–${high}%` };
}

const often = (ends) => {
  const { value, range } = yearsText(ends);
  const words = { "<1%": "less than one", ">40%": "more than forty" }[value] ?? value.slice(0, -1);
  return { value: words, range: range.replaceAll("%", "") };
};

const LEAST_ERROR = 0.03; // a card is read at a glance: no digit that the interval mocks

function share(ends, error) {
  const text = interval(percentOf(ends), Math.max(error, LEAST_ERROR), "percent", "90%");
  const [value, range] = text.slice(0, -1).split(" (90% interval ");
  return { value, range };
}

// "about half or more": a share whose interval leaves no digits.
export function shareWords([low, middle, high]) {
  const about = [[0.15, "little"], [0.3, "about a quarter"], [0.42, "about two fifths"], [0.58, "about half"], [0.7, "about two thirds"], [2, "most"]].find(([end]) => middle < end)[1];
  if (high - low < 0.2) return about;
  return high > 0.8 ? `${about}, or more` : low < 0.2 ? `${about}, or less` : about;
}

export class Card {
  constructor(files, system, size) {
    Object.assign(this, { files, system, size });
    this.kind = SYSTEMS[system];
    this.chance = new Chance(files[this.kind.from].chance[this.kind.chance]);
    this.error = files.organisations.support[system].relative_error;
    this.differing = files.organisations.tables[`differing/${system}`];
  }

  // Sizes for which every table has an answer.
  get range() {
    const sizes = this.files.organisations.tables[`spread/${this.system}`].axes[0].values;
    return [Math.max(sizes[0], this.chance.sizes[0]), Math.min(sizes.at(-1), this.chance.sizes[1])];
  }

  // Sizes that exceed an overspend in one year in twenty by chance alone: low end, median, high end.
  enough(tolerance = 0.02) {
    const [fewest, most] = this.chance.sizes;
    return this.chance.smallest(tolerance, 0.05, 0).map((one) => Math.min(Math.max(one, fewest), most));
  }

  sentence(tolerance = 0.02) {
    const range = (told) => (told.range ? ` (${told.range})` : "");
    const about = (told) => `${/than/.test(told.value) ? "" : "about "}${told.value}`;
    const alone = often(this.chance.probability(this.size, tolerance, 0));
    const first = `With ${peopleText(this.size)} people, chance alone breaks a budget by more than ${plain(100 * tolerance)}% in ${about(alone)} of a hundred years${range(alone)}.`;
    if (!this.differing) return first;
    const also = often(probabilityOf(this.differing, this.size, tolerance));
    return `${first} If groups also differ as English groups do, in ${about(also)}${range(also)}.`;
  }

  years() {
    return TOLERANCES.map((tolerance) => ({
      label: `more than ${100 * tolerance}%`,
      alone: yearsText(this.chance.probability(this.size, tolerance, 0)),
      differing: this.differing ? yearsText(probabilityOf(this.differing, this.size, tolerance)) : null,
    }));
  }

  reserve() {
    const lines = [{ label: "Reserve for one bad year in a hundred, chance alone", ...share(this.chance.overspend(this.size, 0.01, 0), this.error), grade: "calibrated" }];
    if (this.differing) lines.push({ label: "The same, if groups also differ", ...share(lookUp(this.differing, this.size, 0.01), this.error), grade: "assumed" });
    return lines;
  }

  cover() {
    if (this.system !== "england") return [];
    const data = this.files["stop-loss"];
    const { relative_error: error } = data.support.england;
    return COVERS.map((gbp) => {
      const premium = lookUp(data.tables["england/premium"], gbp).map((one) => one * data.constants.mean_cost_gbp);
      const chance = covered(data, "england", gbp, 0);
      return { label: `above £${plain(gbp)} a person`, years: yearsText(chance.probability(this.size, 0.02, 0)), premium: told(premium[1], premium[1] * error, "pounds") };
    });
  }

  spread() {
    const table = this.files.organisations.tables[`spread/${this.system}`];
    const grade = this.system === "medicare" ? "estimated" : this.size < 20_000 ? "calibrated" : "assumed";
    const label = this.system === "medicare" ? "What lasts between American organisations of this size (one standard deviation)" : "What English groups of this size differ by, beyond chance (one standard deviation)";
    return [{ label, ...share(lookUp(table, this.size), this.error), grade }];
  }

  incentive() {
    const table = this.files["share-at-risk"].tables.best;
    const sizes = table.axes[0].values;
    if (this.system !== "england" || this.size < sizes[0] || this.size > sizes.at(-1)) return [];
    const ends = lookUp(table, this.size);
    return [{ label: "Share of savings and losses that it could bear", value: shareWords(ends), range: `${Math.round(100 * ends[0])}–${Math.round(100 * ends[2])}%`, grade: "assumed" }];
  }

  forecast(start) {
    if (this.system !== "medicare") return [];
    if (!start) return [{ label: "Forecast of its savings", value: "unknown", range: "its first year is not in the file", grade: "" }];
    const all = this.files.forecasts.forecasts;
    const year = Math.min(...all.map((one) => one.year));
    const place = year - start + 1;
    const one = all.find((row) => row.year === year && within(row.group, place));
    if (!one) return [];
    const text = interval([one.low, one.mean, one.high], 0.02, "percent", "90%").slice(0, -1).split(" (90% interval ");
    return [{ label: `Forecast of ${year}: mean savings of organisations in ${one.group} of the programme`, value: text[0], range: text[1], grade: "estimated" }];
  }
}

// Whether a year in the programme belongs to a group such as "years 4-6" or "year 10 and later".
function within(group, place) {
  const [first, last] = (group.match(/\d+/g) ?? []).map(Number);
  if (first === undefined) return false;
  return place >= first && (group.includes("later") || place <= (last ?? first));
}
