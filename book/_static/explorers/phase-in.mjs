// How long, and how fast? Growth of savings by year, and ways of phasing risk in.

import { lookUp } from "./lookup.mjs";
import { interval, percent, plain } from "./words.mjs";

const WAYS = {
  own: "a share by each group’s own reserve",
  steps: "one timetable for all, rising in equal steps",
  constant: "one share for all, the same in every year",
  full: "full risk at once",
};
const CONSTRAINTS = {
  outside: "the calendar trend anywhere in the range of outside evidence",
  low: "the calendar trend at the low end of outside evidence",
  middle: "the calendar trend in the middle of outside evidence",
  high: "the calendar trend at the high end of outside evidence",
};

export default {
  name: "phase-in",
  files: ["phase-in"],

  controls: (data) => {
    const [reserve, limit, year] = data.tables["own/share"].axes.map((axis) => axis.values);
    return [
      { name: "way", label: "Way of phasing risk in", options: Object.entries(WAYS) },
      { name: "reserve", label: "Reserve at the start", unit: "%", hint: "of one year’s budget", range: [100 * reserve[0], 100 * reserve.at(-1)], step: 0.5 },
      { name: "limit", label: "Largest probability of losing the reserve in a year", unit: "%", range: [100 * limit[0], 100 * limit.at(-1)], step: 0.5 },
      { name: "year", label: "Year to look at", unit: "", range: [1, year.at(-1)], step: 1, whole: true },
      { name: "constraint", label: "Growth of savings: what is taken as known", options: Object.entries(CONSTRAINTS) },
    ];
  },

  answer(data, s) {
    const { grade, assumptions, relative_error: error } = data.support.all;
    const share = percent(data.interval);
    const [reserve, limit] = [s.reserve / 100, s.limit / 100];
    const years = data.tables["own/share"].axes[2].values;
    const at = (what, year) => lookUp(data.tables[`${s.way}/${what}`], reserve, limit, year).map((one) => 100 * one);
    const growth = (year) => lookUp(data.tables[`growth/${s.constraint}`], year);
    const told = (values) => interval(values, error, "percent", share);
    const points = (what) => years.map((year) => {
      const [low, y, high] = at(what, year);
      return { x: year, low, y, high };
    });
    const [shares, ruined, grown] = [at("share", s.year), at("ruined", s.year), growth(s.year)];
    const points10 = interval(grown, data.support.growth.relative_error, "ratio", share).replace(" (", " percentage points (");
    const terms = `with a reserve of ${plain(s.reserve)}% of the budget${s.way === "full" ? "" : `, and at most ${plain(s.limit)}% of groups losing theirs in a year`}`;
    return {
      answers: [
        {
          name: "share",
          values: shares,
          text: told(shares),
          sentence: (text) => `Under ${WAYS[s.way]}, ${terms}, groups of 100,000 bear ${text} of savings and losses in year ${s.year}${s.way === "own" ? ", on average" : ""}.`,
        },
        {
          name: "ruined",
          values: ruined,
          text: told(ruined),
          sentence: (text) => `By the end of that year ${text} of groups have lost their reserve.`,
        },
        {
          name: "growth",
          values: grown,
          text: points10,
          sentence: (text) => (s.year === 1 ? "Growth is counted from the first year." : `By year ${s.year} the mean saving of US organisations has grown by ${text} since the first year, with ${CONSTRAINTS[s.constraint]}.`),
        },
      ],
      grade,
      assumptions: [...assumptions, "The phase-in takes growth with outside evidence, whatever is chosen for growth.", ...data.support.growth.assumptions.slice(1)],
      finding: `Under ${WAYS[s.way]}, ${terms}, the share at risk is ${told(at("share", 1))} in the first year and ${told(at("share", years.at(-1)))} in year ${years.at(-1)}, when ${told(at("ruined", years.at(-1)))} of groups have lost their reserve.`,
      chart: {
        x: { label: "Year", min: 1, max: years.at(-1), ticks: years },
        y: { label: "Percent", min: 0, max: 100, after: "%" },
        series: [
          { kind: 0, label: "share at risk", points: points("share") },
          { kind: 1, label: "groups ruined by then", points: points("ruined") },
        ],
        references: [{ axis: "x", at: s.year }],
      },
      table: {
        caption: "By year: share at risk, groups whose reserve is gone, and growth of the mean saving since the first year (percentage points)",
        head: ["Year", "Share at risk", "Ruined by then", "Growth"],
        rows: years.map((year) => [String(year), told(at("share", year)), told(at("ruined", year)), interval(growth(year), data.support.growth.relative_error, "ratio", share)]),
      },
    };
  },
};
