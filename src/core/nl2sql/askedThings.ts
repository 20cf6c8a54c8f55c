/**
 * How many columns a question asks for, read off its words: "the name and age of …" asks for two. A rule of thumb, used only to compare
 * candidates that all run; it knows no schema and is never a condition.
 */

/** Opens the part that is asked for; what stands before it, such as "For each city,", is read as a group. */
const groupFirst = /^(?:for|in|per) (?:each|every)\b[^,]*,\s*/;
const opening =
  /^(?:please\s+)?(?:(?:what|which|who|whose)(?:'s| is| are| was| were)?|(?:can you )?(?:show|list|give|find|return|tell|display|get|print|report|count|select)(?: out)?(?: me| us)?)\b\s*(?:all |both |only )?/;
/** Ends the part that is asked for and begins conditions. */
const condition =
  /\b(?:where|who|whose|that|which|with|without|when|if|in|from|by|between|having|have|has|had|did|does|do|not|is|are|was|were|at|on|during|after|before|above|below|over|under|more|less|sorted|ordered|order|sort|than)\b/;
const separator = /\s*,\s*(?:and\s+)?|\s+(?:and|as well as|along with|together with)\s+/;
/** What a list goes on with after a condition: "… from France, and how many concerts". */
const resumes = /^(?:also\s+)?(?:the |their |its |his |her |how (?:many|much)\b|what\b|the number\b)/;
const perGroup = /\b(?:each|every|per|different)\b/;

/** From 1 up; never more than 8. */
export function countAsked(question: string): number {
  const text = question
    .toLowerCase()
    .replace(/"[^"]*"|'[^']*'(?!s\b)/g, 'it')
    .replace(/[?.!]+\s*$/, '')
    .trim();
  const rest = text.replace(groupFirst, '');
  const grouped = rest !== text;
  const parts = rest
    .replace(opening, '')
    .split(separator)
    .filter((part) => part !== '');
  let asked = 0;
  let isCondition = false;
  for (const part of parts) {
    if (isCondition && !resumes.test(part)) continue;
    asked++;
    isCondition = condition.test(part.replace(resumes, ''));
  }
  const groupKey = grouped || (perGroup.test(rest) && /\b(?:how many|number|average|total|sum|maximum|minimum|count)\b/.test(rest)) ? 1 : 0;
  return Math.min(8, Math.max(1, asked) + groupKey);
}
