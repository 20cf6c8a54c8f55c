import { describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../../src/core/grammar/compileGrammar.js';

function accepts(gbnf: string, text: string): 'whole' | 'part' | 'no' {
  const matcher = compileGrammar(gbnf);
  const state = matcher.advance(matcher.start, text);
  if (state === undefined) return 'no';
  return matcher.isComplete(state) ? 'whole' : 'part';
}

describe('plain GBNF', () => {
  it.each([
    ['root ::= "ab"', 'ab', 'whole'],
    ['root ::= "ab"', 'a', 'part'],
    ['root ::= "ab"', 'abc', 'no'],
    ['root ::= ""', '', 'whole'],
    ['root ::= "a" | "b" "c"', 'bc', 'whole'],
    ['root ::= ("a" | "b") "c"', 'ac', 'whole'],
    ['root ::= ("a" |\n  "b"\n) "c"', 'bc', 'whole'],
    ['root ::= "a"?', '', 'whole'],
    ['root ::= "a"* "b"', 'aaab', 'whole'],
    ['root ::= "a"+', '', 'part'],
    ['root ::= "a"+', 'aaa', 'whole'],
    ['root ::= "a"{2}', 'aa', 'whole'],
    ['root ::= "a"{2}', 'aaa', 'no'],
    ['root ::= "a"{1,2}', 'a', 'whole'],
    ['root ::= "a"{2,}', 'aaaaa', 'whole'],
    ['root ::= ("a" "b"){0,2} "c"', 'ababc', 'whole'],
    ['root ::= ("a" "b"){0,2} "c"', 'abababc', 'no'],
    ['root ::= [a-c]', 'b', 'whole'],
    ['root ::= [a-c]', 'd', 'no'],
    ['root ::= [^a-c]', 'd', 'whole'],
    ['root ::= [^a-c]', 'b', 'no'],
    ['root ::= [a\\-\\]]+', 'a-]', 'whole'],
    ['root ::= [-+*/]', '-', 'whole'],
    ['root ::= .', '漢', 'whole'],
    ['root ::= "\\x41\\u00e9\\U0001F600\\n\\"\\\\"', 'Aé😀\n"\\', 'whole'],
    ['# a comment\nroot ::= a # another\n\na ::= "x" |\n  "y"', 'y', 'whole'],
    ['root ::= "a" root "b" | "c"', 'aacbb', 'whole'],
    ['root ::= "a" root "b" | "c"', 'aacb', 'part'],
    ['root ::= ("a" b)*\nb ::= "b" | "c"', 'abac', 'whole'],
  ])('%j on %j is %s', (gbnf, text, expected) => {
    expect(accepts(gbnf, text)).toBe(expected);
  });

  it.each([
    ['no root', 'top ::= "a"'],
    ['an unknown rule', 'root ::= a'],
    ['left recursion', 'root ::= root "a" | "b"'],
    ['left recursion behind an empty rule', 'root ::= a\na ::= b a | "x"\nb ::= "y"?'],
    ['an open literal', 'root ::= "a'],
    ['an open group', 'root ::= ("a"'],
    ['an open class', 'root ::= [a'],
    ['an unknown escape', 'root ::= "\\q"'],
    ['a repetition beyond llama.cpp', 'root ::= "a"{3000}'],
    ['a repetition upside down', 'root ::= "a"{3,1}'],
    ['a rule given twice', 'root ::= "a"\nroot ::= "b"'],
    ['a mark with a body', 'root ::= need-1\nneed-1 ::= "a"'],
  ])('refuses %s', (_, gbnf) => {
    expect(() => compileGrammar(gbnf)).toThrow('internal');
  });
});

describe('states', () => {
  const matcher = compileGrammar('root ::= ("SELECT " | "SET ") ("name" | "number") " FROM singer" ";"?');

  it('are identical when the same may follow', () => {
    const left = matcher.advance(matcher.start, 'SELECT name');
    expect(left).toBeDefined();
    expect(matcher.advance(matcher.start, 'SET number')).toBe(left);
  });

  it.each([
    ['', ''],
    ['SEL', 'ECT'],
    ['SELECT n', ''],
    ['SELECT na', 'me FROM singer'],
    ['SELECT name FROM singer', ''],
    ['SELECT name FROM singer;', ''],
  ])('after %j the text %j is forced', (text, forced) => {
    const state = matcher.advance(matcher.start, text);
    expect(state === undefined ? undefined : matcher.forcedText(state)).toBe(forced);
  });

  it('are final only when nothing may follow', () => {
    const sentence = matcher.advance(matcher.start, 'SET name FROM singer');
    const closed = matcher.advance(matcher.start, 'SET name FROM singer;');
    if (sentence === undefined || closed === undefined) throw new Error('the sentence is refused');
    expect([matcher.isComplete(sentence), matcher.isFinal(sentence)]).toEqual([true, false]);
    expect([matcher.isComplete(closed), matcher.isFinal(closed)]).toEqual([true, true]);
  });
});
