// What does cover cost, and what is it good for? Premium, size and reserve by attachment point.

import { Chance, lookUp } from "./lookup.mjs";
import { interval, people, percent, plain, told } from "./words.mjs";

const COSTS = {
  england: "England, all ages",
  rand: "RAND’s people under 65, 1974–82",
};

// Chance under cover between the terms whose pools were computed: k at these terms, deviations from
// the normal between those of the nearest ones (as analysis/chapters/stop_loss/explorer_tables.py, blended).
export function covered(data, costs, cover, kept) {
  const { axes } = data.tables[`${costs}/break_even`];
  const points = axes[0].values.flatMap((gbp) => axes[1].values.map((share) => data.chance[`${costs}/age_sex/${gbp}/${share}`]));
  const size = points[0].deviation.values.length;
  const whole = { axes: axes.slice(0, 2), unit: points[0].deviation.unit, values: points.flatMap((one) => one.deviation.values) };
  const deviation = { ...points[0].deviation, unit: 1, values: lookUp(whole, cover, kept) };
  if (deviation.values.length !== size) throw new Error("tables of chance differ in shape");
  return new Chance({ variation: lookUp(data.tables[`${costs}/variation`], cover, kept), deviation });
}

export default {
  name: "stop-loss",
  files: ["stop-loss"],
  implied: () => ({ budget: "age_sex", lasting: 0 }),

  controls: (data) => {
    const points = data.tables["england/premium"].axes[0].values;
    const kept = data.tables["england/break_even"].axes[1].values;
    return [
      { name: "cover", label: "Attachment point", unit: "£", hint: "cost of one person in a year above which cover pays", range: [points[0], points.at(-1)], scale: "log", whole: true },
      { name: "kept", label: "Coinsurance", unit: "%", hint: "share of the excess that the group keeps", range: [0, 100 * kept.at(-1)], step: 5 },
      { name: "loading", label: "Loading", unit: "%", hint: "what the premium adds to expected payments", range: data.ranges.loading, step: 1 },
      { name: "people", label: "Size of the group", unit: "people", range: [1_000, 1_000_000], scale: "log", whole: true },
      { name: "costs", label: "Whose costs", options: Object.entries(COSTS) },
      { name: "tolerance", label: "Overspend that the group can bear", unit: "%", hint: "of its yearly budget", range: data.ranges.tolerance, step: 0.1 },
      { name: "probability", label: "Share of years in which it may be exceeded", unit: "%", range: [1, 40], step: 0.5 },
    ];
  },

  answer(data, s) {
    const { relative_error: error, grade, assumptions } = data.support[s.costs];
    const share = percent(data.interval);
    const kept = s.kept / 100;
    const [tolerance, probability] = [s.tolerance / 100, s.probability / 100];
    const mean = data.constants.mean_cost_gbp;
    const pure = (cover) => lookUp(data.tables[`${s.costs}/premium`], cover).map((one) => one * (1 - kept) * mean);
    const premium = pure(s.cover);
    const chance = covered(data, s.costs, s.cover, kept);
    const bare = new Chance(data.chance[`${s.costs}/age_sex/none`]);
    const smallest = chance.smallest(tolerance, probability, 0);
    const without = bare.smallest(tolerance, probability, 0);
    const even = lookUp(data.tables[`${s.costs}/break_even`], s.cover, kept, s.people).map((one) => (100 * one) / Math.sqrt(s.people));
    const [fewest, most] = chance.sizes;
    const edges = { above: `more than ${people(most)} people`, below: { value: 0, text: `fewer than ${people(fewest)} people` } };
    const uncovered = 100 * bare.overspend(s.people, probability, 0)[1];
    const loaded = premium.map((one) => (one * s.loading) / 100);
    const settled = s.loading > even[2] ? "With the loading that you set, cover costs more than the smaller reserve saves."
      : s.loading < even[0] ? "With the loading that you set, cover costs less than the smaller reserve saves."
        : "With the loading that you set, it is open which of the two costs less.";
    const terms = `cover above £${plain(s.cover)} a person${s.kept > 0 ? `, of which the group keeps ${plain(s.kept)}%,` : ""}`;
    const reading = `can bear an overspend of ${plain(s.tolerance)}%, and may exceed it in ${plain(s.probability)}% of years,`;
    const points = [];
    const rows = [];
    const [first, last] = [data.tables["england/premium"].axes[0].values[0], data.tables["england/premium"].axes[0].values.at(-1)];
    for (let i = 0; i <= 30; i += 1) {
      const x = Math.min(Math.max(first * (last / first) ** (i / 30), first), last);
      const [low, y, high] = covered(data, s.costs, x, kept).smallest(tolerance, probability, 0).map((one) => Math.min(Math.max(one, fewest), 1_000_000));
      points.push({ x, low, y, high });
    }
    for (const gbp of data.tables["england/premium"].axes[0].values) {
      rows.push([
        `£${plain(gbp)}`,
        interval(pure(gbp), error, "pounds", share),
        interval(covered(data, s.costs, gbp, kept).smallest(tolerance, probability, 0), error, "people", share, edges),
      ]);
    }
    return {
      answers: [
        {
          name: "premium",
          values: premium,
          text: `${interval(premium, error, "pounds", share).replace(" (", " a head (")}`,
          sentence: (text) => `Without loading, ${terms} costs ${text} a year.${s.loading > 0 ? ` A loading of ${plain(s.loading)}% adds £${told(loaded[1], loaded[1] * error, "ratio")}.` : ""}`,
        },
        {
          name: "smallest",
          values: smallest,
          text: interval(smallest, error, "people", share, edges),
          sentence: (text) => `With it, a group that ${reading} needs ${text}. Without cover it would need about ${told(without[1], without[1] * error, "people", edges)}.`,
        },
        {
          name: "bearable",
          values: chance.overspend(s.people, probability, 0).map((one) => 100 * one),
          text: interval(chance.overspend(s.people, probability, 0).map((one) => 100 * one), error, "percent", share),
          sentence: (text) => `What a group of ${people(s.people)} exceeds in ${plain(s.probability)}% of years falls to an overspend of ${text}, from about ${told(uncovered, uncovered * error, "percent")} without cover.`,
        },
        {
          name: "break_even",
          values: even,
          text: interval(even, data.support.reserve.relative_error, "percent", share),
          sentence: (text) => `For a group of that size, cover is worth its price up to a loading of ${text}: so much a smaller reserve saves (one broken in one year in twenty). ${settled}`,
        },
      ],
      grade,
      assumptions: [...assumptions, ...data.support.reserve.assumptions],
      finding: `The smallest group that is large enough has ${interval(smallest, error, "people", share, edges)} at £${plain(s.cover)}; by attachment point it goes from ${rows[0][2]} at ${rows[0][0]} to ${rows.at(-1)[2]} at ${rows.at(-1)[0]}; a lower attachment point lowers the size and raises the premium.`,
      chart: {
        x: { label: "Attachment point (logarithmic)", scale: "log", min: first, max: last, before: "£", ticks: [5_000, 20_000, 50_000, 100_000, 300_000] },
        y: { label: "Smallest group that is large enough (logarithmic)", scale: "log", min: fewest, max: 1_000_000 },
        series: [{ points, kind: 0 }],
        references: [
          { axis: "x", at: s.cover, label: `£${plain(s.cover)}` },
          ...(Number.isFinite(without[1]) && without[1] > fewest ? [{ axis: "y", at: without[1], label: "without cover" }] : []),
        ],
        dots: smallest[1] > fewest && smallest[1] < 1_000_000 ? [{ x: s.cover, y: smallest[1] }] : [],
      },
      table: { caption: "By attachment point: pure premium a head, and the smallest group that is large enough", head: ["Attachment point", "Premium", "People"], rows },
    };
  },
};
