/** How much a protobuf message is made of, before objects are made of it: each takes 100 bytes and more. */
import type { DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** No model that is used has a tenth of it. */
const mostFields = 2e6;
/** Graphs within graphs; deeper ones than these are no model's. */
const deepest = 32;

/** The message is a clause. */
export class TooManyFields extends Error {}

/** @throws TooManyFields; Error for what is no message */
export function checkFields(schema: DescMessage, bytes: Uint8Array): void {
  const reader = new BinaryReader(bytes);
  let fields = 0;
  const walk = (message: DescMessage, end: number, depth: number): void => {
    if (depth > deepest) throw new TooManyFields('its graphs lie too deep in each other');
    const inner = messagesIn(message);
    while (reader.pos < end) {
      const [number, wireType] = reader.tag();
      fields += 1;
      if (fields > mostFields) {
        throw new TooManyFields(
          `it is made of more than ${mostFields} parts, far more than any model`,
        );
      }
      const part = inner.get(number);
      if (part === undefined || wireType !== WireType.LengthDelimited) {
        reader.skip(wireType, number);
      } else {
        const length = reader.uint32();
        walk(part, Math.min(end, reader.pos + length), depth + 1);
      }
    }
  };
  walk(schema, bytes.length, 0);
}

const known = new Map<DescMessage, ReadonlyMap<number, DescMessage>>();

/** The fields that are messages themselves, by number. */
function messagesIn(message: DescMessage): ReadonlyMap<number, DescMessage> {
  const found =
    known.get(message) ??
    new Map(
      message.fields.flatMap((field) =>
        field.message === undefined ? [] : [[field.number, field.message] as const],
      ),
    );
  known.set(message, found);
  return found;
}
