/** Two small databases beside the shop, so that a workspace holds several: a town library and a clinic. */
import { createDraws, days } from './random.mjs';
import { firstNames, lastNames } from './words.mjs';

const libraryTables = `
CREATE TABLE authors (author_id INTEGER PRIMARY KEY, name TEXT NOT NULL, birth_year INTEGER);
CREATE TABLE books (book_id INTEGER PRIMARY KEY, title TEXT NOT NULL, genre TEXT NOT NULL, published_year INTEGER NOT NULL, pages INTEGER NOT NULL);
CREATE TABLE book_authors (book_id INTEGER NOT NULL REFERENCES books, author_id INTEGER NOT NULL REFERENCES authors, PRIMARY KEY (book_id, author_id));
CREATE TABLE members (member_id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, joined_on TEXT NOT NULL);
CREATE TABLE loans (
  loan_id INTEGER PRIMARY KEY,
  book_id INTEGER NOT NULL REFERENCES books,
  member_id INTEGER NOT NULL REFERENCES members,
  loaned_on TEXT NOT NULL,
  returned_on TEXT
);
`;

const clinicTables = `
CREATE TABLE departments (department_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, floor INTEGER NOT NULL);
CREATE TABLE doctors (
  doctor_id INTEGER PRIMARY KEY,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  department_id INTEGER NOT NULL REFERENCES departments(department_id)
);
CREATE TABLE patients (patient_id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, born_on TEXT NOT NULL, city TEXT NOT NULL);
CREATE TABLE appointments (
  appointment_id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients(patient_id),
  doctor_id INTEGER NOT NULL REFERENCES doctors(doctor_id),
  held_on TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('held', 'missed', 'cancelled'))
);
CREATE TABLE prescriptions (
  prescription_id INTEGER PRIMARY KEY,
  appointment_id INTEGER NOT NULL REFERENCES appointments(appointment_id),
  medicine TEXT NOT NULL,
  daily_dose_mg INTEGER NOT NULL
);
`;

const genres = ['novel', 'crime', 'history', 'science', 'poetry', 'travel', 'children'];
const titleStarts = ['The Quiet', 'A Brief', 'The Last', 'Under the', 'Letters from the', 'The Hidden', 'Beyond the', 'Songs of the'];
const titleEnds = [
  'Harbour',
  'Garden',
  'Winter',
  'Map',
  'Orchard',
  'Lighthouse',
  'River',
  'Clockmaker',
  'Forest',
  'Island',
  'Archive',
  'Bridge',
];
const departmentNames = ['Cardiology', 'Dermatology', 'Neurology', 'Orthopedics', 'Pediatrics', 'Radiology'];
const towns = ['Ashford', 'Brookfield', 'Millbrook', 'Riverton', 'Stonebridge'];
const medicines = ['Ibuprofen', 'Amoxicillin', 'Metformin', 'Ramipril', 'Cetirizine', 'Omeprazole'];

const range = (count, make) => Array.from({ length: count }, (_, at) => make(at + 1));

export function libraryParts(seed) {
  const draws = createDraws(seed);
  const day = (from, span) => days.toText(days.toNumber(from) + draws.whole(0, span));
  const authors = range(40, (id) => [
    id,
    `${draws.pick(firstNames)} ${draws.pick(lastNames)}`,
    draws.chance(0.9) ? draws.whole(1890, 1990) : null,
  ]);
  const titles = draws.sample(
    titleStarts.flatMap((start) => titleEnds.map((end) => `${start} ${end}`)),
    90,
  );
  const books = titles.map((title, at) => [at + 1, title, draws.pick(genres), draws.whole(1950, 2024), draws.whole(80, 720)]);
  const written = books.flatMap(([book]) => draws.sample(authors, draws.chance(0.2) ? 2 : 1).map(([author]) => [book, author]));
  const members = range(120, (id) => [id, draws.pick(firstNames), draws.pick(lastNames), day('2019-01-01', 2000)]);
  const loans = range(900, (id) => {
    const start = days.toNumber('2022-01-01') + draws.whole(0, 1080);
    return [
      id,
      1 + draws.skewed(90),
      draws.whole(1, 110),
      days.toText(start),
      draws.chance(0.95) ? days.toText(start + draws.whole(2, 40)) : null,
    ];
  });
  return [
    libraryTables,
    { table: 'authors', rows: authors },
    { table: 'books', rows: books },
    { table: 'book_authors', rows: written },
    { table: 'members', rows: members },
    { table: 'loans', rows: loans },
  ];
}

export function clinicParts(seed) {
  const draws = createDraws(seed);
  const day = (from, span) => days.toText(days.toNumber(from) + draws.whole(0, span));
  const appointments = range(1200, (id) => [
    id,
    draws.whole(1, 240),
    draws.whole(1, 18),
    day('2023-01-02', 725),
    draws.pick([15, 20, 30, 45]),
    draws.weighted([
      ['held', 82],
      ['missed', 8],
      ['cancelled', 10],
    ]),
  ]);
  const held = appointments.filter(([, , , , , status]) => status === 'held' && draws.chance(0.55));
  return [
    clinicTables,
    { table: 'departments', rows: departmentNames.map((name, at) => [at + 1, name, 1 + (at % 4)]) },
    { table: 'doctors', rows: range(18, (id) => [id, draws.pick(firstNames), draws.pick(lastNames), 1 + (id % 6)]) },
    {
      table: 'patients',
      rows: range(250, (id) => [id, draws.pick(firstNames), draws.pick(lastNames), day('1935-01-01', 31000), draws.pick(towns)]),
    },
    { table: 'appointments', rows: appointments },
    {
      table: 'prescriptions',
      rows: held.map(([appointment], at) => [at + 1, appointment, draws.pick(medicines), draws.whole(1, 16) * 50]),
    },
  ];
}
