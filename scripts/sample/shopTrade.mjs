/** The half of the sample shop that moves: orders with lines, payments and shipments, returns, reviews, page visits, 2022 to 2024. */
import { days } from './random.mjs';
import { money } from './shopCatalogue.mjs';
import { carriers, returnReasons, reviewTitles } from './words.mjs';

const firstDay = days.toNumber('2022-01-01');
const lastDay = days.toNumber('2024-12-31');
/** Orders of a month against the mean, January first: quiet after New Year, busy before Christmas. */
const season = [70, 68, 84, 92, 98, 96, 88, 84, 96, 104, 148, 172];
const growth = { 2022: 80, 2023: 100, 2024: 122 };

/**
 * Customers who buy for hotels and offices: customer, year, orders in that year. The five of 2024 are far enough apart that every way to
 * count spending agrees, and those of earlier years keep "in 2024" from being the same as "ever".
 */
export const bigSpenders = [
  [412, 2024, 60],
  [1187, 2024, 47],
  [77, 2024, 37],
  [1650, 2024, 29],
  [938, 2024, 22],
  [301, 2022, 52],
  [2011, 2023, 41],
];

export function makeOrders(draws, shop, count) {
  const trade = { orders: [], lines: [], payments: [], shipments: [] };
  const dayWeights = Array.from({ length: lastDay - firstDay + 1 }, (_, at) => {
    const [year, month] = days
      .toText(firstDay + at)
      .split('-')
      .map(Number);
    return [firstDay + at, growth[year] * season[month - 1]];
  });
  const drawn = Array.from({ length: count }, () => [draws.weighted(dayWeights), undefined]);
  for (const [customer, year, orders] of bigSpenders)
    for (let at = 0; at < orders; at++) drawn.push([days.toNumber(`${year}-01-01`) + draws.whole(0, 364), customer]);
  drawn.sort((a, b) => a[0] - b[0]);
  const excluded = new Set(bigSpenders.map(([customer]) => customer));
  const mayBuy = shop.customers.filter((customer) => !excluded.has(customer[0]) && customer[0] % 14 !== 0);
  const buyers = draws.sample(mayBuy, mayBuy.length);
  const popular = draws.sample(shop.products, shop.products.length).filter((product) => product[0] % 41 !== 0);
  for (const [day, big] of drawn) {
    const customer = big === undefined ? pickBuyer(draws, buyers, day) : shop.customers[big - 1];
    if (customer) addOrder(draws, { ...shop, popular }, trade, { day, customer, big: big !== undefined });
  }
  return trade;
}

/** Nobody orders before registering. */
function pickBuyer(draws, buyers, day) {
  for (let tries = 0; tries < 12; tries++) {
    const customer = buyers[draws.skewed(buyers.length)];
    if (days.toNumber(customer[6]) <= day) return customer;
  }
  return undefined;
}

function addOrder(draws, shop, trade, { day, customer, big }) {
  const id = trade.orders.length + 1;
  const home = customer[9];
  const country = shop.places.addresses[home - 1][4];
  const channel = big
    ? 'web'
    : draws.weighted([
        ['web', 52],
        ['app', 30],
        ['store', 18],
      ]);
  const local = shop.stores.filter((store) => shop.places.addresses[store[2] - 1][4] === country);
  const store = channel === 'store' ? draws.pick(local.length > 0 ? local : shop.stores) : undefined;
  const status = statusOf(draws, day, big);
  const lines = drawLines(draws, shop, day, big);
  lines.forEach((line, at) => trade.lines.push([id, at + 1, ...line]));
  const goods = lines.reduce((sum, line) => sum + line[3], 0);
  const coupon = big ? undefined : drawCoupon(draws, shop, day);
  const reduced = goods - (coupon ? money((goods * coupon[2]) / 100) : 0);
  const fee = store || goods >= 75 ? 0 : ['US', 'CA', 'JP'].includes(country) ? 12 : 4.5;
  const shipping = !store && draws.chance(0.12) ? giftAddress(draws, shop, home) : home;
  const total = reduced + fee;
  trade.orders.push([
    id,
    customer[0],
    days.toText(day),
    status,
    channel,
    store?.[0] ?? null,
    home,
    shipping,
    coupon?.[0] ?? null,
    fee,
    total,
  ]);
  if (status !== 'cancelled') addPayments(draws, trade, id, day, total);
  if (!store && (status === 'delivered' || status === 'shipped')) addShipment(draws, trade, id, day, status);
}

function statusOf(draws, day, big) {
  if (!big && draws.chance(0.045)) return 'cancelled';
  if (day > lastDay - 4) return 'processing';
  return day > lastDay - 10 ? 'shipped' : 'delivered';
}

