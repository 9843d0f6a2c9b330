// How large must a group be? Size, probability and overspend by one table of chance.

import { Chance } from "./lookup.mjs";
import { interval, people, percent, plain } from "./words.mjs";

const BUDGETS = {
  flat: "the same for everybody",
  age_sex: "by age and sex",
  health: "by age, sex and reported health (RAND only)",
  prior_cost: "by age, sex, health and last year’s cost (RAND only)",
};
const COSTS = {
  england: "England, all ages",
  rand: "RAND’s people under 65, 1974–82",
};
const COVERS = [["none", "no cover"], ["200000", "above £200,000 a person"], ["100000", "above £100,000 a person"], ["50000", "above £50,000 a person"], ["20000", "above £20,000 a person"]];

const table = (data, s) => data.chance[`${s.costs}/${s.budget}/${s.cover}`];

export default {
  name: "minimum-size",
  files: ["minimum-size", "stop-loss"],
  implied: () => ({ kept: 0 }),

  controls: (data) => [
    { name: "tolerance", label: "Overspend that the group can bear", unit: "%", hint: "of its yearly budget", range: data.ranges.tolerance, step: 0.1 },
    { name: "probability", label: "Share of years in which it may be exceeded", unit: "%", hint: "5% is one year in twenty", range: [1, 40], step: 0.5 },
    { name: "people", label: "Size of a group to look at", unit: "people", range: [1_000, 10_000_000], scale: "log", whole: true },
    { name: "costs", label: "Whose costs", options: Object.entries(COSTS) },
    { name: "budget", label: "Budget for each person", options: Object.entries(BUDGETS) },
    { name: "cover", label: "Stop-loss cover, full, without loading", options: COVERS },
    { name: "lasting", label: "Lasting differences between groups, τ (standard deviation)", unit: "%", hint: "of the budget; 0 is chance alone", range: data.ranges.lasting, step: 0.1 },
  ],

  refuse(data, s) {
    if (table(data, s)) return "";
    return "Budgets by health or last year’s cost were computed for RAND’s people only: no English costs by either are published.";
  },

  answer(data, s) {
    const chance = new Chance(table(data, s));
    const [tolerance, probability, lasting] = [s.tolerance / 100, s.probability / 100, s.lasting / 100];
    const { relative_error: error, grade, assumptions } = data.support[s.costs];
    const share = percent(data.interval);
    const smallest = chance.smallest(tolerance, probability, lasting);
    const years = chance.probability(s.people, tolerance, lasting).map((one) => 100 * one);
    const bearable = chance.overspend(s.people, probability, lasting).map((one) => 100 * one);
    const [fewest, most] = chance.sizes;
    const never = chance.overspend(most, probability, lasting)[0] > tolerance && lasting > 0;
    const sizeEdges = {
      above: never ? "no size that was computed" : `more than ${people(most)} people`,
      below: { value: 0, text: `fewer than ${people(fewest)} people` },
    };
    const yearEdges = { below: { value: 0, text: `less than ${100 * chance.probabilities[0]}%` } };
    const often = (ends) => ends.map((one) => (one >= 100 ? Infinity : one));
    yearEdges.above = `more than ${100 * chance.probabilities.at(-1)}%`;
    const reading = `a group that can bear an overspend of ${plain(s.tolerance)}%, and may exceed it in ${plain(s.probability)}% of years`;
    const answers = [
      {
        name: "smallest",
        depends: ["tolerance", "probability", "costs", "budget", "cover", "lasting"],
        values: smallest,
        text: interval(smallest, error, "people", share, sizeEdges),
        sentence: (text) => (smallest[1] === Infinity && never
          ? `No size is enough for ${reading}: even ${people(most)} people, the most that were computed, exceed it more often, for lasting differences do not even out with size.`
          : `${reading[0].toUpperCase()}${reading.slice(1)}, needs ${text}.`),
      },
      {
        name: "years",
        depends: ["tolerance", "people", "costs", "budget", "cover", "lasting"],
        values: years,
        text: interval(often(years), error, "percent", share, yearEdges),
        sentence: (text) => `A group of ${people(s.people)} overspends by more than ${plain(s.tolerance)}% in ${text} of years.`,
      },
      {
        name: "bearable",
        depends: ["probability", "people", "costs", "budget", "cover", "lasting"],
        values: bearable,
        text: interval(bearable, error, "percent", share),
        sentence: (text) => `What a group of ${people(s.people)} exceeds in ${plain(s.probability)}% of years is an overspend of ${text}.`,
      },
    ];
    const points = [];
    for (let i = 0; i <= 60; i += 1) {
      const x = Math.min(fewest * (1_000_000 / fewest) ** (i / 60), 1_000_000);
      const [low, y, high] = chance.probability(x, tolerance, lasting)
        .map((one) => 100 * Math.min(Math.max(one, chance.probabilities[0]), chance.probabilities.at(-1)));
      // Beyond what was computed there is no line.
      if (high > 100 * chance.probabilities[0]) points.push({ x, low, y, high });
    }
    const rows = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 10_000_000].map((size) => [
      people(size),
      interval(often(chance.probability(size, tolerance, lasting).map((one) => 100 * one)), error, "percent", share, yearEdges),
      interval(chance.overspend(size, probability, lasting).map((one) => 100 * one), error, "percent", share),
    ]);
    return {
      answers,
      grade: lasting > 0 ? "assumed" : grade,
      assumptions: [...assumptions.filter((one) => lasting === 0 || !one.includes("τ = 0")), ...(lasting > 0 ? ["Lasting differences are normal; how large they are is your assumption."] : [])],
      finding: `Share of years with an overspend above ${plain(s.tolerance)}%, by size: ${rows[2][1]} at 10,000 people, ${rows[4][1]} at 100,000.`,
      chart: {
        x: { label: "People in the group (logarithmic)", scale: "log", min: fewest, max: 1_000_000 },
        y: { label: `Years with an overspend above ${plain(s.tolerance)}%`, min: 0, max: 40, after: "%" },
        series: [{ points, kind: 0 }],
        references: [
          { axis: "y", at: s.probability, label: `allowed: ${plain(s.probability)}%` },
          ...(s.people <= 1_000_000 ? [{ axis: "x", at: s.people, label: `${people(s.people)} people` }] : []),
        ],
        dots: smallest[1] > 0 && smallest[1] <= 1_000_000 ? [{ x: smallest[1], y: s.probability }] : [],
      },
      table: {
        caption: `By size: years with an overspend above ${plain(s.tolerance)}%, and the overspend exceeded in ${plain(s.probability)}% of years`,
        head: ["People", "Years", "Overspend"],
        rows,
      },
    };
  },
};
