// England's organisations by size, and the sizes that are large enough: one row a kind, one dot an
// organisation.

import { SizeAxis } from "../finder/size-axis.mjs";

const [LOW, HIGH] = [5_000, 4_000_000];
const TICKS = [10_000, 100_000, 1_000_000];
const [SIDE, TOP, ROW, RADIUS] = [10, 50, 66, 2.6];
const LABEL = 140; // room that the words over the shaded sizes need

// `rows` are [label, sizes]; `enough` the low end, median and high end of what is needed.
export function drawLandscape(svg, { rows, people, enough, tolerance, finding }) {
  const bottom = TOP + rows.length * ROW;
  const axis = new SizeAxis(svg, { low: LOW, high: HIGH, side: SIDE, height: bottom + 42, finding });
  axis.shade(enough, TOP - 8, bottom);
  rows.forEach(([label, sizes], i) => {
    const foot = TOP + (i + 1) * ROW - 6;
    axis.pile(sizes, foot, ROW - 26, RADIUS);
    axis.add("line", { class: "axis", x1: 0, x2: axis.width, y1: foot + 1, y2: foot + 1 });
    axis.add("text", { class: "row-label", x: 2, y: TOP + i * ROW + 14 }, label);
  });
  axis.ticks(TICKS, bottom - 5);
  axis.add("text", { class: "tick", x: axis.width - 2, y: bottom + 36, "text-anchor": "end" }, "people, 2022/23; one dot an organisation");
  axis.own(people, 20, bottom - 5);
  axis.sayEnough(enough, TOP - 13, LABEL, `large enough for ${tolerance}%`);
}
