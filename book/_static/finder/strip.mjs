// All organisations of one kind on an axis of size, the one asked for among them, and the sizes that
// are large enough. Drawn at the width it has, so that its words keep their size on a phone.

const SVG = "http://www.w3.org/2000/svg";
const TICKS = [1_000, 10_000, 100_000, 1_000_000];
const RADIUS = 3;
const SIDE = 14;
const [TOP, AXIS, HEIGHT] = [58, 152, 204];
const LABEL = 255; // room that the words over the shaded sizes need

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const words = (people) => (people >= 1e6 ? `${people / 1e6} million` : people.toLocaleString("en-GB"));

// Dots of about one size are piled up; where a pile would be too high its dots move closer.
function piles(sizes, x) {
  const bins = new Map();
  for (const size of sizes) {
    const bin = Math.round(x(size) / (2 * RADIUS));
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  const step = Math.min(2 * RADIUS, (AXIS - TOP - 8) / Math.max(...bins.values(), 1));
  return [...bins].flatMap(([bin, count]) =>
    Array.from({ length: count }, (_, i) => ({ cx: bin * 2 * RADIUS, cy: AXIS - RADIUS - 2 - i * step })));
}

export function drawStrip(svg, { sizes, people, enough, kind, finding }) {
  const width = Math.max(svg.parentElement.clientWidth, 280);
  const low = Math.min(1_000, ...sizes, people);
  const high = Math.max(4_000_000, ...sizes, people);
  const x = (size) => SIDE + ((Math.log(size) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (width - 2 * SIDE);
  const inside = (size) => x(Math.min(Math.max(size, low), high));
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", finding);
  const [least, , most] = enough.map(inside);
  svg.append(element("rect", { class: "maybe", x: least, y: TOP - 14, width: Math.max(most - least, 0), height: AXIS - TOP + 14 }));
  svg.append(element("rect", { class: "enough", x: most, y: TOP - 14, width: Math.max(width - most, 0), height: AXIS - TOP + 14 }));
  for (const { cx, cy } of piles(sizes, x)) svg.append(element("circle", { class: "neighbour", cx, cy, r: RADIUS - 0.4 }));
  svg.append(element("line", { class: "axis", x1: 0, x2: width, y1: AXIS, y2: AXIS }));
  for (const tick of TICKS.filter((one) => one >= low && one <= high)) {
    svg.append(element("line", { class: "axis", x1: x(tick), x2: x(tick), y1: AXIS, y2: AXIS + 5 }));
    svg.append(element("text", { class: "tick", x: x(tick), y: AXIS + 20, "text-anchor": x(tick) > width - 40 ? "end" : x(tick) < 30 ? "start" : "middle" }, words(tick)));
  }
  svg.append(element("line", { class: "own", x1: x(people), x2: x(people), y1: 22, y2: AXIS }));
  svg.append(element("circle", { class: "own", cx: x(people), cy: AXIS, r: 6 }));
  const anchor = x(people) > width - 90 ? "end" : x(people) < 90 ? "start" : "middle";
  svg.append(element("text", { class: "own-label", x: x(people), y: 15, "text-anchor": anchor }, `${people.toLocaleString("en-GB")} people`));
  const fits = most + LABEL < width;
  svg.append(element("text", { class: "enough-label", x: fits ? most + 4 : width - 2, y: TOP - 20, "text-anchor": fits ? "start" : "end" }, "large enough for 2%, chance alone"));
  if (kind) svg.append(element("text", { class: "tick", x: width - 2, y: HEIGHT - 6, "text-anchor": "end" }, kind));
}
