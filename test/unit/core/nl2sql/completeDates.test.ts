import { describe, expect, it } from 'vitest';
import { completeDates } from '../../../../src/core/nl2sql/completeDates.js';
import { type DatabaseKnowledge } from '../../../../src/core/nl2sql/types.js';
import { type SqlValue } from '../../../../src/core/schema/types.js';
import { makeSchema, makeTable } from '../../../support/shopSchema.js';

const profile = (table: string, column: string, ...examples: SqlValue[]): DatabaseKnowledge['profiles'][number] => ({
  table,
  column,
  examples,
  distinct: 9,
  rows: 9,
  nulls: 0,
  sampled: false,
});
const knowledge: DatabaseKnowledge = {
  schema: makeSchema([
    makeTable('shipments', [
      'shipment_id*',
      'order_id:INTEGER',
      'shipped_on',
      'delivered_on',
      'weight:REAL',
      'tare:REAL',
      'year_sent:INTEGER',
    ]),
    makeTable('orders', ['order_id*', 'ordered_at', 'year_sent']),
  ]),
  relations: [],
  profiles: [
    profile('shipments', 'shipped_on', '2024-03-01', '2023-11-30'),
    profile('shipments', 'delivered_on', '2024-03-04'),
    profile('shipments', 'weight', 2.5),
    profile('shipments', 'tare', 0.5),
    profile('shipments', 'year_sent', 2024),
    profile('orders', 'ordered_at', '2024-02-28 10:00:00'),
    profile('orders', 'year_sent', '2024'),
  ],
};

describe('completeDates', () => {
  it.each([
    ['SELECT AVG(delivered_on - shipped_on) FROM shipments', 'SELECT AVG(julianday(delivered_on) - julianday(shipped_on)) FROM shipments'],
    [
      'SELECT AVG(s.shipped_on - o.ordered_at) FROM shipments s JOIN orders AS o ON o.order_id = s.order_id WHERE s.delivered_on - s.shipped_on > 3',
      'SELECT AVG(julianday(s.shipped_on) - julianday(o.ordered_at)) FROM shipments s JOIN orders AS o ON o.order_id = s.order_id WHERE julianday(s.delivered_on) - julianday(s.shipped_on) > 3',
    ],
    [
      'SELECT shipment_id FROM shipments ORDER BY "delivered_on"-"shipped_on" DESC',
      'SELECT shipment_id FROM shipments ORDER BY julianday("delivered_on")-julianday("shipped_on") DESC',
    ],
  ])('%s', (sql, expected) => {
    expect(completeDates(sql, knowledge)).toBe(expected);
  });

  it.each([
    'SELECT weight - tare FROM shipments',
    'SELECT delivered_on - 3 FROM shipments',
    'SELECT delivered_on - weight FROM shipments',
    'SELECT julianday(delivered_on) - julianday(shipped_on) FROM shipments',
    'SELECT year_sent - shipped_on FROM shipments',
    "SELECT strftime('%Y', delivered_on) - strftime('%Y', shipped_on) FROM shipments",
    'SELECT weight * delivered_on - shipped_on FROM shipments',
    'SELECT delivered_on - unknown FROM shipments',
    'SELECT delivered_on -',
  ])('leaves %s', (sql) => {
    expect(completeDates(sql, knowledge)).toBe(sql);
  });
});
