/**
 * Messages of one direction as a table: kind → what comes with it. Types and checks follow from it,
 * and whoever takes the messages has a handler for each kind, or does not compile.
 */
import * as v from 'valibot';
import type { Data } from '../schema';

export type MessageTable = Readonly<Record<string, v.ObjectEntries>>;

/** All messages of a table. */
export type MessageOf<Table extends MessageTable> = {
  [Kind in keyof Table & string]: { readonly kind: Kind } & Data<
    v.ObjectSchema<Table[Kind], undefined>
  >;
}[keyof Table & string];

type Schema<Table extends MessageTable> = v.GenericSchema<unknown, MessageOf<Table>>;

/** A check of one direction's messages; what is not in the table is none. */
export function messageSchema<const Table extends MessageTable>(table: Table): Schema<Table> {
  const kinds = Object.entries(table).map(([kind, entries]) =>
    v.object({ kind: v.literal(kind), ...entries }),
  );
  // Of a table that is known only here, valibot cannot tell the types apart.
  return v.variant('kind', kinds) as unknown as Schema<Table>;
}

/** Whether something is what a schema lets through as it stands. */
export function isOf<Output>(
  schema: v.GenericSchema<unknown, Output>,
): (data: unknown) => data is Output {
  return (data): data is Output => v.is(schema, data);
}

export interface Message {
  readonly kind: string;
}

/** What every kind of message does. */
export type Handlers<Any extends Message, Result> = {
  readonly [Kind in Any['kind']]: (message: Extract<Any, { readonly kind: Kind }>) => Result;
};

/** Gives a message to the handler of its kind. */
export function handle<Any extends Message, Result>(
  handlers: Handlers<Any, Result>,
  message: Any,
): Result {
  // By the type above it takes this very kind; TypeScript does not follow that through the look-up.
  const handler = handlers[message.kind as Any['kind']] as (message: Any) => Result;
  return handler(message);
}
