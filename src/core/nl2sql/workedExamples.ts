/**
 * A few worked questions on a schema of our own, shown before the user's schema: they show a small model the habits that are expected
 * (only the asked columns, ties by LIMIT, NOT IN for "no", set operations for "both"). They rest on no evaluation set.
 */
export const workedSchema = `CREATE TABLE author (
  author_id INTEGER PRIMARY KEY,
  name TEXT,
  country TEXT,
  birth_year INTEGER
);
CREATE TABLE book (
  book_id INTEGER PRIMARY KEY,
  title TEXT,
  genre TEXT,
  pages INTEGER,
  author_id INTEGER,
  FOREIGN KEY (author_id) REFERENCES author (author_id)
);
CREATE TABLE loan (
  loan_id INTEGER PRIMARY KEY,
  book_id INTEGER,
  member_name TEXT,
  loan_date TEXT,
  FOREIGN KEY (book_id) REFERENCES book (book_id)
);`;

export const workedExamples: readonly { readonly question: string; readonly sql: string }[] = [
  { question: 'How many books are there?', sql: 'SELECT COUNT(*) FROM book' },
  {
    question: 'Show the title and pages of all books in the genre poetry, longest first.',
    sql: "SELECT title, pages FROM book WHERE genre = 'poetry' ORDER BY pages DESC",
  },
  {
    question: 'What is the name of the author who wrote the most books?',
    sql: 'SELECT author.name FROM author JOIN book ON author.author_id = book.author_id GROUP BY author.author_id ORDER BY COUNT(*) DESC LIMIT 1',
  },
  { question: 'For each genre, what is the average number of pages?', sql: 'SELECT genre, AVG(pages) FROM book GROUP BY genre' },
  { question: 'Which authors have no book?', sql: 'SELECT name FROM author WHERE author_id NOT IN (SELECT author_id FROM book)' },
  { question: 'Which countries have at least 3 authors?', sql: 'SELECT country FROM author GROUP BY country HAVING COUNT(*) >= 3' },
  {
    question: 'What are the names of the members who borrowed a book by an author from France?',
    sql: "SELECT loan.member_name FROM loan JOIN book ON loan.book_id = book.book_id JOIN author ON book.author_id = author.author_id WHERE author.country = 'France'",
  },
  {
    question: 'Which genres have both books under 100 pages and books over 500 pages?',
    sql: 'SELECT genre FROM book WHERE pages < 100 INTERSECT SELECT genre FROM book WHERE pages > 500',
  },
  { question: 'What is the title of the shortest book?', sql: 'SELECT title FROM book ORDER BY pages LIMIT 1' },
];
