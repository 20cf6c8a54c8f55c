/** Measures activation in a real extension host, for the table of measurements; asserts no time. */
import * as assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, joinery, openWith, until } from './editor.js';

suite('activation', () => {
  teardown(closeAll);

  test('a SQL file activates the extension, in a time that is written down', async () => {
    await openWith('empty.sql', '');
    const extension = vscode.extensions.getExtension('joinery.joinery');
    await until('activation', () => extension?.isActive);
    const { activationMs } = await joinery();
    assert.ok(activationMs > 0);
    const file = process.env['JOINERY_ACTIVATION_FILE'];
    if (file !== undefined) writeFileSync(file, JSON.stringify({ activationMs }));
  });
});
