// Filter and sort the rows of a table, or of any list of blocks, in the page.
//
// Everything is declared in the HTML; without this script the page shows every row, and the form
// stays hidden. Several such blocks may stand on one page if their prefixes differ.
//
//   <div data-filter-table data-filter-prefix="">     the block; the prefix stands before the names
//                                                      of its settings in the address
//     <form data-filter-form hidden>                   shown by this script
//       <select data-filter="suggestion">              <option value=""> means all
//       <input data-filter-text type="search">         every word must occur in the row's text, or
//                                                      in its data-text attribute where it has one
//       <select data-sort-select>                      <option value="value"> or "-value", optional
//       <button type="reset">                          shows all again, in the first order
//       <p role="status" data-filter-count data-one="claim" data-many="claims"></p>
//                                                      "12 of 78 claims"
//     </form>
//     <th data-sort="verdict">Verdict</th>             becomes a button; aria-sort is kept
//     <tr data-row data-suggestion="7"                 one row: any element, in any section; several
//         data-verdict="supported">                    values of a filter are separated by "|"
//   </div>
//
// A row is sorted by its data-sort-KEY, or else data-KEY: as numbers where every row that has one
// has a number. Rows where it is empty come last. Rows keep to their parent: sorting does not move them
// from one section to another. An element with data-group is hidden while all its rows are.
//
// The settings stay in the address (?suggestion=7&verdict=supported&q=stop&sort=-value), so that a
// view can be cited; other parts of the address are kept. A link to a row that is filtered away
// shows all rows again.
"use strict";

(() => {
  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  const attribute = (row, name) => row.getAttribute(`data-${name}`) ?? "";

  class FilterTable {
    constructor(block) {
      this.block = block;
      this.prefix = block.dataset.filterPrefix ?? "";
      this.form = block.querySelector("[data-filter-form]");
      this.rows = [...block.querySelectorAll("[data-row]")];
      this.texts = new Map(this.rows.map((r) => [r, (r.dataset.text ?? r.textContent).toLowerCase()]));
      this.filters = [...block.querySelectorAll("select[data-filter]")];
      this.text = block.querySelector("[data-filter-text]");
      this.sortSelect = block.querySelector("[data-sort-select]");
      this.heads = [...block.querySelectorAll("[data-sort]:not([data-row])")];
      this.sort = "";
      this.heads.forEach((head) => this.makeButton(head));
      this.listen();
      this.form.hidden = false;
      this.readAddress();
      this.revealTarget();
    }

    makeButton(head) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort-button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const key = head.dataset.sort;
        this.sort = this.sort === key ? `-${key}` : key;
        this.changed();
      });
    }

    listen() {
      for (const filter of this.filters) filter.addEventListener("change", () => this.changed());
      this.text?.addEventListener("input", () => this.changed());
      this.sortSelect?.addEventListener("change", () => {
        this.sort = this.sortSelect.value;
        this.changed();
      });
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("reset", (event) => {
        event.preventDefault();
        this.showAll();
      });
      window.addEventListener("popstate", () => this.readAddress());
      window.addEventListener("hashchange", () => this.revealTarget());
    }

    showAll() {
      for (const filter of this.filters) filter.value = "";
      if (this.text) this.text.value = "";
      this.sort = "";
      this.changed();
    }

    // ---- the address ---------------------------------------------------------------------

    settings() {
      const chosen = this.filters.map((filter) => [filter.dataset.filter, filter.value]);
      return [...chosen, ["q", this.text?.value.trim() ?? ""], ["sort", this.sort]];
    }

    readAddress() {
      const query = new URLSearchParams(location.search);
      const asked = (name) => query.get(this.prefix + name) ?? "";
      for (const filter of this.filters) {
        const value = asked(filter.dataset.filter);
        const known = [...filter.options].some((option) => option.value === value);
        filter.value = known ? value : "";
      }
      if (this.text) this.text.value = asked("q");
      const key = asked("sort").replace(/^-/, "");
      this.sort = this.heads.some((head) => head.dataset.sort === key) ? asked("sort") : "";
      this.show();
    }

    writeAddress() {
      const address = new URL(location.href);
      for (const [name, value] of this.settings()) {
        if (value) address.searchParams.set(this.prefix + name, value);
        else address.searchParams.delete(this.prefix + name);
      }
      history.replaceState(history.state, "", address);
    }

    revealTarget() {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const row = target?.closest("[data-row]");
      if (!row || !this.rows.includes(row)) return;
      if (row.hidden) this.showAll();
      target.scrollIntoView();
    }

    // ---- the rows ------------------------------------------------------------------------

    changed() {
      this.writeAddress();
      this.show();
    }

    show() {
      const sought = words(this.text?.value ?? "");
      for (const row of this.rows) row.hidden = !this.isWanted(row, sought);
      for (const group of this.block.querySelectorAll("[data-group]")) {
        group.hidden = !group.querySelector("[data-row]:not([hidden])");
      }
      this.order();
      this.report();
    }

    isWanted(row, sought) {
      const fits = this.filters.every(
        (filter) =>
          !filter.value || attribute(row, filter.dataset.filter).split("|").includes(filter.value),
      );
      return fits && sought.every((word) => this.texts.get(row).includes(word));
    }

    order() {
      const key = this.sort.replace(/^-/, "");
      const direction = this.sort.startsWith("-") ? -1 : 1;
      const value = (row) => row.getAttribute(`data-sort-${key}`) ?? attribute(row, key);
      const numeric = this.rows.every((row) => !value(row) || !Number.isNaN(Number(value(row))));
      const compare = (a, b) => {
        const [x, y] = [value(a), value(b)];
        if (!x || !y) return (x ? 0 : 1) - (y ? 0 : 1);
        return direction * (numeric ? Number(x) - Number(y) : x.localeCompare(y, "en"));
      };
      const sorted = key ? [...this.rows].sort(compare) : this.rows;
      for (const row of sorted) row.parentNode.append(row);
      for (const head of this.heads) {
        const here = head.dataset.sort === key;
        if (here) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      }
      if (this.sortSelect) this.sortSelect.value = this.sort;
    }

    report() {
      const place = this.block.querySelector("[data-filter-count]");
      if (!place) return;
      const shown = this.rows.filter((row) => !row.hidden).length;
      const noun = this.rows.length === 1 ? place.dataset.one : place.dataset.many;
      const text = `${shown} of ${this.rows.length} ${noun}`;
      if (place.textContent !== text) place.textContent = text;
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const block of document.querySelectorAll("[data-filter-table]")) new FilterTable(block);
  });
})();
