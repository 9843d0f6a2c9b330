// The explorers of a page: forms of native controls, answers in words, a chart and a table.
//
// Each <div data-explorer="name"> is filled by the module of that name, from files of this site
// that the chapters computed. The address keeps the settings of the explorer that was last used.
// All text from files and from the address is put in as text, never as HTML.

import { draw } from "./chart.mjs";
import { fetched, make, shape } from "./elements.mjs";
import minimumSize from "./minimum-size.mjs";
import phaseIn from "./phase-in.mjs";
import shareAtRisk from "./share-at-risk.mjs";
import stopLoss from "./stop-loss.mjs";
import { plain } from "./words.mjs";

const EXPLORERS = Object.fromEntries([minimumSize, stopLoss, shareAtRisk, phaseIn].map((one) => [one.name, one]));
const LOG_STEPS = 150;

const files = new Map();

function fetchFile(name) {
  if (!files.has(name)) files.set(name, fetched(`explorers/${name}.json`));
  return files.get(name);
}

// The first file is the explorer's own; others add tables and numbers.
async function load(names) {
  const [own, ...others] = await Promise.all(names.map(fetchFile));
  return others.reduce((data, more) => ({
    ...data,
    chance: { ...more.chance, ...data.chance },
    tables: { ...more.tables, ...data.tables },
    numbers: [...data.numbers, ...more.numbers],
  }), own);
}

// ---- controls -----------------------------------------------------------------------------

const twoDigits = (value) => Number(value.toPrecision(2));

class Control {
  constructor(spec, prefix, changed) {
    this.spec = spec;
    this.id = `${prefix}-${spec.name}`;
    this.note = make("p", { class: "control-note", id: `${this.id}-note`, hidden: true });
    this.row = spec.options ? this.select(changed) : this.slider(changed);
    const label = make("label", { for: this.id }, spec.label);
    if (spec.hint) label.append(" ", make("span", { class: "hint" }, `(${spec.hint})`));
    this.block = make("div", { class: "control" }, label, this.row, this.note);
  }

  select(changed) {
    this.field = make("select", { id: this.id, "aria-describedby": this.note.id });
    for (const [value, text] of this.spec.options) this.field.append(make("option", { value }, text));
    this.field.addEventListener("change", changed);
    return this.field;
  }

  slider(changed) {
    const { range: [min, max], scale, step, unit, label } = this.spec;
    this.range = make("input", {
      type: "range", id: `${this.id}-slider`, "aria-label": label,
      min: scale === "log" ? 0 : min, max: scale === "log" ? LOG_STEPS : max, step: scale === "log" ? 1 : step,
    });
    this.field = make("input", {
      type: "number", id: this.id, min, max, step: this.spec.whole ? 1 : "any", inputmode: "decimal",
      "aria-describedby": this.note.id,
    });
    this.range.addEventListener("input", () => {
      this.field.value = this.fromRange();
      this.tell();
      changed();
    });
    this.field.addEventListener("input", changed);
    const mark = unit === "£" ? ["£", this.field] : [this.field, unit ?? ""];
    return make("div", { class: "control-row" }, this.range, make("span", { class: "control-value" }, ...mark));
  }

  fromRange() {
    const { range: [min, max], scale, step } = this.spec;
    if (scale !== "log") return Number((Math.round(Number(this.range.value) / step) * step).toFixed(6));
    const part = Number(this.range.value) / LOG_STEPS;
    return Math.min(Math.max(twoDigits(min * (max / min) ** part), min), max);
  }

  tell() {
    const value = plain(this.field.value);
    const { unit = "" } = this.spec;
    this.range.setAttribute("aria-valuetext", unit === "£" ? `£${value}` : unit === "%" ? `${value}%` : `${value} ${unit}`);
  }

  // The setting, or undefined where what stands in the field was not computed.
  read() {
    if (this.spec.options) return this.field.value;
    const refused = this.problem(this.field.value);
    this.note.textContent = refused;
    this.note.hidden = !refused;
    this.field.toggleAttribute("aria-invalid", Boolean(refused));
    return refused ? undefined : Number(this.field.value);
  }

