/** Guessed relations: each rule on a few tables, what must not be guessed, and what data do to a guess. */
import { describe, expect, it } from 'vitest';
import { checkInclusion, type Inclusion } from '../../../../src/core/graph/checkInclusion.js';
import { declaredRelations } from '../../../../src/core/graph/declaredRelations.js';
import { inferredRelation } from '../../../../src/core/graph/inferredRelation.js';
import { inferRelations } from '../../../../src/core/graph/inferRelations.js';
import { overlapCandidates } from '../../../../src/core/graph/overlapCandidates.js';
import { sameColumnCandidates } from '../../../../src/core/graph/sameColumnCandidates.js';
import { relationId } from '../../../../src/core/graph/relationId.js';
import { type Relation } from '../../../../src/core/graph/types.js';
import { type ColumnProfile, type DatabaseSchema, type Table } from '../../../../src/core/schema/types.js';
import { makeSchema, makeTable } from '../../../support/shopSchema.js';

/** `singer(id*, name) song(id*, singer_id:INTEGER)` */
function schemaOf(text: string): DatabaseSchema {
  return makeSchema(
    [...text.matchAll(/([\w ]+)\(([^)]*)\)/g)].map(([, name = '', columns = '']) =>
      makeTable(
        name.trim(),
        columns.split(',').map((column) => column.trim()),
      ),
    ),
  );
}

function show(relations: readonly Relation[]): string[] {
  return relations.map((relation) => `${relation.id} ${relation.reason?.rule ?? relation.origin} ${relation.confidence}`);
}

describe('inferRelations, one guess per column', () => {
  it.each<[string, readonly string[]]>([
    ['customer(customer_id*) orders(id*, customer_id:INTEGER)', ['orders(customer_id)->customer(customer_id) sameNameAsKey 0.75']],
    ['Kunden(KNR*) Auftrag(Id*, KNR:INTEGER)', ['Auftrag(KNR)->Kunden(KNR) sameNameAsKey 0.6']],
    ['country(Code*:TEXT) city(ID*, CountryCode)', ['city(CountryCode)->country(Code) tableIdSuffix 0.75']],
    ['country(Code*:TEXT) place(ID*, country_code:INTEGER)', ['place(country_code)->country(Code) tableIdSuffix 0.5']],
    ['people(id*) pets(id*, person_id:INTEGER)', ['pets(person_id)->people(id) tableIdSuffix 0.75']],
    ['categories(id*) items(id*, categoryId:INTEGER)', ['items(categoryId)->categories(id) tableIdSuffix 0.75']],
    ['Order Details(id*) notes(id*, OrderDetailID:INTEGER)', ['notes(OrderDetailID)->Order Details(id) tableIdSuffix 0.75']],
    [
      'addresses(id*) orders(id*, billing_address_id:INTEGER, shipping_address_id:INTEGER)',
      ['orders(billing_address_id)->addresses(id) tableIdSuffix 0.6', 'orders(shipping_address_id)->addresses(id) tableIdSuffix 0.6'],
    ],
    ['tbl_user(id*) visit(id*, user_id:INTEGER)', ['visit(user_id)->tbl_user(id) tableIdSuffix 0.75']],
    [
      'employees(employeeNumber*) customers(customerNumber*, salesRepEmployeeNumber:INTEGER)',
      ['customers(salesRepEmployeeNumber)->employees(employeeNumber) fullKeyName 0.65'],
    ],
    [
      'club(Club_ID*) result(id*, Club_ID_1:INTEGER, Club_ID_2:INTEGER)',
      ['result(Club_ID_1)->club(Club_ID) tableIdSuffix 0.75', 'result(Club_ID_2)->club(Club_ID) tableIdSuffix 0.75'],
    ],
    ['category(category_id*, parent_category_id:INTEGER)', ['category(parent_category_id)->category(category_id) fullKeyName 0.65']],
    [
      'staff(id*, ReportsTo:INTEGER, manager_id:INTEGER)',
      ['staff(ReportsTo)->staff(id) selfReference 0.5', 'staff(manager_id)->staff(id) selfReference 0.5'],
    ],
    ['airlines(uid*, Airline) flights(no*, Airline:INTEGER)', ['flights(Airline)->airlines(uid) tableIdSuffix 0.5']],
    ['pilot(Pilot_Id*) match(id*, Winning_Pilot:INTEGER)', ['match(Winning_Pilot)->pilot(Pilot_Id) tableIdSuffix 0.45']],
    [
      'publishers(pub_id*) pub_info(pub_id*) titles(id*, pub_id:INTEGER)',
      ['pub_info(pub_id)->publishers(pub_id) sameNameAsKey 0.75', 'titles(pub_id)->publishers(pub_id) sameNameAsKey 0.75'],
    ],
    ['users(id*) user_profile(user_id*, bio)', ['user_profile(user_id)->users(id) tableIdSuffix 0.75']],
    ['users(user_id:INTEGER, name) logins(user_id:INTEGER, at)', ['logins(user_id)->users(user_id) sameNameAsKey 0.6']],
    [
      'lines(order_id*, line_no*) returns(id*, order_id:INTEGER, line_no:INTEGER)',
      ['returns(order_id,line_no)->lines(order_id,line_no) compositeKey 0.6'],
    ],
    // What must not be guessed.
    ['a(id*, name) b(id*, name)', []],
    ['shop(id*, name) staff(id*, number_of_shops:INTEGER)', []],
    ['team(id*) game(id*, total_team:INTEGER)', []],
    ['stats(year*, campus*) fees(id*, year:INTEGER, campus:INTEGER)', []],
    ['country(name*:TEXT) city(id*, name)', []],
  ])('%s', (text, expected) => {
    expect(show(checkInclusion(inferRelations(schemaOf(text)), new Map()))).toEqual(expected);
  });

  it('never compares with blobs', () => {
    const album = makeTable('album', ['id*', 'photo_id']);
    const columns = album.columns.map((column) =>
      column.name === 'photo_id' ? { ...column, type: 'BLOB', affinity: 'BLOB' as const } : column,
    );
    expect(inferRelations(makeSchema([makeTable('photo', ['id*']), { ...album, columns }]))).toEqual([]);
  });

  it('takes the unique columns of a table for keys', () => {
    const sku = { name: 'u', unique: true, origin: 'unique' as const, partial: false, columns: ['sku'] };
    const schema = makeSchema([
      { ...makeTable('products', ['id*', 'sku', 'name']), indexes: [sku] },
      makeTable('visits', ['id*', 'product_sku', 'product_name']),
    ]);
    expect(show(inferRelations(schema))).toEqual(['visits(product_sku)->products(sku) tableIdSuffix 0.6']);
  });

  it('leaves declared columns alone', () => {
    const orders = makeTable('orders', ['id*', 'customer_id:INTEGER']);
    const key = {
      columns: ['customer_id'],
      parentTable: 'people',
      parentColumns: ['id'],
      onUpdate: '',
      onDelete: '',
      deferred: false,
      parentExists: true,
    };
    const schema = makeSchema([makeTable('people', ['id*']), makeTable('customers', ['id*']), { ...orders, foreignKeys: [key] }]);
    expect(inferRelations(schema)).toEqual([]);
    expect(show(inferRelations(schema, { known: [] }))).toEqual(['orders(customer_id)->customers(id) tableIdSuffix 0.75']);
  });

  it('offers a join over a shared parent where one side is unique', () => {
    const candidates = inferRelations(schemaOf('publishers(pub_id*) pub_info(pub_id*) titles(id*, pub_id:INTEGER)'));
    const shared = candidates.filter((candidate) => candidate.reason?.rule === 'sharedParent');
    expect(show(shared)).toEqual(['titles(pub_id)->pub_info(pub_id) sharedParent 0.5']);
    expect(show(checkInclusion(shared, new Map([[shared[0]!.id, included(1)]])))).toEqual([
      'titles(pub_id)->pub_info(pub_id) sharedParent 0.65',
    ]);
    expect(checkInclusion(shared, new Map())).toEqual([]);
  });
});

