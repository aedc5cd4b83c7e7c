/** The answers of the project's questions, worked out by trying everything. */

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function orders<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** The one thing that fits; more than one would be a question without an answer. */
function only<T>(items: readonly T[]): T {
  const [first, ...more] = [...new Set(items)];
  if (first === undefined || more.length > 0) throw new Error(`${1 + more.length} answers`);
  return first;
}

/** The fewest moves from one state to another. */
function search<State>(
  start: State,
  next: (state: State) => [string | string[], State][],
  isEnd: (state: State) => boolean,
): (string | string[])[] {
  const ways = new Map<string, (string | string[])[]>([[JSON.stringify(start), []]]);
  const open = [start];
  for (let state = open.shift(); state !== undefined; state = open.shift()) {
    const way = ways.get(JSON.stringify(state)) ?? [];
    if (isEnd(state)) return way;
    for (const [move, to] of next(state)) {
      const key = JSON.stringify(to);
      if (ways.has(key)) continue;
      ways.set(key, [...way, move]);
      open.push(to);
    }
  }
  throw new Error('there is no way');
}

function zeros(): number {
  const factorial = (n: number) => range(1, n).reduce((product, i) => product * BigInt(i), 1n);
  const text = String(factorial(240) * factorial(135));
  return text.length - text.replace(/0+$/, '').length;
}

function dice(): string {
  const faces = range(1, 6);
  const throws = faces.flatMap((a) => faces.flatMap((b) => faces.map((c) => [a, b, c])));
  const fitting = throws.filter((each) => Math.max(...each) === 2 * Math.min(...each));
  return `${fitting.length}/${throws.length}`;
}

function knights(): string {
  const worlds = range(0, 7).map(
    (bits) => [1, 2, 4].map((bit) => (bits & bit) > 0) as [boolean, boolean, boolean],
  );
  const possible = worlds.filter(([a, b, c]) => a === !b && b === (a === c));
  const kinds = new Set(possible.map(([, , c]) => c));
  return kinds.size > 1 ? 'C' : kinds.has(true) ? 'A' : 'B';
}

/** Worlds are the kinds of things that there are; which conclusion holds in each of them? */
function syllogism(): string {
  const kinds = range(0, 15).map((bits) => ({
    glim: bits & 1,
    trad: bits & 2,
    vop: bits & 4,
    quen: bits & 8,
  }));
  type Kind = (typeof kinds)[number];
  const premise = ({ glim, trad, vop, quen }: Kind) =>
    (!glim || trad) && !(vop && glim) && (!trad || vop || quen);
  const possible = kinds.filter(premise);
  const worlds = range(0, 2 ** possible.length - 1).map((bits) => possible.filter((_, i) => bits & (1 << i)));
  const conclusions: [string, (world: Kind[]) => boolean][] = [
    ['A', (world) => world.every(({ glim, quen }) => !glim || quen)],
    ['B', (world) => world.some(({ vop, trad }) => vop && trad)],
    ['C', (world) => world.every(({ quen, glim }) => !quen || glim)],
    ['D', (world) => !world.some(({ quen, vop }) => quen && vop)],
  ];
  return only(conclusions.filter(([, holds]) => worlds.every(holds)).map(([letter]) => letter));
}

function race(): string {
  const places = orders(['Ann', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn']).filter((order) => {
    const of = (name: string) => order.indexOf(name) + 1;
    return (
      of('Ann') === of('Finn') + 1 &&
      of('Dan') > 1 &&
      of('Dan') < 6 &&
      of('Eva') - of('Ben') === 3 &&
      of('Cleo') > of('Dan') &&
      of('Finn') < of('Dan') &&
      of('Eva') !== 6
    );
  });
  return only(places.map((order) => order[2] ?? ''));
}

function weekday(): string {
  const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
  const todays = range(0, 6).filter((today) => names[(today + 1 + 2 - 1) % 7] === 'Thursday');
  return names[(only(todays) + 6) % 7] ?? '';
}

function cake(): string {
  const children = ['Ana', 'Ben', 'Carl', 'Dora'];
  return only(
    children.filter((thief) => {
      const ben = thief === 'Dora';
      return [thief === 'Ben', ben, thief !== 'Carl', !ben].filter(Boolean).length === 1;
    }),
  );
}

function letters(): number {
  const digits = range(0, 9);
  const fits = digits.flatMap((t) =>
    digits.flatMap((o) =>
      digits.flatMap((g) =>
        digits.flatMap((u) => {
          const isOne = new Set([t, o, g, u]).size === 4 && t > 0 && g > 0 && o > 0;
          const out = 100 * o + 10 * u + t;
          return isOne && 10 * t + o + 10 * g + o === out ? [out] : [];
        }),
      ),
    ),
  );
  return only(fits);
}

