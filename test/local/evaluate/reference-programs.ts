/** A right program for each question of the project that asks for one, and one that is wrong in a way that is easily missed. */
export const programs: Readonly<Record<string, { right: string; wrong: string }>> = {
  roman: {
    right: `function romanToInt(text) {
  if (!/^(?=.)M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$/.test(text)) return null;
  const worth = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };
  return [...text].reduce((sum, c, i) => sum + (worth[c] < (worth[text[i + 1]] ?? 0) ? -worth[c] : worth[c]), 0);
}`,
    wrong: `function romanToInt(text) {
  const worth = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };
  if (!/^[IVXLCDM]+$/.test(text)) return null;
  return [...text].reduce((sum, c, i) => sum + (worth[c] < (worth[text[i + 1]] ?? 0) ? -worth[c] : worth[c]), 0);
}`,
  },
  intervals: {
    right: `function mergeIntervals(intervals) {
  const merged = [];
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}`,
    wrong: `function mergeIntervals(intervals) {
  const merged = [];
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}`,
  },
  brackets: {
    right: `function balanced(text) {
  const closes = { ')': '(', ']': '[', '}': '{' };
  const open = [];
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (quoted) {
      if (c === '\\\\') i += 1;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if ('([{'.includes(c)) open.push(c);
    else if (closes[c] && open.pop() !== closes[c]) return false;
  }
  return !quoted && open.length === 0;
}`,
    wrong: `function balanced(text) {
  const closes = { ')': '(', ']': '[', '}': '{' };
  const open = [];
  for (const c of text.replace(/"[^"]*"/g, '')) {
    if ('([{'.includes(c)) open.push(c);
    else if (closes[c] && open.pop() !== closes[c]) return false;
  }
  return open.length === 0;
}`,
  },
  calculator: {
    right: `function calculate(text) {
  const tokens = text.match(/\\d+|[-+*/()]|\\S/g) ?? [];
  let at = 0;
  const fail = () => { throw new Error('no expression'); };
  const unary = () => {
    const token = tokens[at++];
    if (token === '-') return -unary();
    if (token === '(') {
      const value = sum();
      if (tokens[at++] !== ')') fail();
      return value;
    }
    return /^\\d+$/.test(token ?? '') ? Number(token) : fail();
  };
  const product = () => {
    let value = unary();
    while (tokens[at] === '*' || tokens[at] === '/') {
      const isProduct = tokens[at++] === '*';
      const by = unary();
      if (!isProduct && by === 0) fail();
      value = isProduct ? value * by : Math.trunc(value / by);
    }
    return value;
  };
  const sum = () => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-') value += tokens[at++] === '+' ? product() : -product();
    return value;
  };
  const value = sum();
  return at === tokens.length ? value : fail();
}`,
    wrong: `function calculate(text) {
  const tokens = text.match(/\\d+|[-+*/()]/g) ?? [];
  let at = 0;
  const unary = () => {
    const token = tokens[at++];
    if (token === '-') return -unary();
    if (token === '(') { const value = sum(); at += 1; return value; }
    return Number(token);
  };
  const product = () => {
    let value = unary();
    while (tokens[at] === '*' || tokens[at] === '/') value = tokens[at++] === '*' ? value * unary() : Math.floor(value / unary());
    return value;
  };
  const sum = () => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-') value += tokens[at++] === '+' ? product() : -product();
    return value;
  };
  return sum();
}`,
  },
  cache: {
    right: `class LeastRecentlyUsed {
  #size;
  #entries = new Map();
  constructor(size) { this.#size = size; }
  has(key) { return this.#entries.has(key); }
  keys() { return [...this.#entries.keys()]; }
  get(key) {
    if (!this.#entries.has(key)) return undefined;
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }
  set(key, value) {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#size) this.#entries.delete(this.#entries.keys().next().value);
  }
}`,
    wrong: `class LeastRecentlyUsed {
  #size;
  #entries = new Map();
  constructor(size) { this.#size = size; }
  has(key) { return this.#entries.has(key); }
  keys() { return [...this.#entries.keys()]; }
  get(key) { return this.#entries.get(key); }
  set(key, value) {
    this.#entries.set(key, value);
    if (this.#entries.size > this.#size) this.#entries.delete(this.#entries.keys().next().value);
  }
}`,
  },
  days: {
    right: `function daysBetween(from, to) { return dayOf(to) - dayOf(from); }
function dayOf(text) {
  const [, y, m, d] = /^(\\d{4})-(\\d{2})-(\\d{2})$/.exec(text)?.map(Number) ?? [];
  const leap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const months = [31, leap(y) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (!(y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= months[m - 1])) throw new Error('no date');
  const before = y - 1;
  const years = 365 * before + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return years + months.slice(0, m - 1).reduce((sum, days) => sum + days, 0) + d;
}`,
    wrong: `function daysBetween(from, to) { return dayOf(to) - dayOf(from); }
function dayOf(text) {
  const [, y, m, d] = /^(\\d{4})-(\\d{2})-(\\d{2})$/.exec(text)?.map(Number) ?? [];
  const months = [31, y % 4 === 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (!(y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= months[m - 1])) throw new Error('no date');
  return 365 * y + Math.floor((y - 1) / 4) + months.slice(0, m - 1).reduce((sum, days) => sum + days, 0) + d;
}`,
  },
  'build-order': {
    right: `function buildOrder(needs) {
  const open = new Set([...Object.keys(needs), ...Object.values(needs).flat()]);
  const order = [];
  while (open.size > 0) {
    const ready = [...open].filter((name) => (needs[name] ?? []).every((need) => !open.has(need)));
    if (ready.length === 0) return null;
    const first = ready.reduce((one, other) => (other < one ? other : one));
    open.delete(first);
    order.push(first);
  }
  return order;
}`,
    wrong: `function buildOrder(needs) {
  const order = [];
  const visit = (name) => {
    if (order.includes(name)) return;
    for (const need of [...(needs[name] ?? [])].sort()) visit(need);
    order.push(name);
  };
  for (const name of Object.keys(needs).sort()) visit(name);
  return order;
}`,
  },
};
