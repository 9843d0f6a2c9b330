// What the card of one organisation says: the chapters' tables, read at its size.

import { covered } from "../explorers/stop-loss.mjs";
import { Chance, lookUp } from "../explorers/lookup.mjs";
import { interval, people as peopleText, plain } from "../explorers/words.mjs";

export const SYSTEMS = {
  england: { name: "England", whose: "people of all ages in England, for all their care", chance: "england/age_sex/none", from: "minimum-size" },
  medicare: { name: "United States", whose: "people over 64 in the United States, for all their care", chance: "medicare/age_sex/none", from: "organisations" },
};
const TOLERANCES = [0.01, 0.02, 0.03];
const COVERS = [20_000, 50_000, 100_000];
const [FEWEST_SIMULATED, MOST_SIMULATED] = [0.005, 0.4];

// Sizes at which differences between groups were seen; elsewhere their curve is its form. England:
// general practices, and what commissioners' balances ask for is assumed.
const SEEN = {
  england: { grade: "calibrated", fewest: 1_000, most: 10_000 },
  medicare: { grade: "estimated", fewest: 5_000, most: 80_000 },
};

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
  if (low === "<1") return { value: `${middle}%`, range: middle === high ? "" : `at most ${high}%` };
  return { value: `${middle}%`, range: high === ">40" ? `${low}% or more` : `${low}–${high}%` };
}

const often = (ends) => {
  const { value, range } = yearsText(ends);
  const words = { "<1%": "less than one", ">40%": "more than forty" }[value] ?? value.slice(0, -1);
  return { value: words, range: range.replaceAll("%", "") };
};

// A card is read at a glance: no digit that the interval mocks, and no tenths from ten percent on.
const leastError = (percent) => (percent < 10 ? 0.03 : 0.06);

function parted(text) {
  const [value, range] = text.slice(0, -1).split(" (90% interval ");
  return { value: value.replace(" people", ""), range: range.replace("%–", "–") };
}

function share(ends, error) {
  const percents = percentOf(ends);
  return parted(interval(percents, Math.max(error, leastError(percents[1])), "percent", "90%"));
}

const FRACTIONS = [[0.15, "little"], [0.29, "about a quarter"], [0.37, "about a third"], [0.45, "about two fifths"], [0.58, "about half"], [0.71, "about two thirds"], [0.85, "about three quarters"]];
const WIDE = 0.4;
const fraction = (one) => FRACTIONS.find(([end]) => one < end)?.[1] ?? "nearly all";

// "about half or more": a share whose interval leaves no digits, and often no fraction.
export function shareWords([low, middle, high]) {
  if (high - low < WIDE) return fraction(middle);
  if (middle >= 0.45) return "about half or more";
  return middle >= 0.37 ? "about half or less" : `${fraction(middle)}, or more`;
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
    return this.sentences(tolerance).map(({ text }) => text).join(" ");
  }

  // How often a budget is broken, by chance alone and where groups also differ, each with its grade.
  sentences(tolerance = 0.02) {
    const range = (told) => (told.range ? ` (${told.range})` : "");
    const about = (told) => `${/than/.test(told.value) ? "" : "about "}${told.value}`;
    const alone = often(this.chance.probability(this.size, tolerance, 0));
    const first = { grade: "calibrated", text: `With ${peopleText(this.size)} people, chance alone breaks a budget by more than ${plain(100 * tolerance)}% in ${about(alone)} of a hundred years${range(alone)}.` };
    if (!this.differing) return [first];
    const also = often(probabilityOf(this.differing, this.size, tolerance));
    return [first, { grade: "assumed", text: `If groups also differ as English groups do, in ${about(also)}${range(also)}.` }];
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
      const printed = (answer) => repeated(data, answer, gbp);
      return {
        label: `above £${plain(gbp)} a person`,
        years: yearsText(chance.probability(this.size, 0.02, 0)),
        enough: printed("smallest") ?? parted(interval(chance.smallest(0.02, 0.05, 0), error, "people", "90%")),
        premium: printed("premium") ?? parted(interval(premium, error, "pounds", "90%")),
      };
    });
  }

  spread() {
    const table = this.files.organisations.tables[`spread/${this.system}`];
    const { grade, fewest, most } = SEEN[this.system];
    const label = this.system === "medicare" ? "What lasts between American organisations of this size (one standard deviation)" : "What English groups of this size differ by, beyond chance (one standard deviation)";
    return [{ label, ...share(lookUp(table, this.size), this.error), grade: this.size >= fewest && this.size <= most ? grade : "assumed" }];
  }

  incentive() {
    const label = "Share of savings and losses that it could bear";
    if (this.system !== "england") return [{ label: `${label}; stop-loss cover`, value: "computed for England only", range: "" }];
    const table = this.files["share-at-risk"].tables.best;
    const sizes = table.axes[0].values;
    if (this.size < sizes[0] || this.size > sizes.at(-1)) {
      return [{ label, value: "not computed at this size", range: `only from ${peopleText(sizes[0])} to ${peopleText(sizes.at(-1))} people` }];
    }
    const ends = lookUp(table, this.size);
    return [{ label, value: shareWords(ends), range: `${Math.round(100 * ends[0])}–${Math.round(100 * ends[2])}%`, grade: "assumed" }];
  }

  // Mean savings that are forecast: by year in the programme for a named organisation, by size for
  // a size that was typed.
  forecast(organisation) {
    if (this.system !== "medicare") return [];
    const all = this.files.forecasts.forecasts;
    const years = [...new Set(all.map((one) => one.year))].sort();
    if (organisation && !organisation.start) return [{ label: "Forecast of its savings", value: "unknown", range: "its first year in the programme is not in the files" }];
    return years.flatMap((year) => {
      const place = organisation && year - organisation.start + 1;
      const one = all.find((row) => row.year === year && (organisation ? ofYears(row.group, place) : ofSize(row.group, this.size)));
      const who = organisation ? `in ${one?.group} of the programme` : `of ${one?.group}`;
      if (!one) return [];
      return [{ label: `Forecast of ${year}: mean savings of organisations ${who}`, ...parted(interval([one.low, one.mean, one.high], 0.02, "percent", "90%")), grade: "estimated" }];
    });
  }
}

// A number that the chapter prints, with its digits and its own card.
function repeated(data, answer, cover) {
  const wanted = { costs: "england", budget: "age_sex", cover, kept: 0, lasting: 0, tolerance: 2, probability: 5 };
  const number = data.numbers.find((one) => one.answer === answer && Object.entries(one.settings).every(([key, value]) => wanted[key] === value));
  if (!number) return null;
  return { value: number.value_text.replace(/ (a head|people)$/, ""), range: number.interval_text, anchor: number.anchor };
}

const limits = (group) => (group.match(/[\d,]+/g) ?? []).map((text) => Number(text.replaceAll(",", "")));

// Whether a year in the programme belongs to a group such as "years 4-6" or "year 10 and later".
export function ofYears(group, place) {
  if (!/^years? /.test(group)) return false;
  const [first, last] = limits(group);
  return place >= first && (group.endsWith("later") || place <= (last ?? first));
}

// Whether a size belongs to a group such as "under 8,000 people" or "8,000 to 14,999 people".
export function ofSize(group, size) {
  if (!/ people/.test(group)) return false;
  const [first, last] = limits(group);
  if (group.startsWith("under")) return size < first;
  return Math.round(size) >= first && (last === undefined || Math.round(size) <= last);
}
