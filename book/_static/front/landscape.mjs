// England's organisations by size, and the sizes that are large enough: one row a kind, one dot an
// organisation. Drawn at the width it has, so that its words keep their size on a phone.

const SVG = "http://www.w3.org/2000/svg";
const [LOW, HIGH] = [5_000, 4_000_000];
const TICKS = [10_000, 100_000, 1_000_000];
const [SIDE, TOP, ROW, RADIUS] = [10, 50, 66, 2.6];

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const words = (people) => (people >= 1e6 ? `${people / 1e6} million` : people.toLocaleString("en-GB"));

function dots(sizes, x, foot) {
  const bins = new Map();
  for (const size of sizes) {
    const bin = Math.round(x(size) / (2 * RADIUS));
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  const step = Math.min(2 * RADIUS, (ROW - 26) / Math.max(...bins.values(), 1));
  return [...bins].flatMap(([bin, count]) =>
    Array.from({ length: count }, (_, i) => element("circle", { class: "neighbour", cx: bin * 2 * RADIUS, cy: foot - RADIUS - i * step, r: RADIUS - 0.3 })));
}

// `rows` are [label, sizes]; `enough` the low end, median and high end of what is needed.
export function drawLandscape(svg, { rows, people, enough, tolerance, finding }) {
  const width = Math.max(svg.parentElement.clientWidth, 280);
  const bottom = TOP + rows.length * ROW;
  const x = (size) => SIDE + (Math.log(Math.min(Math.max(size, LOW), HIGH) / LOW) / Math.log(HIGH / LOW)) * (width - 2 * SIDE);
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${bottom + 42}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", finding);
  const [least, , most] = enough.map(x);
  svg.append(element("rect", { class: "maybe", x: least, y: TOP - 8, width: Math.max(most - least, 0), height: bottom - TOP + 8 }));
  svg.append(element("rect", { class: "enough", x: most, y: TOP - 8, width: Math.max(width - most, 0), height: bottom - TOP + 8 }));
  rows.forEach(([label, sizes], i) => {
    const foot = TOP + (i + 1) * ROW - 6;
    dots(sizes, x, foot).forEach((dot) => svg.append(dot));
    svg.append(element("line", { class: "axis", x1: 0, x2: width, y1: foot + 1, y2: foot + 1 }));
    svg.append(element("text", { class: "row-label", x: 2, y: TOP + i * ROW + 14 }, label));
  });
  for (const tick of TICKS) {
    svg.append(element("line", { class: "axis", x1: x(tick), x2: x(tick), y1: bottom - 5, y2: bottom }));
    svg.append(element("text", { class: "tick", x: x(tick), y: bottom + 16, "text-anchor": "middle" }, words(tick)));
  }
  svg.append(element("text", { class: "tick", x: width - 2, y: bottom + 36, "text-anchor": "end" }, "people, 2022/23; one dot an organisation"));
  svg.append(element("line", { class: "own", x1: x(people), x2: x(people), y1: 20, y2: bottom - 5 }));
  const anchor = x(people) > width - 90 ? "end" : x(people) < 90 ? "start" : "middle";
  svg.append(element("text", { class: "own-label", x: x(people), y: 14, "text-anchor": anchor }, `${people.toLocaleString("en-GB")} people`));
  const fits = most + 140 < width;
  svg.append(element("text", { class: "enough-label", x: fits ? most + 4 : width - 2, y: TOP - 13, "text-anchor": fits ? "start" : "end" }, `large enough for ${tolerance}%`));
}