  problem(text) {
    const { range: [min, max], label, whole } = this.spec;
    const value = text.trim() === "" ? NaN : Number(text);
    if (!Number.isFinite(value) || (whole && !Number.isInteger(value))) {
      return `${label}: give a ${whole ? "whole " : ""}number from ${plain(min)} to ${plain(max)}.`;
    }
    if (value < min || value > max) {
      return `${label}: ${plain(value)} is outside the range that was computed, ${plain(min)} to ${plain(max)}.`;
    }
    return "";
  }

  // Whether a value from the address can be set.
  allows(text) {
    return this.spec.options ? this.spec.options.some(([value]) => value === text) : !this.problem(text);
  }

  write(value) {
    this.field.value = value;
    if (this.spec.options) return;
    const { range: [min, max], scale } = this.spec;
    this.range.value = scale === "log" ? Math.round((LOG_STEPS * Math.log(value / min)) / Math.log(max / min)) : value;
    this.tell();
  }
}

// ---- one explorer -------------------------------------------------------------------------

class Explorer {
  constructor(block, kind, data) {
    Object.assign(this, { block, kind, data });
    const changed = () => this.update(true);
    this.controls = kind.controls(data).map((spec) => new Control(spec, kind.name, changed));
    this.form = make("form", { class: "explorer-form", "aria-label": `Settings: ${kind.name.replaceAll("-", " ")}` }, ...this.controls.map((one) => one.block));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", (event) => this.follow(event.target));
    this.problem = make("p", { class: "explorer-problem", role: "alert", hidden: true });
    this.output = make("output", { "aria-live": "polite", class: "explorer-answer" });
    this.chart = shape("svg");
    this.rests = make("details", { class: "explorer-more" });
    this.table = make("details", { class: "explorer-more" });
    this.view = make("a", { class: "explorer-view" }, "Link to this view");
    const reset = make("button", { type: "button" }, "Back to the chapter’s settings");
    reset.addEventListener("click", () => this.set(this.data.settings, true));
    const actions = make("p", { class: "explorer-actions" }, this.view, reset);
    block.append(this.form, this.problem, this.output, this.chart, actions, this.rests, this.table);
  }

  // A number field that was typed in moves its slider.
  follow(target) {
    const control = this.controls.find((one) => one.field === target && one.range);
    if (control && !control.problem(target.value)) control.write(target.value);
  }

  set(settings, keep) {
    for (const one of this.controls) one.write(settings[one.spec.name]);
    this.update(keep);
  }

  update(keep) {
    const settings = {};
    for (const one of this.controls) settings[one.spec.name] = one.read();
    const refused = Object.values(settings).includes(undefined)
      ? "The answer below is that of the last settings that could be read."
      : this.kind.refuse?.(this.data, settings) ?? "";
    this.say(refused);
    if (refused) return;
    const address = addressOf(this.kind.name, settings);
    this.view.href = address;
    if (keep) remember(address);
    this.show(this.kind.answer(this.data, settings), settings);
  }

  say(problem) {
    this.problem.textContent = problem;
    this.problem.hidden = !problem;
  }

  show(found, settings) {
    this.output.replaceChildren(
      ...found.answers.map((answer) => this.paragraph(answer, settings)),
      make("p", { class: "explorer-grade" }, make("span", { class: `grade grade-${found.grade}` }, found.grade), " interpolated between settings that were computed with the chapter’s code"),
    );
    draw(this.chart, found.chart, found.finding);
    const list = make("ul", {}, ...found.assumptions.map((one) => make("li", {}, one)));
    this.fill(this.rests, "What this answer rests on", list);
    this.fill(this.table, "The same as a table", tableOf(found.table));
  }

  // Opened details stay open.
  fill(details, title, ...content) {
    details.replaceChildren(make("summary", {}, title), ...content);
  }