function included(share: number, distinct = 50): Inclusion {
  return { share, distinct, sampled: false };
}

describe('checkInclusion', () => {
  const guesses = inferRelations(schemaOf('customer(customer_id*) orders(id*, customer_id:INTEGER)'));
  it.each<[Inclusion | undefined, number | undefined]>([
    [undefined, 0.75],
    [included(0, 0), 0.75],
    [included(1), 0.8],
    [included(0.99), 0.8],
    [included(1, 2), 0.75],
    [included(0.9), 0.68],
    [included(0.5), 0.38],
    [included(0.49), undefined],
    [included(0), undefined],
  ])('%o gives %s', (inclusion, expected) => {
    const inclusions = new Map(inclusion ? [[guesses[0]!.id, inclusion]] : []);
    expect(checkInclusion(guesses, inclusions)[0]?.confidence).toBe(expected);
  });

  it('keeps the best guess per column, and the columns it looked at', () => {
    const schema = schemaOf('Kunden(KNR*) Kundenalt(KNR*) Auftrag(Id*, KNR:INTEGER)');
    const candidates = inferRelations(schema).filter((candidate) => candidate.child === 'Auftrag');
    expect(candidates.length).toBeGreaterThan(0);
    const [first] = candidates;
    const judged = checkInclusion(candidates, new Map([[first!.id, { share: 1, distinct: 9, sampled: true }]]));
    expect(judged.map((relation) => relation.reason)).toEqual([{ rule: 'sameNameAsKey', inclusion: 1, sampled: true }]);
  });

  it('never goes above 0.8', () => {
    const sure = [{ ...guesses[0]!, confidence: 0.8 }];
    expect(checkInclusion(sure, new Map([[sure[0]!.id, included(1)]]))[0]?.confidence).toBe(0.8);
  });
});

const profile = (table: string, column: string, distinct: number, rows: number): ColumnProfile => ({
  table,
  column,
  distinct,
  rows,
  nulls: 0,
  examples: [],
  sampled: false,
});

