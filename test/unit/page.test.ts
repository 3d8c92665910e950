/** What every page stands on: what it is told, what it says, and that no kind of message is forgotten. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { StateChannel } from '../../src/extension/page/state-channel';
import {
  handle,
  messageSchema,
  type Handlers,
  type MessageOf,
} from '../../src/shared/protocol/messages';
import { withChange, type StateChange } from '../../src/shared/protocol/state-change';

interface State {
  readonly picture: string | undefined;
  readonly labels: readonly string[];
}

const parts = ['picture', 'labels'] as const;

describe('the channel of a state', () => {
  const labels = ['cat'];

  const rename = (state: State, picture: string): State => ({ ...state, picture });

  function channel() {
    const told: StateChange<State>[] = [];
    const state: State = { picture: undefined, labels };
    const box = new StateChannel(parts, state, rename, (change) => told.push(change));
    return { told, box };
  }

  it('tells nothing before the page has loaded, then everything', () => {
    const { told, box } = channel();
    box.show({ picture: 'a', labels });
    expect(told).toEqual([]);
    box.ready();
    expect(told).toEqual([
      { kind: 'state', heard: 0, changed: { picture: 'a', labels }, gone: [] },
    ]);
  });

  it('tells only the parts that are others, and those that are gone', () => {
    const { told, box } = channel();
    box.ready();
    box.show({ picture: 'a', labels });
    box.show({ picture: 'a', labels });
    box.show({ picture: undefined, labels: [] });
    expect(told.slice(1)).toEqual([
      { kind: 'state', heard: 0, changed: { picture: 'a' }, gone: [] },
      { kind: 'state', heard: 0, changed: { labels: [] }, gone: ['picture'] },
    ]);
  });

  it('tells of a list that goes on what is new, and of another list all', () => {
    const { told, box } = channel();
    box.ready();
    const start: State = { picture: undefined, labels: [] };
    for (const labels of [['cat', 'dog'], ['cat', 'dog', 'cow'], ['cow'], ['dog', 'cow']])
      box.show({ picture: undefined, labels });
    expect(told.slice(1)).toEqual([
      { kind: 'state', heard: 0, changed: {}, grown: { labels: ['dog'] }, gone: [] },
      { kind: 'state', heard: 0, changed: {}, grown: { labels: ['cow'] }, gone: [] },
      { kind: 'state', heard: 0, changed: { labels: ['cow'] }, gone: [] },
      { kind: 'state', heard: 0, changed: { labels: ['dog', 'cow'] }, gone: [] },
    ]);
    expect(told.slice(0, 3).reduce(withChange, start).labels).toEqual(['cat', 'dog', 'cow']);
    expect(told.reduce(withChange, start).labels).toEqual(['dog', 'cow']);
  });

  it('keeps to itself what else a state holds', () => {
    const { told, box } = channel();
    box.ready();
    const more = { picture: 'a', labels, secret: 'b' };
    box.show(more);
    expect(told.at(-1)?.changed).toEqual({ picture: 'a' });
  });

  it('tells a page that comes back everything that holds then', () => {
    const { told, box } = channel();
    box.ready();
    box.hear('a', () => undefined);
    box.hidden();
    box.show({ picture: 'b', labels: [] });
    expect(told).toHaveLength(2);
    box.ready();
    expect(told.at(-1)).toEqual({
      kind: 'state',
      heard: 0,
      changed: { picture: 'b', labels: [] },
      gone: [],
    });
  });

  it('goes on telling a page that was out of sight and not gone, as when it is moved to another group', () => {
    const { told, box } = channel();
    box.shown();
    expect(told).toEqual([]);
    box.ready();
    box.hidden();
    box.show({ picture: 'b', labels });
    box.shown();
    expect(told.at(-1)?.changed).toEqual({ picture: 'b' });
    box.show({ picture: 'b', labels: [] });
    expect(told.at(-1)?.changed).toEqual({ labels: [] });
  });

  it('tells what came of a message together with how many were heard, also if nothing did', () => {
    const { told, box } = channel();
    box.ready();
    box.hear('a', () => undefined);
    box.hear('b', () => box.show({ ...box.state, labels: [] }));
    box.hear(undefined, () => undefined);
    expect(told.slice(1)).toEqual([
      { kind: 'state', heard: 1, changed: { picture: 'a' }, gone: [] },
      { kind: 'state', heard: 2, changed: { picture: 'b', labels: [] }, gone: [] },
      { kind: 'state', heard: 3, changed: {}, gone: [] },
    ]);
  });

  it('makes the same state on the other side, also where undefined does not travel', () => {
    const { told, box } = channel();
    box.ready();
    box.show({ picture: 'a', labels });
    box.show({ picture: undefined, labels });
    const travelled = JSON.parse(JSON.stringify(told)) as StateChange<State>[];
    const start: State = { picture: undefined, labels: [] };
    expect(travelled.slice(0, 2).reduce(withChange, start)).toEqual({ picture: 'a', labels });
    expect(travelled.reduce(withChange, start)).toEqual({ picture: undefined, labels });
  });
});

describe('messages of a page', () => {
  const table = { step: { by: v.picklist([1, -1]) }, cancel: {} };
  const schema = messageSchema(table);

  it('are checked by their kind, and reach its handler', () => {
    const done: string[] = [];
    const handlers: Handlers<MessageOf<typeof table>, void> = {
      step: ({ by }) => done.push(`step ${by}`),
      cancel: () => done.push('cancel'),
    };
    for (const message of [{ kind: 'step', by: -1 }, { kind: 'cancel' }])
      handle(handlers, v.parse(schema, message));
    expect(done).toEqual(['step -1', 'cancel']);
  });

  it.each([undefined, 'cancel', { kind: 'other' }, { kind: 'step' }, { kind: 'step', by: 2 }])(
    'are not %j',
    (message) => {
      expect(v.is(schema, message)).toBe(false);
    },
  );

  it('need a handler each', () => {
    // @ts-expect-error `cancel` has none
    const handlers: Handlers<MessageOf<typeof table>, void> = { step: () => undefined };
    expect(Object.keys(handlers)).toEqual(['step']);
  });
});
