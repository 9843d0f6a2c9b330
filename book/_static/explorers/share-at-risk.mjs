// How much should a group gain or lose? Effects of a share at risk, and what luck pays and costs.

import { lookUp } from "./lookup.mjs";
import { interval, people, percent, plain } from "./words.mjs";

const LUCK = {
  all: "chance and lasting differences",
  chance: "chance alone",
};
const EFFECTS = { saved: "saved without harm", patients: "patients gain", total: "all together" };

export default {
  name: "share-at-risk",
  files: ["share-at-risk"],

  controls: (data) => {
    const sizes = data.tables.best.axes[0].values;
    return [
      { name: "people", label: "Size of the group", unit: "people", range: [sizes[0], sizes.at(-1)], scale: "log", whole: true },
      { name: "savings", label: "Share of savings paid to the group", unit: "%", range: [0, 100], step: 5 },
      { name: "losses", label: "Share of losses borne by the group", unit: "%", hint: "0 is one-sided", range: [0, 100], step: 5 },
      { name: "luck", label: "Luck of measured savings", hint: "of lasting differences, those not of its making", options: Object.entries(LUCK) },
    ];
  },

  answer(data, s) {
    const { grade, assumptions, relative_error: error } = data.support.all;
    const share = percent(data.interval);
    const felt = (s.savings + s.losses) / 200;
    const times = (ends, factor) => ends.map((one) => one * factor).sort((a, b) => a - b);
    const luck = lookUp(data.tables[s.luck === "chance" ? "chance" : "luck"], s.people);
    const reward = times(luck, (s.savings - s.losses) / Math.sqrt(2 * Math.PI));
    const toIncome = (size) => times(lookUp(data.tables.income, size), s.losses * data.constants.bad_year_score);
    const onlyChance = s.luck === "chance";
    const lasting = lookUp(data.tables.luck, s.people);
    // The doctors' income is drawn together with all luck, so chance alone has no interval here.
    const bad = onlyChance ? null : toIncome(s.people);
    const best = lookUp(data.tables.best, s.people).map((one) => 100 * one);
    const effect = (name, at, size) => (name === "total" ? lookUp(data.tables.total, size, at) : lookUp(data.tables[name], at));
    const told = (values, unit = "percent") => interval(values, error, unit, share);
    const effects = Object.entries(EFFECTS).map(([name, label], kind) => ({
      kind,
      label,
      at: name === "patients" ? 0.9 : 1,
      points: Array.from({ length: 21 }, (_, i) => {
        const [low, y, high] = effect(name, i / 20, s.people);
        return { x: 5 * i, low, y, high };
      }),
    }));
    const all = effects.flatMap((one) => one.points);
    const sides = s.losses === s.savings ? `${plain(s.savings)}% of savings and losses` : `${plain(s.savings)}% of savings and ${plain(s.losses)}% of losses`;
    const saved = effect("saved", felt, s.people);
    const answers = [
      {
        name: "best",
        values: best,
        text: told(best),
        sentence: (text) => `For a group of ${people(s.people)} the best share of savings and losses at risk is ${text}, by this model.`,
      },
      {
        name: "saved",
        values: saved,
        text: told(saved),
        sentence: (text) => `With ${sides} shared, a group near its budget feels ${plain(100 * felt)}p of each pound. It then saves ${text} of the budget without harm, patients gain ${told(effect("patients", felt, s.people))}, and all together gain ${told(effect("total", felt, s.people))}. A minus is a loss.`,
      },
      {
        name: "reward",
        values: reward,
        text: told(reward),
        sentence: (text) => (s.savings === s.losses
          ? "Luck pays such a group nothing on average: good and bad years even out."
          : `A group that saves nothing is paid ${text} of the budget a year for luck (${LUCK[s.luck]}).`),
      },
    ];
    if (bad) {
      answers.push({
        name: "bad_year",
        values: bad,
        text: told(bad),
        sentence: (text) => (s.losses === 0 ? "It bears no losses, so a bad year costs its doctors nothing." : `One year in twenty costs its doctors ${text} of their income, or more, if they bear it all.`),
      });
    }
    return {
      answers,
      grade,
      assumptions: [...assumptions, ...(onlyChance ? data.support.chance.assumptions : [])],
      finding: `Effects by share at risk for a group of ${people(s.people)}: what all gain together is largest at a share of ${told(best)}; spread of luck ${told(times(lasting, 100))} of the budget.`,
      chart: {
        x: { label: "Share of savings and losses at risk", min: 0, max: 100, after: "%" },
        y: { label: "Percent of the budget a year", min: Math.floor(Math.min(...all.map((p) => p.low))), max: Math.ceil(Math.max(...all.map((p) => p.high))), after: "%" },
        series: effects,
        references: [{ axis: "x", at: 100 * felt, label: `felt: ${plain(100 * felt)}%` }, { axis: "y", at: 0 }],
      },
      table: {
        caption: `By share at risk, group of ${people(s.people)}: percent of the budget a year`,
        head: ["Share", "Saved without harm", "Care withheld", "Patients gain", "All together"],
        rows: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((at) => [
          `${Math.round(100 * at)}%`,
          ...["saved", "withheld", "patients", "total"].map((name) => told(effect(name, at, s.people))),
        ]),
      },
    };
  },
};