function triangle(): number {
  const sides = range(1, 59).flatMap((x) => range(x + 1, 59).map((y) => [x, y, 60 - x - y] as const));
  return only(
    sides.filter(([x, y, z]) => z > y && x * x + y * y === z * z && y === x + 14).map(([, , z]) => z),
  );
}

/** The things are read from the question. */
function knapsack(prompt: string): number {
  const things = [...prompt.matchAll(/(\d+) kg \$(\d+)/g)].map(
    ([, kg, value]) => [Number(kg), Number(value)] as const,
  );
  const packs = range(0, 2 ** things.length - 1).map((bits) => things.filter((_, i) => bits & (1 << i)));
  const light = packs.filter((pack) => sum(pack.map(([kg]) => kg)) <= 21);
  return Math.max(...light.map((pack) => sum(pack.map(([, value]) => value))));
}

function map(prompt: string): number {
  const pairs = [...(/neighbours: ([^.]+)\./.exec(prompt)?.[1] ?? '').matchAll(/([P-U])([P-U])/g)];
  const at = (letter = '') => 'PQRSTU'.indexOf(letter);
  const colourings = range(0, 4 ** 6 - 1).map((n) => range(0, 5).map((i) => Math.floor(n / 4 ** i) % 4));
  return colourings.filter((colours) => pairs.every(([, a, b]) => colours[at(a)] !== colours[at(b)])).length;
}

function seats(): string {
  const rows = orders(['Ida', 'Jon', 'Kim', 'Leo', 'Mia', 'Ned']).filter((order) => {
    const of = (name: string) => order.indexOf(name) + 1;
    return (
      Math.abs(of('Ida') - of('Jon')) === 1 &&
      of('Kim') === 2 * of('Leo') &&
      Math.abs(of('Mia') - of('Ned')) >= 3 &&
      of('Ned') < of('Jon') &&
      of('Ida') > of('Kim')
    );
  });
  return only(rows.map((order) => order[2] ?? ''));
}

function coins(): number {
  const counts = range(0, 7).flatMap((a) =>
    range(0, 7 - a).flatMap((b) => range(0, 7 - a - b).map((c) => [a, b, c])),
  );
  return counts.filter(([a = 0, b = 0, c = 0]) => 5 * a + 10 * b + 20 * c + 50 * (7 - a - b - c) === 100)
    .length;
}

/** Pairs cross, one brings the lamp back. */
function bridge(): number {
  const best = (near: number[], far: number[]): number => {
    if (near.length <= 2) return Math.max(...near);
    const pairs = near.flatMap((a, i) => near.slice(i + 1).map((b) => [a, b] as const));
    return Math.min(
      ...pairs.map(([a, b]) => {
        const left = near.filter((each) => each !== a && each !== b);
        const over = [...far, a, b];
        const back = over.map(
          (each) =>
            each +
            best(
              [...left, each],
              over.filter((other) => other !== each),
            ),
        );
        return Math.max(a, b) + Math.min(...back);
      }),
    );
  };
  return best([1, 3, 6, 8, 12], []);
}

function workshop(): number {
  const jobs = {
    A: [3, ''],
    B: [4, ''],
    C: [2, 'A'],
    D: [6, 'B'],
    E: [5, 'AB'],
    F: [3, 'C'],
    G: [2, 'DE'],
  } as const;
  let least = Number.POSITIVE_INFINITY;
  const go = (done: Readonly<Record<string, number>>, free: readonly [number, number]): void => {
    const open = Object.entries(jobs).filter(
      ([name, [, needs]]) => !(name in done) && [...needs].every((need) => need in done),
    );
    if (open.length === 0)
      least = Math.min(
        least,
        ...Object.values(done)
          .sort((a, b) => b - a)
          .slice(0, 1),
      );
    for (const [name, [hours, needs]] of open) {
      for (const worker of [0, 1] as const) {
        const end = Math.max(free[worker], ...[...needs].map((need) => done[need] ?? 0)) + hours;
        if (end < least) go({ ...done, [name]: end }, worker === 0 ? [end, free[1]] : [free[0], end]);
      }
    }
  };
  go({}, [0, 0]);
  return least;
}