  paragraph(answer, settings) {
    const number = this.data.numbers.find((one) => this.same(one, answer, settings));
    const text = number ? number.text : answer.text;
    const [before, ...after] = answer.sentence(text).split(text);
    const made = make("p", { "data-answer": answer.name });
    made.append(before);
    if (after.length) {
      made.append(make("data", { value: answer.values.join(" ") }, text), after.join(text));
    }
    if (number) made.append(" ", make("a", { href: number.anchor, "data-number": number.id }, "The chapter’s number."));
    return made;
  }

  same(number, answer, settings) {
    const all = { ...this.data.implied, ...settings, ...this.kind.implied?.(settings) };
    return number.answer === answer.name
      && Object.entries(number.settings).every(([name, value]) => String(all[name]) === String(value));
  }
}

function tableOf({ caption, head, rows }) {
  const table = make("table", { class: "table" }, make("caption", {}, caption));
  table.append(make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))));
  const body = rows.map(([first, ...rest]) =>
    make("tr", {}, make("th", { scope: "row" }, first), ...rest.map((text) => make("td", {}, text))));
  table.append(make("tbody", {}, ...body));
  return make("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": caption }, table);
}

// ---- the address --------------------------------------------------------------------------

function addressOf(name, settings) {
  const query = new URLSearchParams({ explorer: name, ...settings });
  return `${location.pathname}?${query}#explorer-${name}`;
}

let waiting = 0;

// Browsers allow few changes a second: the last one counts.
function remember(address) {
  clearTimeout(waiting);
  waiting = setTimeout(() => history.replaceState(null, "", address), 120);
}

const short = (text) => (text.length > 30 ? `${text.slice(0, 30)}…` : text);

// Settings of the address for one explorer, and what was refused of them.
function asked(explorer) {
  const query = new URLSearchParams(location.search);
  if (query.get("explorer") !== explorer.kind.name) return null;
  const settings = { ...explorer.data.settings };
  const refused = [];
  for (const one of explorer.controls) {
    const text = query.get(one.spec.name);
    if (text === null) continue;
    if (one.allows(text)) settings[one.spec.name] = text;
    else refused.push(`“${short(text)}” for “${one.spec.label}”`);
  }
  if (!refused.length && explorer.kind.refuse) {
    const problem = explorer.kind.refuse(explorer.data, settings);
    if (problem) refused.push(`a combination that was not computed. ${problem}`);
  }
  return { settings, refused };
}

function begin(explorer) {
  const view = asked(explorer);
  if (!view) {
    explorer.set(explorer.data.settings, false);
    return;
  }
  explorer.set(view.refused.length ? explorer.data.settings : view.settings, false);
  if (view.refused.length) {
    explorer.say(`The address asks for ${view.refused.join(", and ")}. That cannot be shown: here are the chapter’s settings.`);
  }
  explorer.block.parentElement.scrollIntoView();
}

async function start(block) {
  const kind = EXPLORERS[block.dataset.explorer];
  if (!kind) return;
  block.append(make("p", { class: "explorer-waiting" }, "The tables are being fetched."));
  try {
    const data = await load(kind.files);
    block.replaceChildren();
    begin(new Explorer(block, kind, data));
  } catch (error) {
    block.replaceChildren(make("p", { class: "explorer-problem", role: "alert" }, "The tables could not be fetched. The answer at the chapter’s settings stands above, and all of the grid in the CSV file."));
    console.error(error);
  }
}

const blocks = [...document.querySelectorAll("[data-explorer]")];
const wanted = new URLSearchParams(location.search).get("explorer");
if (wanted !== null && !blocks.some((one) => one.dataset.explorer === wanted)) {
  const note = make("p", { class: "explorer-problem", role: "alert" }, `The address asks for an explorer “${short(wanted)}”, which this page does not have.`);
  document.querySelector("h1")?.after(note);
}
blocks.forEach(start);
