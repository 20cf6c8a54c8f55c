/**
 * Builds the sample shop: `node scripts/sample/buildSample.mjs <out.db> [seed]`. The same seed gives the same content; prints rows per
 * table and the content's hash.
 */
import { fileURLToPath } from 'node:url';
import { createDraws } from './random.mjs';
import * as catalogue from './shopCatalogue.mjs';
import { afterRows, tables } from './shopSchema.mjs';
import * as tradeOf from './shopTrade.mjs';
import { carriers, countries, warehouses } from './words.mjs';
import { contentHash, writeDatabase } from './writeDatabase.mjs';

export const defaultSeed = 2024;

export function shopRows(seed = defaultSeed) {
  const draws = createDraws(seed);
  const places = catalogue.makePlaces(draws);
  const customers = catalogue.makeCustomers(draws, places, 2400, new Set(tradeOf.bigSpenders.map(([customer]) => customer)));
  const stores = catalogue.makeStores(draws, places);
  const employees = catalogue.makeEmployees(draws, stores);
  const suppliers = catalogue.makeSuppliers(draws);
  const categories = catalogue.makeCategories();
  const { rows: products, links } = catalogue.makeProducts(draws, suppliers, categories);
  const coupons = catalogue.makeCoupons(draws);
  const storage = warehouses.map(([name, country, city, pallets], at) => [at + 1, name, places.add(country, city), pallets]);
  const shop = { places, customers, stores, products, coupons };
  const trade = tradeOf.makeOrders(draws, shop, 9000);
  return [
    ['countries', countries.map(([code, name, continent]) => [code, name, continent])],
    ['addresses', places.addresses],
    ['customers', customers],
    ['stores', stores],
    ['employees', employees],
    ['suppliers', suppliers],
    ['categories', categories.rows],
    ['products', products],
    ['product_categories', links],
    ['coupons', coupons],
    ['orders', trade.orders],
    ['order_lines', trade.lines],
    ['returns', tradeOf.makeReturns(draws, trade)],
    ['payments', trade.payments],
    ['carriers', carriers.map(([name], at) => [at + 1, name, `https://${name.toLowerCase().replace(/ /g, '')}.example/track/`])],
    ['warehouses', storage],
    ['shipments', trade.shipments],
    ['stock', catalogue.makeStock(draws, products)],
    ['reviews', tradeOf.makeReviews(draws, shop, trade)],
    ['page_visits', tradeOf.makeVisits(draws, shop, 14000)],
  ].map(([table, rows]) => ({ table, rows }));
}

export async function buildSample(file, seed = defaultSeed) {
  await writeDatabase(file, [tables, ...shopRows(seed), afterRows]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, seed] = process.argv.slice(2);
  if (!file) throw new Error('usage: node scripts/sample/buildSample.mjs <out.db> [seed]');
  await buildSample(file, seed === undefined ? defaultSeed : Number(seed));
  const { hash, rows, counts } = await contentHash(file);
  console.log(`${file}: ${rows} rows, content ${hash.slice(0, 16)}`);
  for (const [table, count] of Object.entries(counts)) console.log(`  ${table}: ${count}`);
}
