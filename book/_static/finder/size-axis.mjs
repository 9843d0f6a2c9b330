// Organisations on a logarithmic axis of size: what the card's strip and the front page share. Drawn
// at the width it has, so that its words keep their size on a phone.

import { shape } from "../explorers/elements.mjs";
import { people as count } from "../explorers/words.mjs";

const NARROWEST = 280;
const EDGE = 90; // nearer to an end than this, words stand beside their place

export const words = (people) => (people >= 1e6 ? `${people / 1e6} million` : count(people));

export class SizeAxis {
  constructor(svg, { low, high, side, height, finding }) {
    this.svg = svg;
    this.width = Math.max(svg.parentElement.clientWidth, NARROWEST);
    const part = (size) => Math.log(Math.min(Math.max(size, low), high) / low) / Math.log(high / low);
    this.x = (size) => side + part(size) * (this.width - 2 * side);
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${this.width} ${height}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", finding);
  }

  add(name, attributes, text) {
    this.svg.append(shape(name, attributes, text));
  }

  // The sizes that may be enough, and those that are.
  shade([least, , most], top, bottom) {
    const [from, to] = [this.x(least), this.x(most)];
    this.add("rect", { class: "maybe", x: from, y: top, width: Math.max(to - from, 0), height: bottom - top });
    this.add("rect", { class: "enough", x: to, y: top, width: Math.max(this.width - to, 0), height: bottom - top });
  }

  // Words over the shaded sizes, which need so much room.
  sayEnough([, , most], y, room, text) {
    const at = this.x(most);
    const fits = at + room < this.width;
    this.add("text", { class: "enough-label", x: fits ? at + 4 : this.width - 2, y, "text-anchor": fits ? "start" : "end" }, text);
  }

  // One dot an organisation. Those of about one size are piled up; where a pile would be too high
  // its dots move closer.
  pile(sizes, foot, room, radius) {
    const bins = new Map();
    for (const size of sizes) {
      const bin = Math.round(this.x(size) / (2 * radius));
      bins.set(bin, (bins.get(bin) ?? 0) + 1);
    }
    const step = Math.min(2 * radius, room / Math.max(...bins.values(), 1));
    for (const [bin, many] of bins) {
      for (let i = 0; i < many; i += 1) {
        this.add("circle", { class: "neighbour", cx: bin * 2 * radius, cy: foot - radius - i * step, r: radius - 0.3 });
      }
    }
  }

  own(people, top, bottom) {
    const at = this.x(people);
    this.add("line", { class: "own", x1: at, x2: at, y1: top, y2: bottom });
    const anchor = at > this.width - EDGE ? "end" : at < EDGE ? "start" : "middle";
    this.add("text", { class: "own-label", x: at, y: top - 6, "text-anchor": anchor }, `${count(people)} people`);
  }

  ticks(sizes, y) {
    for (const size of sizes) {
      const at = this.x(size);
      this.add("line", { class: "axis", x1: at, x2: at, y1: y, y2: y + 5 });
      const anchor = at > this.width - 40 ? "end" : at < 30 ? "start" : "middle";
      this.add("text", { class: "tick", x: at, y: y + 20, "text-anchor": anchor }, words(size));
    }
  }
}
