import { expect, it } from 'vitest';
import { Failure, failureData } from '../../src/shared/failure';
import { shortened } from '../../src/shared/shortened';

it('leaves out the middle of what is too long', () => {
  expect(shortened('0123456789', 10)).toBe('0123456789');
  expect(shortened('0123456789', 4)).toBe('01…89');
});

it('keeps failures readable whatever a file says of itself', () => {
  const failure = new Failure('model-unreadable', `“${'a'.repeat(1e5)}” is none.`, 'Take another.');
  const { message } = failureData(failure);
  expect(message).toMatch(/^“a+…a+” is none\.$/);
  expect(message.length).toBeLessThan(2100);
});
