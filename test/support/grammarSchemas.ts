/** Schemas that are hard on a grammar: names that need quotes, self-references, parallel and composite keys, islands. */
import { type Relation } from '../../src/core/graph/types.js';
import { type DatabaseSchema } from '../../src/core/schema/types.js';
import { makeRelation, makeSchema, makeTable, shopRelations, shopSchema } from './shopSchema.js';

export interface GrammarSchema {
  readonly title: string;
  readonly schema: DatabaseSchema;
  readonly relations: readonly Relation[];
}

const airline = makeSchema([
  makeTable('airports', ['code*', 'name', 'city', 'elevation:REAL']),
  makeTable('flights', ['flight_no*', 'source', 'destination', 'airline_id:INTEGER', 'departs']),
  makeTable('airlines', ['airline_id*', 'name', 'parent_id:INTEGER']),
  makeTable('seats', ['flight_no:INTEGER', 'seat', 'class']),
  makeTable('bookings', ['booking_id*', 'flight_no:INTEGER', 'seat', 'price:REAL']),
  makeTable('weather', ['day', 'mood']),
]);

const airlineRelations: readonly Relation[] = [
  makeRelation('flights', 'source', 'airports', 'code'),
  makeRelation('flights', 'destination', 'airports', 'code'),
  makeRelation('flights', 'airline_id', 'airlines', 'airline_id'),
  makeRelation('airlines', 'parent_id', 'airlines', 'airline_id'),
  makeRelation('seats', 'flight_no', 'flights', 'flight_no'),
  {
    ...makeRelation('bookings', 'flight_no', 'seats', 'flight_no'),
    childColumns: ['flight_no', 'seat'],
    parentColumns: ['flight_no', 'seat'],
  },
];

const oddNames = makeSchema([
  makeTable('order', ['id*', 'select', 'group by', 'a"b']),
  makeTable('Order Details', ['order_id:INTEGER', 'unit price:REAL', '数量', "o'clock"]),
  makeTable('match', ['id*', 'key', 'end', 'left', 'desc']),
  makeTable('2024', ['1st', 'na-me', 'emoji😀', 'tab\tbed']),
]);

const oddRelations: readonly Relation[] = [
  makeRelation('Order Details', 'order_id', 'order', 'id'),
  makeRelation('match', 'key', 'order', 'id'),
];

const staff = makeSchema([
  makeTable('employees', ['employee_id*', 'name', 'manager_id:INTEGER', 'department_id:INTEGER', 'hired']),
  makeTable('departments', ['department_id*', 'Name', 'head_id:INTEGER']),
  makeTable('projects', ['project_id*', 'name', 'budget:REAL']),
  makeTable('assignments', ['employee_id:INTEGER', 'project_id:INTEGER', 'hours:REAL']),
]);

const staffRelations: readonly Relation[] = [
  makeRelation('employees', 'manager_id', 'employees', 'employee_id'),
  makeRelation('employees', 'department_id', 'departments', 'department_id'),
  makeRelation('departments', 'head_id', 'employees', 'employee_id'),
  makeRelation('assignments', 'employee_id', 'employees', 'employee_id'),
  makeRelation('assignments', 'project_id', 'projects', 'project_id'),
];

export const grammarSchemas: readonly GrammarSchema[] = [
  { title: 'shop', schema: shopSchema, relations: shopRelations },
  { title: 'airline', schema: airline, relations: airlineRelations },
  { title: 'odd names', schema: oddNames, relations: oddRelations },
  { title: 'staff', schema: staff, relations: staffRelations },
];