function towns(prompt: string): number {
  const roads = new Map(
    [...prompt.matchAll(/([DP-S])([DP-S]) (\d+)/g)].map(([, a, b, km]) => [`${a}${b}`, Number(km)]),
  );
  const road = (a: string, b: string) => roads.get(a + b) ?? roads.get(b + a) ?? Number.NaN;
  const tours = orders(['P', 'Q', 'R', 'S']).map((order) => ['D', ...order, 'D']);
  return Math.min(...tours.map((tour) => sum(tour.slice(1).map((town, i) => road(tour[i] ?? '', town)))));
}

function grid(prompt: string): number {
  const rows = prompt.split('\n').filter((line) => /^[S.#E]+$/.test(line));
  const at = ([y, x]: readonly [number, number]) => rows[y]?.[x] ?? '#';
  return search<readonly [number, number]>(
    [0, 0],
    ([y, x]) =>
      (
        [
          [y + 1, x],
          [y - 1, x],
          [y, x + 1],
          [y, x - 1],
        ] as const
      )
        .filter((to) => at(to) !== '#')
        .map((to) => ['step', to]),
    (place) => at(place) === 'E',
  ).length;
}

const jugs = () =>
  search<readonly [number, number]>(
    [0, 0],
    ([a, b]) => {
      const [toB, toA] = [Math.min(a, 11 - b), Math.min(b, 7 - a)];
      return [
        ['fill A', [7, b]],
        ['fill B', [a, 11]],
        ['empty A', [0, b]],
        ['empty B', [a, 0]],
        ['A to B', [a - toB, b + toB]],
        ['B to A', [a + toA, b - toA]],
      ];
    },
    (has) => has.includes(2),
  );

function ferry() {
  const all = ['fox', 'goose', 'corn', 'beetle'];
  const isSafe = (bank: readonly string[]) => !bank.includes('goose') || bank.length === 1;
  const loads = (bank: readonly string[]) => [
    [],
    ...bank.map((one) => [one]),
    ...bank.flatMap((one, i) => bank.slice(i + 1).map((other) => [one, other])),
  ];
  return search<{ near: readonly string[]; isNear: boolean }>(
    { near: all, isNear: true },
    ({ near, isNear }) => {
      const far = all.filter((each) => !near.includes(each));
      const bank = isNear ? near : far;
      return loads(bank).flatMap((load) => {
        const left = bank.filter((each) => !load.includes(each));
        const after = isNear ? left : all.filter((each) => near.includes(each) || load.includes(each));
        return isSafe(left) ? [[load, { near: after, isNear: !isNear }]] : [];
      });
    },
    ({ near, isNear }) => near.length === 0 && !isNear,
  );
}

const discs = () =>
  search<readonly (readonly number[])[]>(
    [[4, 2], [3, 1], []],
    (pegs) =>
      [0, 1, 2].flatMap((from) =>
        [0, 1, 2].flatMap((to) => {
          const disc = pegs[from]?.at(-1);
          if (from === to || disc === undefined || (pegs[to]?.at(-1) ?? 9) < disc) return [];
          const after = pegs.map((peg, i) =>
            i === from ? peg.slice(0, -1) : i === to ? [...peg, disc] : peg,
          );
          return [[`${'XYZ'[from]}${'XYZ'[to]}`, after] as [string, typeof pegs]];
        }),
      ),
    (pegs) => pegs[2]?.length === 4,
  );

function divisors(): number[] {
  const of60 = range(1, 59).filter((n) => 60 % n === 0);
  const fours = range(0, 2 ** of60.length - 1).map((bits) => of60.filter((_, i) => bits & (1 << i)));
  const [first = []] = fours.filter((four) => four.length === 4 && sum(four) === 60);
  return first;
}

/** By the id of the question; handed its text. */
export const computed: Readonly<Record<string, (prompt: string) => unknown>> = {
  change: () => 100 - (18 / 3) * 4 - 7 * 2.75,
  multiples: () => sum(range(1, 500).filter((n) => (n % 6 === 0) !== (n % 10 === 0))),
  remainder: () => (7n ** 222n + 3n ** 112n) % 41n,
  zeros,
  // The goods train is 84 · 45 / 60 km ahead and loses 35 km an hour.
  trains: () => ((84 * 45) / 60 / (119 - 84)) * 60,
  // In 36ths of the tank: 7 an hour with the drain open, 10 with it shut.
  pipes: () => ((36 - 2 * (6 + 4 - 3)) / (6 + 4)) * 60,
  dice,
  knights,
  'ten-lines': () => only(range(1, 10).filter((k) => 10 - 1 === k)),
  syllogism,
  race,
  weekday,
  cake,
  letters,
  triangle,
  knapsack,
  map,
  seats,
  coins,
  divisors,
  bridge,
  workshop,
  towns,
  grid,
  jugs,
  ferry,
  discs,
};
