// A line chart with interval bands and direct labels. Colours come from the style sheet.

import { shape } from "./elements.mjs";

const [WIDTH, HEIGHT] = [640, 380];
const MARGIN = { left: 96, right: 44, top: 42, bottom: 56 };

function scale(axis, from, to) {
  const on = axis.scale === "log" ? Math.log : (value) => value;
  const [low, high] = [on(axis.min), on(axis.max)];
  return (value) => {
    const part = (on(Math.min(Math.max(value, axis.min), axis.max)) - low) / (high - low);
    return from + part * (to - from);
  };
}

function ticks(axis) {
  if (axis.ticks) return axis.ticks;
  if (axis.scale === "log") {
    const first = Math.ceil(Math.log10(axis.min) - 1e-9);
    const last = Math.floor(Math.log10(axis.max) + 1e-9);
    return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  }
  const rough = (axis.max - axis.min) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const by = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const first = Math.ceil(axis.min / by - 1e-9);
  const last = Math.floor(axis.max / by + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * by);
}

function tickText(value, axis) {
  const [shown, million] = value >= 1e6 ? [value / 1e6, "m"] : [value, ""];
  const text = shown.toLocaleString("en-GB", { maximumSignificantDigits: 4 }) + million;
  return (axis.before ?? "") + text.replace("-", "−") + (axis.after ?? "");
}

function path(points, x, y, key) {
  return points.map((p, i) => `${i ? "L" : "M"}${x(p.x).toFixed(1)} ${y(p[key]).toFixed(1)}`).join("");
}

function axes(svg, spec, x, y) {
  const [left, bottom] = [MARGIN.left, HEIGHT - MARGIN.bottom];
  for (const tick of ticks(spec.y)) {
    svg.append(shape("line", { class: "grid", x1: left, x2: WIDTH - MARGIN.right, y1: y(tick), y2: y(tick) }));
    svg.append(shape("text", { class: "tick", x: left - 8, y: y(tick) + 5, "text-anchor": "end" }, tickText(tick, spec.y)));
  }
  for (const tick of ticks(spec.x)) {
    svg.append(shape("line", { class: "axis", x1: x(tick), x2: x(tick), y1: bottom, y2: bottom + 5 }));
    svg.append(shape("text", { class: "tick", x: x(tick), y: bottom + 22, "text-anchor": "middle" }, tickText(tick, spec.x)));
  }
  svg.append(shape("line", { class: "axis", x1: left, x2: WIDTH - MARGIN.right, y1: bottom, y2: bottom }));
  svg.append(shape("text", { class: "title", x: 4, y: 17 }, spec.y.label));
  svg.append(shape("text", { class: "title", x: WIDTH - 4, y: HEIGHT - 6, "text-anchor": "end" }, spec.x.label));
}

function line(svg, one, index, x, y) {
  const kind = `series series-${one.kind ?? index}`;
  if (one.points.some((p) => p.low !== undefined)) {
    const back = [...one.points].reverse();
    const band = `${path(one.points, x, y, "high")}${path(back, x, y, "low").replace("M", "L")}Z`;
    svg.append(shape("path", { class: `${kind} band`, d: band }));
  }
  svg.append(shape("path", { class: `${kind} line`, d: path(one.points, x, y, "y") }));
}

function seriesLabel(svg, one, index, x, y, taken) {
  if (!one.label || !one.points.length) return;
  const at = one.points[Math.round((one.at ?? 1) * (one.points.length - 1))];
  const right = x(at.x) > WIDTH / 2;
  let height = Math.max(y(at.y) - 8, MARGIN.top + 6);
  while (taken.some((other) => Math.abs(other - height) < 18)) height += 18;
  taken.push(height);
  svg.append(
    shape("text", { class: `label series-${one.kind ?? index}`, x: x(at.x) + (right ? -4 : 6), y: height, "text-anchor": right ? "end" : "start" }, one.label),
  );
}

function reference(svg, one, x, y) {
  const vertical = one.axis === "x";
  const at = vertical ? x(one.at) : y(one.at);
  const bottom = HEIGHT - MARGIN.bottom;
  svg.append(
    shape("line", vertical
      ? { class: "reference", x1: at, x2: at, y1: MARGIN.top, y2: bottom }
      : { class: "reference", x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: at, y2: at }),
  );
  if (!one.label) return;
  const right = at > WIDTH / 2;
  svg.append(
    shape("text", vertical
      ? { class: "note", x: at + (right ? -5 : 5), y: bottom - 8, "text-anchor": right ? "end" : "start" }
      : { class: "note", x: WIDTH - MARGIN.right, y: at - 6, "text-anchor": "end" }, one.label),
  );
}

// Draw a chart into an svg element; the finding becomes its text alternative.
export function draw(svg, spec, finding) {
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", finding);
  const x = scale(spec.x, MARGIN.left, WIDTH - MARGIN.right);
  const y = scale(spec.y, HEIGHT - MARGIN.bottom, MARGIN.top);
  axes(svg, spec, x, y);
  (spec.references ?? []).forEach((one) => reference(svg, one, x, y));
  spec.series.forEach((one, i) => line(svg, one, i, x, y));
  const taken = [];
  spec.series.forEach((one, i) => seriesLabel(svg, one, i, x, y, taken));
  for (const dot of spec.dots ?? []) {
    svg.append(shape("circle", { class: "dot", cx: x(dot.x), cy: y(dot.y), r: 5 }));
  }
}
