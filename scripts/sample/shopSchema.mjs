/**
 * DDL of the sample shop. On purpose it holds what real databases hold: a bridge table, parallel keys (billing and shipping address), a
 * self-reference on employees and on categories, composite keys, and two relations that nobody declared: reviews.customer_id →
 * customers and page_visits.product_sku → products.sku.
 * Money is REAL in euros, always a multiple of 0.25, so that sums are exact in any order. Dates are ISO text.
 */

export const tables = `
CREATE TABLE countries (
  country_code TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  continent TEXT NOT NULL
);
CREATE TABLE addresses (
  address_id INTEGER PRIMARY KEY,
  street TEXT NOT NULL,
  city TEXT NOT NULL,
  postal_code TEXT NOT NULL,
  country_code TEXT NOT NULL REFERENCES countries(country_code)
);
CREATE TABLE customers (
  customer_id INTEGER PRIMARY KEY,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  phone TEXT,
  birth_date TEXT,
  registered_on TEXT NOT NULL,
  loyalty_level TEXT NOT NULL CHECK (loyalty_level IN ('bronze', 'silver', 'gold', 'platinum')),
  newsletter INTEGER NOT NULL DEFAULT 0 CHECK (newsletter IN (0, 1)),
  home_address_id INTEGER NOT NULL REFERENCES addresses(address_id)
);
CREATE TABLE stores (
  store_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  address_id INTEGER NOT NULL REFERENCES addresses(address_id),
  opened_on TEXT NOT NULL,
  floor_area_m2 INTEGER NOT NULL
);
CREATE TABLE employees (
  employee_id INTEGER PRIMARY KEY,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  job_title TEXT NOT NULL,
  store_id INTEGER REFERENCES stores(store_id),
  manager_id INTEGER REFERENCES employees(employee_id),
  hired_on TEXT NOT NULL,
  annual_salary INTEGER NOT NULL
);
CREATE TABLE suppliers (
  supplier_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  country_code TEXT NOT NULL REFERENCES countries(country_code),
  contact_email TEXT NOT NULL,
  lead_time_days INTEGER NOT NULL
);
CREATE TABLE categories (
  category_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  parent_id INTEGER REFERENCES categories(category_id)
);
CREATE TABLE products (
  product_id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  brand TEXT NOT NULL,
  color TEXT,
  supplier_id INTEGER NOT NULL REFERENCES suppliers(supplier_id),
  unit_price REAL NOT NULL CHECK (unit_price > 0),
  unit_cost REAL NOT NULL,
  weight_grams INTEGER NOT NULL,
  launched_on TEXT NOT NULL,
  discontinued INTEGER NOT NULL DEFAULT 0 CHECK (discontinued IN (0, 1))
);
CREATE TABLE product_categories (
  product_id INTEGER NOT NULL REFERENCES products(product_id),
  category_id INTEGER NOT NULL REFERENCES categories(category_id),
  PRIMARY KEY (product_id, category_id)
) WITHOUT ROWID;
CREATE TABLE coupons (
  coupon_id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  discount_percent INTEGER NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT NOT NULL
);
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers(customer_id),
  order_date TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('delivered', 'shipped', 'processing', 'cancelled')),
  channel TEXT NOT NULL CHECK (channel IN ('web', 'app', 'store')),
  store_id INTEGER REFERENCES stores(store_id),
  billing_address_id INTEGER NOT NULL REFERENCES addresses(address_id),
  shipping_address_id INTEGER NOT NULL REFERENCES addresses(address_id),
  coupon_id INTEGER REFERENCES coupons(coupon_id),
  shipping_fee REAL NOT NULL,
  total_amount REAL NOT NULL
);
CREATE TABLE order_lines (
  order_id INTEGER NOT NULL REFERENCES orders(order_id),
  line_no INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES products(product_id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_price REAL NOT NULL,
  line_total REAL NOT NULL,
  PRIMARY KEY (order_id, line_no)
);
CREATE TABLE returns (
  return_id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL,
  line_no INTEGER NOT NULL,
  returned_on TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  reason TEXT NOT NULL,
  refund_amount REAL NOT NULL,
  FOREIGN KEY (order_id, line_no) REFERENCES order_lines(order_id, line_no)
);
CREATE TABLE payments (
  payment_id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders(order_id),
  method TEXT NOT NULL,
  amount REAL NOT NULL,
  paid_on TEXT NOT NULL
);
CREATE TABLE carriers (
  carrier_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  tracking_url TEXT NOT NULL
);
CREATE TABLE warehouses (
  warehouse_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  address_id INTEGER NOT NULL REFERENCES addresses(address_id),
  capacity_pallets INTEGER NOT NULL
);
CREATE TABLE shipments (
  shipment_id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders(order_id),
  carrier_id INTEGER NOT NULL REFERENCES carriers(carrier_id),
  warehouse_id INTEGER NOT NULL REFERENCES warehouses(warehouse_id),
  shipped_on TEXT NOT NULL,
  delivered_on TEXT
);
CREATE TABLE stock (
  warehouse_id INTEGER NOT NULL REFERENCES warehouses(warehouse_id),
  product_id INTEGER NOT NULL REFERENCES products(product_id),
  quantity INTEGER NOT NULL,
  reorder_level INTEGER NOT NULL,
  PRIMARY KEY (warehouse_id, product_id)
) WITHOUT ROWID;
CREATE TABLE reviews (
  review_id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES products(product_id),
  customer_id INTEGER NOT NULL,
  rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
  title TEXT NOT NULL,
  body TEXT,
  reviewed_on TEXT NOT NULL
);
CREATE TABLE page_visits (
  visit_id INTEGER PRIMARY KEY,
  product_sku TEXT NOT NULL,
  visited_on TEXT NOT NULL,
  device TEXT NOT NULL,
  source TEXT NOT NULL,
  seconds_on_page INTEGER NOT NULL
);
`;

export const afterRows = `
CREATE INDEX customers_by_name ON customers(last_name, first_name);
CREATE INDEX addresses_by_city ON addresses(city);
CREATE INDEX products_by_supplier ON products(supplier_id);
CREATE INDEX orders_by_customer ON orders(customer_id);
CREATE INDEX orders_by_date ON orders(order_date);
CREATE INDEX order_lines_by_product ON order_lines(product_id);
CREATE INDEX returns_by_line ON returns(order_id, line_no);
CREATE INDEX payments_by_order ON payments(order_id);
CREATE INDEX shipments_by_order ON shipments(order_id);
CREATE INDEX reviews_by_product ON reviews(product_id);
CREATE INDEX reviews_by_customer ON reviews(customer_id);
CREATE INDEX page_visits_by_sku ON page_visits(product_sku);
CREATE INDEX open_orders ON orders(order_date) WHERE status = 'processing';
CREATE VIEW monthly_sales AS
  SELECT strftime('%Y-%m', order_date) AS month, COUNT(*) AS orders, SUM(total_amount) AS revenue
  FROM orders
  WHERE status <> 'cancelled'
  GROUP BY strftime('%Y-%m', order_date);
CREATE VIRTUAL TABLE product_search USING fts5(sku UNINDEXED, name, description);
INSERT INTO product_search (rowid, sku, name, description) SELECT product_id, sku, name, description FROM products;
`;
