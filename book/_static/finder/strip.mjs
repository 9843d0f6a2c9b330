// All organisations of one kind on an axis of size, the one asked for among them, and the sizes that
// are large enough.

import { SizeAxis } from "./size-axis.mjs";

const TICKS = [1_000, 10_000, 100_000, 1_000_000];
const [RADIUS, SIDE] = [3, 14];
const [TOP, AXIS, HEIGHT] = [58, 152, 204];
const LABEL = 255; // room that the words over the shaded sizes need

export function drawStrip(svg, { sizes, people, enough, kind, finding }) {
  const low = Math.min(1_000, ...sizes, people);
  const high = Math.max(4_000_000, ...sizes, people);
  const axis = new SizeAxis(svg, { low, high, side: SIDE, height: HEIGHT, finding });
  axis.shade(enough, TOP - 14, AXIS);
  axis.pile(sizes, AXIS - 2, AXIS - TOP - 8, RADIUS);
  axis.add("line", { class: "axis", x1: 0, x2: axis.width, y1: AXIS, y2: AXIS });
  axis.ticks(TICKS.filter((one) => one >= low && one <= high), AXIS);
  axis.own(people, 22, AXIS);
  axis.add("circle", { class: "own", cx: axis.x(people), cy: AXIS, r: 6 });
  axis.sayEnough(enough, TOP - 20, LABEL, "large enough for 2%, chance alone");
  axis.add("text", { class: "tick", x: axis.width - 2, y: HEIGHT - 6, "text-anchor": "end" }, kind);
}