describe('overlapCandidates', () => {
  const schema = schemaOf('shippers(ShipperID*) orders(id*, ShipVia:INTEGER, quantity:INTEGER, country) countries(name, code)');
  const [shippers, orders, countries] = schema.tables as [Table, Table, Table];
  const keyed = makeSchema([shippers, orders, { ...countries, primaryKey: ['name'] }]);

  it('asks for a hint in the names or for telling text', () => {
    const candidates = overlapCandidates(keyed, [], [profile('orders', 'country', 20, 100), profile('countries', 'name', 200, 200)]);
    expect(candidates.map((candidate) => candidate.id)).toEqual([
      'orders(ShipVia)->shippers(ShipperID)',
      'orders(country)->countries(name)',
    ]);
  });

  it('is silent when the child has more values than the key', () => {
    const candidates = overlapCandidates(keyed, [], [profile('orders', 'ShipVia', 30, 100), profile('shippers', 'ShipperID', 3, 3)]);
    expect(candidates.map((candidate) => candidate.id)).not.toContain('orders(ShipVia)->shippers(ShipperID)');
  });
});

describe('sameColumnCandidates', () => {
  const schema = schemaOf('pupils(last*, first*, room:INTEGER) teachers(last*, first*, room:INTEGER) rooms(building, floor:INTEGER)');
  const rooms = [profile('pupils', 'room', 12, 60), profile('teachers', 'room', 12, 12)];
  const guessed = (profiles: readonly ColumnProfile[], explained: readonly Relation[] = []): readonly string[] =>
    sameColumnCandidates(schema, explained, profiles).map((candidate) => candidate.id);

  it('relates tables by a column that the data show to be a key', () => {
    expect(guessed(rooms)).toEqual(['pupils(room)->teachers(room)']);
  });

  it('needs values that differ in every row of enough rows', () => {
    expect(guessed([rooms[0]!, profile('teachers', 'room', 11, 12)])).toEqual([]);
    expect(guessed([rooms[0]!, { ...rooms[1]!, nulls: 1 }])).toEqual([]);
    expect(guessed([rooms[0]!, { ...rooms[1]!, sampled: true }])).toEqual([]);
    expect(guessed([profile('pupils', 'room', 3, 60), profile('teachers', 'room', 4, 4)])).toEqual([]);
  });

  it('needs a child that repeats them', () => {
    expect(guessed([profile('pupils', 'room', 12, 12), rooms[1]!])).toEqual([]);
    expect(guessed([profile('pupils', 'room', 2, 60), rooms[1]!])).toEqual([]);
    expect(guessed([profile('pupils', 'room', 13, 60), rooms[1]!])).toEqual([]);
  });

  it('leaves tables alone that are related already, also over others', () => {
    const [pupils, teachers, third] = schema.tables as [Table, Table, Table];
    const known = [
      inferredRelation(pupils, ['room'], third, ['building'], 0.5, 'tableIdSuffix'),
      inferredRelation(teachers, ['room'], third, ['building'], 0.5, 'tableIdSuffix'),
    ];
    expect(guessed(rooms, known)).toEqual([]);
  });

  it('is believed with data alone', () => {
    const candidates = sameColumnCandidates(schema, [], rooms);
    const id = candidates[0]!.id;
    expect(checkInclusion(candidates, new Map())).toEqual([]);
    expect(checkInclusion(candidates, new Map([[id, { share: 0.9, distinct: 12, sampled: false }]]))).toEqual([]);
    expect(checkInclusion(candidates, new Map([[id, { share: 1, distinct: 12, sampled: false }]]))[0]?.confidence).toBe(0.6);
  });
});

describe('declaredRelations', () => {
  const key = { onUpdate: '', onDelete: '', deferred: false, parentExists: true };
  const child: Table = {
    ...makeTable('Lines', ['a:INTEGER', 'b:INTEGER', 'c:INTEGER', 'd*']),
    foreignKeys: [
      { ...key, columns: ['A', 'b'], parentTable: 'ORDERS', parentColumns: ['x', 'Y'] },
      { ...key, columns: ['c'], parentTable: 'gone', parentColumns: [], parentExists: false },
      { ...key, columns: ['c'], parentTable: 'orders', parentColumns: ['missing'] },
      { ...key, columns: ['d'], parentTable: 'Lines', parentColumns: ['d'] },
      { ...key, columns: ['a', 'b'], parentTable: 'orders', parentColumns: ['x', 'y'] },
    ],
  };
  const relations = declaredRelations(makeSchema([child, makeTable('orders', ['x*', 'y*'])]));

  it('keeps composite and self-referencing keys in stored spelling, once, and none without a parent', () => {
    expect(relations.map((relation) => `${relation.id} ${relation.cardinality}`)).toEqual([
      'Lines(a,b)->orders(x,y) N:1',
      'Lines(d)->Lines(d) 1:1',
    ]);
    expect(relations[0]?.id).toBe(relationId('Lines', ['a', 'b'], 'orders', ['x', 'y']));
  });
});
