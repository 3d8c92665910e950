/** What is to be done at each kind of event that there may be: a forgotten kind does not compile. */
type Handlers<Event extends { readonly kind: string }> = {
  readonly [Kind in Event['kind']]: (event: Extract<Event, { readonly kind: Kind }>) => void;
};

export function listener<Event extends { readonly kind: string }>(
  handlers: Handlers<Event>,
): (event: Event) => void {
  return (event) => {
    const handle: (event: never) => void = handlers[event.kind as Event['kind']];
    handle(event as never);
  };
}
