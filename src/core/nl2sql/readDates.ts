/** Dates that a question writes out, as ISO text: "October 23rd, 2010", "5 Nov 2007", "10/23/2010". English months; a date without its year is none. */

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const day = '(\\d{1,2})(?:st|nd|rd|th)?';
const year = '(\\d{4})';

/** Which of the groups is what: year, month, day. */
const forms: readonly (readonly [RegExp, readonly [number, number, number]])[] = [
  [new RegExp(`\\b${month} ${day},? ?(?:of )?${year}\\b`, 'gi'), [3, 1, 2]],
  [new RegExp(`\\b${day} (?:of )?${month},? ?(?:of )?${year}\\b`, 'gi'), [3, 2, 1]],
  [/\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/g, [3, 1, 2]],
  [/\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})\b/g, [1, 2, 3]],
];

/** In order of appearance per form, without repetition; days that no month has are left out. */
export function readDates(question: string): string[] {
  const found = forms.flatMap(([pattern, [y, m, d]]) =>
    [...question.matchAll(pattern)].map((match) => isoDate(match[y] ?? '', match[m] ?? '', match[d] ?? '')),
  );
  return [...new Set(found)].filter((text) => text !== '');
}

function isoDate(yearText: string, monthText: string, dayText: string): string {
  const number = /^\d+$/.test(monthText) ? Number(monthText) : monthNames.indexOf(monthText.slice(0, 3).toLowerCase()) + 1;
  const dayNumber = Number(dayText);
  if (number < 1 || number > 12 || dayNumber < 1 || dayNumber > 31) return '';
  return `${yearText}-${String(number).padStart(2, '0')}-${String(dayNumber).padStart(2, '0')}`;
}
