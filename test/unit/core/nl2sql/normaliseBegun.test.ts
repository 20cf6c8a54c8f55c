import { describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../../src/core/grammar/compileGrammar.js';
import { buildGrammar } from '../../../../src/core/nl2sql/buildGrammar.js';
import { normaliseBegun } from '../../../../src/core/nl2sql/normaliseBegun.js';
import { shopRelations, shopSchema } from '../../../support/shopSchema.js';

const grammar = buildGrammar({
  schema: shopSchema,
  tables: shopSchema.tables.map(({ name }) => name),
  relations: shopRelations,
  literals: ['Rome'],
  lockJoins: true,
  sketch: false,
  freeLiterals: false,
});
const matcher = compileGrammar(grammar);

/** What people begin, its normal form, and whether the grammar can go on from there. */
const cases: readonly (readonly [string, string, boolean])[] = [
  ['', '', true],
  ['  -- a comment\n', '', true],
  ['sel', 'SEL', true],
  ['select ', 'SELECT', true],
  ['select ci', 'SELECT ci', true],
  ['select city fr', 'SELECT city FR', true],
  ['SELECT City,Country\n  FROM Customers\n WHERE ', 'SELECT city, country FROM customers WHERE', true],
  ["select city from customers where country='Ro", "SELECT city FROM customers WHERE country = 'Ro", true],
  [
    'select count( * ),max(total_cents) from orders group  by customer_id having count(*)>2',
    'SELECT COUNT(*), MAX(total_cents) FROM orders GROUP BY customer_id HAVING COUNT(*) > 2',
    true,
  ],
  ['select reviewscores.stars from REVIEWSCORES', 'SELECT ReviewScores.stars FROM ReviewScores', true],
  ['select stars from reviews', 'SELECT stars FROM ReviewS', true],
  [
    'select c.city from customers c join orders o on o.customer_id=c.customer_id where ',
    'SELECT customers.city FROM customers JOIN orders ON orders.customer_id = customers.customer_id WHERE',
    true,
  ],
  [
    'select c.city from customers as c inner join orders as o on o.customer_id = c.customer_id',
    'SELECT customers.city FROM customers JOIN orders ON orders.customer_id = customers.customer_id',
    true,
  ],
  ['select * from customers left outer join orders on', 'SELECT * FROM customers LEFT JOIN orders ON', true],
  [
    'select a.name, b.name from categories a join categories b on a.parent_id = b.category_id',
    'SELECT categories.name, categories_2.name FROM categories JOIN categories AS categories_2 ON categories.parent_id = categories_2.category_id',
    true,
  ],
  [
    'select city from customers union select city from customers where city > (select min(city) from customers)',
    'SELECT city FROM customers UNION SELECT city FROM customers WHERE city > (SELECT MIN(city) FROM customers)',
    true,
  ],
  [
    'select c.city from customers c where c.customer_id in (select c.customer_id from orders c) and c.city is not null',
    'SELECT customers.city FROM customers WHERE customers.customer_id IN (SELECT orders.customer_id FROM orders) AND customers.city IS NOT NULL',
    true,
  ],
  [
    'select name from products where price between -1 and+2 and product_id in(1,2)',
    'SELECT name FROM products WHERE price BETWEEN -1 AND +2 AND product_id IN (1, 2)',
    false,
  ],
  [
    'select name from products where price>-1 and product_id not in(select product_id from order_lines',
    'SELECT name FROM products WHERE price > -1 AND product_id NOT IN (SELECT product_id FROM order_lines',
    true,
  ],
  ['select "name" from [products] order by `price` desc', 'SELECT name FROM products ORDER BY price DESC', true],
  ['select name from products where price == 3 and price <> 4', 'SELECT name FROM products WHERE price = 3 AND price <> 4', true],
  ['select round(avg(price),1) as mean from products', 'SELECT ROUND(AVG(price), 1) AS mean FROM products', true],
  ['select t1.FIRST_name, t2.ord', 'SELECT T1.first_name, T2.ord', true],
  [
    'select t1.city from customers t1 join orders as t2 on t2.customer_id=t1.customer_id where t2.',
    'SELECT T1.city FROM customers AS T1 JOIN orders AS T2 ON T2.customer_id = T1.customer_id WHERE T2.',
    true,
  ],
  ['select weather from customers', 'SELECT weather FROM customers', false],
];

describe('normaliseBegun', () => {
  it.each(cases)('%j', (begun, expected, accepted) => {
    const text = normaliseBegun(begun, shopSchema);
    expect([text, matcher.advance(matcher.start, text) !== undefined]).toEqual([expected, accepted]);
  });

  it.each(cases)('%j stays as it is the second time', (begun) => {
    const once = normaliseBegun(begun, shopSchema);
    expect(normaliseBegun(once, shopSchema)).toBe(once);
  });
});