function drawLines(draws, shop, day, big) {
  const size = big
    ? draws.whole(3, 5)
    : draws.weighted([
        [1, 30],
        [2, 30],
        [3, 20],
        [4, 12],
        [5, 8],
      ]);
  const text = days.toText(day);
  const available = shop.popular.filter((product) => product[10] <= text);
  const factor = { 2022: 0.92, 2023: 0.96, 2024: 1 }[text.slice(0, 4)];
  const chosen = new Map();
  while (chosen.size < size) {
    const product = available[draws.skewed(available.length)];
    chosen.set(product[0], product);
  }
  return [...chosen.values()].map((product) => {
    const price = money(product[7] * factor) || 0.25;
    const quantity = big
      ? draws.whole(2, 4)
      : draws.weighted([
          [1, 72],
          [2, 19],
          [3, 6],
          [4, 3],
        ]);
    return [product[0], quantity, price, quantity * price];
  });
}

function drawCoupon(draws, shop, day) {
  const text = days.toText(day);
  const valid = shop.coupons.filter((coupon) => coupon[3] <= text && text <= coupon[4]);
  return draws.chance(0.16) ? draws.pick(valid) : undefined;
}

/** A present goes to an address of its own, near or far. */
function giftAddress(draws, shop, home) {
  return draws.chance(0.4) ? draws.whole(1, shop.customers.length) : draws.chance(0.5) ? shop.places.addAnywhere() : home;
}

function addPayments(draws, trade, order, day, total) {
  const paid = days.toText(
    Math.min(
      day +
        draws.weighted([
          [0, 80],
          [1, 12],
          [3, 8],
        ]),
      lastDay,
    ),
  );
  const method = draws.weighted([
    ['card', 46],
    ['paypal', 27],
    ['bank transfer', 15],
    ['invoice', 12],
  ]);
  const voucher = draws.chance(0.05) ? money(total / 4) : 0;
  if (voucher > 0) trade.payments.push([trade.payments.length + 1, order, 'gift card', voucher, paid]);
  trade.payments.push([trade.payments.length + 1, order, method, total - voucher, paid]);
}

function addShipment(draws, trade, order, day, status) {
  const carrier = draws.weighted(carriers.map(([, weight], at) => [at + 1, weight]));
  const warehouse = draws.weighted([
    [1, 40],
    [2, 32],
    [3, 17],
    [4, 11],
  ]);
  const shipped = day + draws.whole(0, 2);
  const needed =
    [2, 3, 4, 1, 1][carrier - 1] +
    draws.weighted([
      [0, 50],
      [1, 30],
      [2, 13],
      [5, 7],
    ]);
  const delivered = status === 'delivered' ? days.toText(Math.min(shipped + needed, lastDay)) : null;
  trade.shipments.push([trade.shipments.length + 1, order, carrier, warehouse, days.toText(Math.min(shipped, lastDay)), delivered]);
}

export function makeReturns(draws, trade) {
  const rows = [];
  for (const [order, lineNo, , quantity, price] of trade.lines) {
    const [, , date, status, , , , , coupon] = trade.orders[order - 1];
    if (status !== 'delivered' || coupon !== null || !draws.chance(0.052)) continue;
    const back = days.toText(Math.min(days.toNumber(date) + draws.whole(5, 30), lastDay));
    const pieces = draws.whole(1, quantity);
    rows.push([rows.length + 1, order, lineNo, back, pieces, draws.weighted(returnReasons), pieces * price]);
  }
  return rows;
}

/** Only people who bought a product review it, at most once. */
export function makeReviews(draws, shop, trade) {
  const rows = [];
  const done = new Set();
  for (const [order, , product] of trade.lines) {
    const [, customer, date, status] = trade.orders[order - 1];
    const key = `${customer}/${product}`;
    if (status !== 'delivered' || done.has(key) || product % 23 === 0 || !draws.chance(0.2)) continue;
    done.add(key);
    const leaning = (product * 7) % 5;
    const rating = draws.weighted([
      [5, 34 + leaning * 6],
      [4, 30],
      [3, 16],
      [2, 10 - leaning],
      [1, 9 - leaning],
    ]);
    const body = draws.chance(0.7)
      ? `${draws.pick(['Arrived on time.', 'Well packed.', 'Used it every day.', 'Bought as a gift.'])} ${draws.pick(['Colour as shown.', 'Smaller than I thought.', 'Feels solid.', 'Instructions are short.'])}`
      : null;
    const day = Math.min(days.toNumber(date) + draws.whole(4, 60), lastDay);
    rows.push([rows.length + 1, product, customer, rating, draws.pick(reviewTitles[rating]), body, days.toText(day)]);
  }
  return rows;
}

export function makeVisits(draws, shop, count) {
  const popular = draws.sample(shop.products, shop.products.length);
  return Array.from({ length: count }, (_, at) => {
    const product = popular[draws.skewed(popular.length)];
    const day = firstDay + draws.whole(0, lastDay - firstDay);
    const device = draws.weighted([
      ['phone', 56],
      ['desktop', 34],
      ['tablet', 10],
    ]);
    const source = draws.weighted([
      ['search', 38],
      ['direct', 24],
      ['newsletter', 16],
      ['social', 14],
      ['advert', 8],
    ]);
    return [at + 1, product[1], days.toText(day), device, source, 4 + draws.skewed(420)];
  });
}
