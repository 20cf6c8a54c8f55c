import { describe, expect, it } from 'vitest';
import { CancellationSource, throwIfCancelled } from '../../../../src/core/shared/cancellation.js';

describe('CancellationSource', () => {
  it('tells its listeners once', () => {
    const source = new CancellationSource();
    let calls = 0;
    source.token.onCancellationRequested(() => calls++);
    source.cancel();
    source.cancel();
    expect(calls).toBe(1);
    expect(source.token.isCancellationRequested).toBe(true);
  });

  it('tells a listener that comes late', () => {
    const source = new CancellationSource();
    source.cancel();
    let called = false;
    source.token.onCancellationRequested(() => (called = true));
    expect(called).toBe(true);
  });

  it('follows its parent', () => {
    const parent = new CancellationSource();
    const child = new CancellationSource(parent.token);
    parent.cancel();
    expect(() => throwIfCancelled(child.token)).toThrowError(/cancelled/);
  });
});
