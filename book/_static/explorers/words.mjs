// Numbers in words: no more digits than their error supports, as the book writes them.

// Smallest of 1, 2 and 5 times a power of ten that is at least the error.
export function step(error) {
  const power = 10 ** Math.floor(Math.log10(error));
  return [1, 2, 5, 10].map((first) => first * power).find((one) => one >= error * (1 - 1e-12));
}

export function digits(value, error) {
  if (value === 0) return "0";
  const by = Math.max(step(Math.max(error, 1e-12)), 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2));
  const decimals = Math.max(0, -Math.floor(Math.log10(by) + 1e-9));
  const rounded = Math.round(value / by) * by;
  const text = Math.abs(rounded).toLocaleString("en-GB", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return (rounded < 0 && Number(text.replaceAll(",", "")) !== 0 ? "−" : "") + text;
}

export const UNITS = {
  people: { after: " people" },
  percent: { after: "%", sign: true },
  pounds: { before: "£" },
  ratio: {},
};

// One value with its unit; beyond the table it says so in words.
export function told(value, error, unit, edges = {}) {
  const { before = "", after = "", sign } = UNITS[unit];
  if (value === Infinity) return edges.above ?? "no limit";
  if (edges.below && value <= edges.below.value) return edges.below.text;
  const text = digits(value, error);
  const signed = text.startsWith("−") ? `−${before}${text.slice(1)}` : before + text;
  return signed + (sign ? after.trim() : after);
}

// "126,000 people (90% interval 95,000–170,000)" from low end, median and high end.
export function interval([low, middle, high], relative, unit, share, edges = {}) {
  const error = (value) => Math.max(Math.abs(value), Math.abs(high - low) / 2 || 0) * relative;
  const { after = "", sign } = UNITS[unit];
  const ends = [low, high].map((end) => {
    const text = told(end, Math.max(error(end), Number.isFinite(middle) ? error(middle) : 0), unit, edges);
    return sign ? text : text.replace(after, "");
  });
  const dash = ends.some((text) => /[a-z]/.test(text) || text.startsWith("−")) ? " to " : "–";
  return `${told(middle, error(middle), unit, edges)} (${share} interval ${ends.join(dash)})`;
}

export const percent = (share) => `${Math.round(share * 100)}%`;

export const people = (count) => Math.round(count).toLocaleString("en-GB");

export function plain(value) {
  return Number(value).toLocaleString("en-GB", { maximumSignificantDigits: 6 });
}
