/** The half of the sample shop that stands still: places, people, products. Everything is drawn from `draws` in a fixed order. */
import { days } from './random.mjs';
import * as words from './words.mjs';

/** Euros in steps of 0.25: sums of such numbers are exact in binary. */
export const money = (value) => Math.round(value * 4) / 4;

export function makePlaces(draws) {
  const addresses = [];
  const add = (country, city) => {
    const postalCode = String(draws.whole(10000, 98999));
    addresses.push([addresses.length + 1, `${draws.whole(1, 180)} ${draws.pick(words.streets)}`, city, postalCode, country]);
    return addresses.length;
  };
  const byWeight = words.countries.map((country) => [country, country[4]]);
  const addAnywhere = () => {
    const [code, , , cities] = draws.weighted(byWeight);
    return add(code, cities[draws.skewed(cities.length)]);
  };
  return { addresses, add, addAnywhere };
}

/** Customers in `early` are registered before the first order of all. */
export function makeCustomers(draws, places, count, early) {
  const emails = new Set();
  return Array.from({ length: count }, (_, at) => {
    const first = draws.pick(words.firstNames);
    const last = draws.pick(words.lastNames);
    const plain = `${first}.${last}`.toLowerCase().replace(/[^a-z.]/g, '');
    const email = emails.has(plain) ? `${plain}${at + 1}@example.com` : `${plain}@example.com`;
    emails.add(plain);
    const phone = draws.chance(0.78) ? `+${draws.whole(30, 49)} ${draws.whole(100, 999)} ${draws.whole(100000, 999999)}` : null;
    const born = draws.chance(0.85) ? days.toText(days.toNumber('1945-01-01') + draws.whole(0, 22500)) : null;
    const registered = days.toText(days.toNumber('2021-06-01') + (early.has(at + 1) ? draws.whole(0, 200) : draws.whole(0, 1270)));
    const level = draws.weighted([
      ['bronze', 52],
      ['silver', 28],
      ['gold', 14],
      ['platinum', 6],
    ]);
    return [at + 1, first, last, email, phone, born, registered, level, draws.chance(0.42) ? 1 : 0, places.addAnywhere()];
  });
}

export function makeStores(draws, places) {
  return words.stores.map(([name, country, city, area], at) => [
    at + 1,
    name,
    places.add(country, city),
    days.toText(days.toNumber('2009-03-02') + at * 407 + draws.whole(0, 200)),
    area,
  ]);
}

/** One director, three regional managers, a manager and a team for every store, and an office without a store. */
export function makeEmployees(draws, stores) {
  const rows = [];
  const names = new Set();
  const add = (title, store, manager, low, high) => {
    let first = '';
    let last = '';
    do {
      first = draws.pick(words.firstNames);
      last = draws.pick(words.lastNames);
    } while (names.has(`${first} ${last}`));
    names.add(`${first} ${last}`);
    const hired = days.toText(days.toNumber('2010-01-04') + draws.whole(0, 5300));
    rows.push([rows.length + 1, first, last, title, store, manager, hired, draws.whole(low / 10, high / 10) * 10]);
    return rows.length;
  };
  const director = add('Managing Director', null, null, 142000, 142000);
  const regions = [1, 2, 3].map(() => add('Regional Manager', null, director, 74000, 88000));
  const office = add('Head of Logistics', null, director, 79000, 82000);
  for (let at = 0; at < 9; at++) add(draws.pick(['Buyer', 'Accountant', 'Data Analyst', 'Logistics Planner']), null, office, 42000, 61000);
  stores.forEach(([store], at) => {
    const manager = add('Store Manager', store, regions[at % 3], 48000, 60000);
    const team = 5 + ((at * 5) % 7);
    for (let member = 0; member < team; member++)
      add(
        draws.weighted([
          ['Sales Assistant', 7],
          ['Cashier', 3],
          ['Stock Clerk', 2],
        ]),
        store,
        manager,
        26000,
        39000,
      );
  });
  return rows;
}

export function makeSuppliers(draws) {
  return words.suppliers.map(([name, country], at) => [
    at + 1,
    name,
    country,
    `orders@${name.toLowerCase().replace(/[^a-z]+/g, '-')}.example`,
    3 + ((at * 7) % 26) + draws.whole(0, 2),
  ]);
}

/** Top shelves, shelves below them, and shelves that cut across. */
export function makeCategories() {
  const rows = [];
  const ids = new Map();
  const add = (name, parent) => {
    rows.push([rows.length + 1, name, parent === null ? null : ids.get(parent)]);
    ids.set(name, rows.length);
  };
  for (const top of new Set(words.shelves.map(([parent]) => parent))) add(top, null);
  for (const [parent, name] of words.shelves) add(name, parent);
  for (const name of words.extraShelves) add(name, null);
  return { rows, ids };
}

export function makeProducts(draws, suppliers, categories) {
  const rows = [];
  const links = [];
  const usable = suppliers.slice(0, -2);
  for (const [top, shelf, [low, high], [light, heavy], things] of words.shelves) {
    for (const thing of things) {
      for (const line of draws.sample(words.lines, draws.whole(3, 6))) {
        const id = rows.length + 1;
        const brand = draws.pick(words.brands);
        const price = money(low + (high - low) * draws.random() * draws.random());
        const text = `${line} ${thing.toLowerCase()} of ${draws.pick(words.materials[top])}, ${draws.pick(words.promises[top])}.`;
        rows.push([
          id,
          `${top.slice(0, 2).toUpperCase()}-${String(1000 + id * 7)}`,
          `${brand} ${line} ${thing}`,
          text,
          brand,
          draws.chance(0.8) ? draws.pick(words.colors) : null,
          usable[draws.skewed(usable.length)][0],
          price,
          money(price * (0.38 + 0.3 * draws.random())) || 0.25,
          draws.whole(light / 10, heavy / 10) * 10,
          days.toText(days.toNumber('2020-02-01') + draws.whole(0, 1650)),
          draws.chance(0.07) ? 1 : 0,
        ]);
        links.push([id, categories.ids.get(shelf)]);
        for (const extra of words.extraShelves) if (draws.chance(0.13)) links.push([id, categories.ids.get(extra)]);
      }
    }
  }
  return { rows, links };
}

export function makeCoupons(draws) {
  const codes = [
    'WELCOME10',
    'SPRING22',
    'SUMMER22',
    'BLACKFRIDAY22',
    'SPRING23',
    'SUMMER23',
    'BLACKFRIDAY23',
    'SPRING24',
    'SUMMER24',
    'BLACKFRIDAY24',
    'FRIENDS15',
    'APP5',
  ];
  return codes.map((code, at) => {
    const year = /2[234]$/.exec(code)?.[0];
    const season = code.startsWith('SPRING') ? ['03-01', '04-30'] : code.startsWith('SUMMER') ? ['06-15', '08-15'] : ['11-20', '11-30'];
    const range = year ? season.map((day) => `20${year}-${day}`) : ['2022-01-01', '2024-12-31'];
    const percent = { APP5: 5, FRIENDS15: 15, WELCOME10: 10 }[code] ?? draws.pick([10, 15, 20, 25]);
    return [at + 1, code, percent, ...range];
  });
}

export function makeStock(draws, products) {
  const rows = [];
  for (let warehouse = 1; warehouse <= words.warehouses.length; warehouse++)
    for (const [product] of products) {
      if (draws.chance(0.35)) continue;
      const reorder = draws.pick([5, 10, 20, 40]);
      rows.push([warehouse, product, draws.chance(0.06) ? 0 : draws.whole(1, reorder * 8), reorder]);
    }
  return rows;
}
