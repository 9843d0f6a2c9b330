// Tables that a chapter computed, read between their points by straight lines: the same rule as
// analysis/risk/lookup.py and analysis/risk/chance_table.py, which test it.

export class OutsideRange extends Error {}

// Upper tail of the standard normal: a rational fit good to 2e-9 of its value
// (Numerical Recipes, third edition, section 6.2.2, Chebyshev fit of erfc).
const ERFC = [
  -1.3026537197817094, 6.4196979235649026e-1, 1.9476473204185836e-2, -9.561514786808631e-3,
  -9.46595344482036e-4, 3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5,
  -1.624290004647e-6, 1.303655835580e-6, 1.5626441722e-8, -8.5238095915e-8, 6.529054439e-9,
  5.059343495e-9, -9.91364156e-10, -2.27365122e-10, 9.6467911e-11, 2.394038e-12, -6.886027e-12,
  8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15,
];

export function normalTail(score) {
  const x = Math.abs(score) / Math.SQRT2;
  const t = 2 / (2 + x);
  const ty = 4 * t - 2;
  let d = 0;
  let dd = 0;
  for (let j = ERFC.length - 1; j > 0; j -= 1) {
    [d, dd] = [ty * d - dd + ERFC[j], d];
  }
  const half = 0.5 * t * Math.exp(-x * x + 0.5 * (ERFC[0] + ty * d) - dd);
  return score >= 0 ? half : 1 - half;
}

const known = new Map();

// The score that is exceeded with a probability, by bisection; the same few are asked for again.
export function normalScore(probability) {
  if (!known.has(probability)) known.set(probability, bisected(probability));
  return known.get(probability);
}

function bisected(probability) {
  let [low, high] = [-9, 9];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const SCALES = {
  linear: (value) => value,
  log: Math.log,
  normal: normalScore,
  "inverse root": (value) => -1 / Math.sqrt(value),
};

function place(axis, value) {
  const points = axis.values;
  const last = points.length - 1;
  if (!(value >= points[0] && value <= points[last])) {
    throw new OutsideRange(`${axis.name}: ${value} is outside ${points[0]} to ${points[last]}`);
  }
  let index = last - 1;
  while (index > 0 && points[index] > value) index -= 1;
  const [low, high, here] = [points[index], points[index + 1], value].map(SCALES[axis.scale]);
  return [index, (here - low) / (high - low)];
}

// The quantities of a table at some settings, one for each axis.
export function lookUp(table, ...settings) {
  const places = table.axes.map((axis, i) => place(axis, settings[i]));
  const size = table.axes.reduce((points, axis) => points / axis.values.length, table.values.length);
  const found = new Array(size).fill(0);
  for (let corner = 0; corner < 2 ** places.length; corner += 1) {
    let weight = 1;
    let at = 0;
    places.forEach(([index, part], i) => {
      const upper = (corner >> i) & 1;
      weight *= upper ? part : 1 - part;
      at = at * table.axes[i].values.length + index + upper;
    });
    if (weight > 0) {
      for (let q = 0; q < size; q += 1) {
        const whole = table.values[at * size + q];
        found[q] += weight * (whole === null ? Infinity : whole * table.unit);
      }
    }
  }
  return table.scale === "log" ? found.map(Math.exp) : found;
}

// How often chance breaks a budget: low end, median and high end of each answer.
export class Chance {
  constructor(table) {
    this.k = table.variation;
    this.deviation = table.deviation;
    const [people, probability] = table.deviation.axes;
    this.sizes = [people.values[0], people.values.at(-1)];
    this.probabilities = probability.values;
  }

  // Overspend, a share of the budget, that is exceeded with a probability.
  overspend(people, probability, lasting) {
    const deviation = lookUp(this.deviation, people, probability);
    const score = normalScore(probability);
    return this.k.map((k, i) => {
      const chance = (k * k) / people;
      const total = chance + lasting * lasting;
      return (score + deviation[i] * (chance / total) ** 1.5) * Math.sqrt(total);
    });
  }

  // Probability of an overspend beyond a tolerance; 0 and 1 stand for "less" and "more than was
  // computed".
  probability(people, tolerance, lasting) {
    const exceeded = this.probabilities.map((p) => this.overspend(people, p, lasting));
    const scores = this.probabilities.map(normalScore);
    return [0, 1, 2].map((q) => {
      const column = exceeded.map((one) => one[q]);
      if (tolerance > column[0]) return 0;
      if (tolerance < column.at(-1)) return 1;
      let i = 0;
      while (i < column.length - 2 && column[i + 1] > tolerance) i += 1;
      const part = (tolerance - column[i]) / (column[i + 1] - column[i]);
      return normalTail(scores[i] + part * (scores[i + 1] - scores[i]));
    });
  }

  // Size from which on a tolerance is exceeded no more often than it may be; 0 if the smallest size
  // that was computed is enough, infinite if the largest is not.
  smallest(tolerance, probability, lasting) {
    const steps = 200;
    const size = (i) => Math.exp(Math.log(this.sizes[0]) + (i / steps) * Math.log(this.sizes[1] / this.sizes[0]));
    const sizes = Array.from({ length: steps + 1 }, (_, i) => Math.min(Math.max(size(i), this.sizes[0]), this.sizes[1]));
    const needed = sizes.map((people) => this.overspend(people, probability, lasting));
    return [0, 1, 2].map((q) => {
      let last = steps;
      while (last >= 0 && needed[last][q] <= tolerance) last -= 1;
      if (last === steps) return Infinity;
      if (last < 0) return 0;
      let [low, high] = [sizes[last], sizes[last + 1]];
      for (let step = 0; step < 30; step += 1) {
        const middle = Math.sqrt(low * high);
        if (this.overspend(middle, probability, lasting)[q] > tolerance) low = middle;
        else high = middle;
      }
      return Math.sqrt(low * high);
    });
  }
}
