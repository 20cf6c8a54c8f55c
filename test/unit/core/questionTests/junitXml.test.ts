import { expect, it } from 'vitest';
import { junitXml } from '../../../../src/core/questionTests/junitXml.js';

it('JUnit XML', () => {
  const xml = junitXml([
    {
      name: 'shop.joinery.yaml',
      cases: [
        { name: 'a < "b" & c', seconds: 1.5, outcome: 'passed', message: '', details: '' },
        { name: 'd', seconds: 0, outcome: 'failed', message: 'rows differ\nhere', details: 'x \u0007 ]]>' },
        { name: 'e', seconds: 0.25, outcome: 'error', message: 'no model', details: '' },
        { name: 'f', seconds: 0, outcome: 'skipped', message: 'later', details: '' },
      ],
    },
  ]);
  expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="joinery" tests="4" failures="1" errors="1" skipped="1" time="1.750">
  <testsuite name="shop.joinery.yaml" tests="4" failures="1" errors="1" skipped="1" time="1.750">
    <testcase name="a &lt; &quot;b&quot; &amp; c" classname="shop.joinery.yaml" time="1.500"/>
    <testcase name="d" classname="shop.joinery.yaml" time="0.000">
      <failure message="rows differ&#10;here">x \ufffd ]]&gt;</failure>
    </testcase>
    <testcase name="e" classname="shop.joinery.yaml" time="0.250">
      <error message="no model"></error>
    </testcase>
    <testcase name="f" classname="shop.joinery.yaml" time="0.000"><skipped message="later"/></testcase>
  </testsuite>
</testsuites>
`);
});
