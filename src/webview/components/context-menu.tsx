/** A menu where the person clicked or pressed the menu key. */
import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

export interface MenuItem {
  readonly id: string;
  readonly name: string;
  /** Of the keyboard, where there is one. */
  readonly keys?: string;
  readonly disabled: boolean;
  readonly act: () => void;
}

interface Props {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** In pixels of the page. */
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

export function ContextMenu({ label, items, at, onClose }: Props) {
  const menu = useRef<HTMLDivElement>(null);
  const buttons = (): HTMLElement[] => [...(menu.current?.querySelectorAll('button') ?? [])];

  useLayoutEffect(() => {
    const element = menu.current;
    if (element === null) return;
    // All of it within the page, wherever it was asked for.
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(0, Math.min(at.x, window.innerWidth - width))}px`;
    element.style.top = `${Math.max(0, Math.min(at.y, window.innerHeight - height))}px`;
    buttons()[0]?.focus();
  }, [at]);

  useEffect(() => {
    const pressed = ({ target }: PointerEvent): void => {
      if (!(target instanceof Node && menu.current?.contains(target) === true)) onClose();
    };
    document.addEventListener('pointerdown', pressed);
    window.addEventListener('blur', onClose);
    return () => {
      document.removeEventListener('pointerdown', pressed);
      window.removeEventListener('blur', onClose);
    };
  }, [onClose]);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    // The page's own keys mean something else.
    event.stopPropagation();
    const all = buttons();
    const now = all.findIndex((button) => button === document.activeElement);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: (now + 1) % all.length,
      ArrowUp: (now - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    };
    const place = places[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (place !== undefined) all[place]?.focus();
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={menu}
      class="context-menu"
      data-testid="context-menu"
      role="menu"
      aria-label={label}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      {items.map(({ id, name, keys, disabled, act }) => (
        <button
          key={id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          data-testid={`menu-${id}`}
          aria-disabled={disabled}
          aria-keyshortcuts={keys}
          onClick={() => {
            if (disabled) return;
            onClose();
            act();
          }}
        >
          <span>{name}</span>
          {keys !== undefined && <span class="menu-keys">{keys.replace('Control', 'Ctrl')}</span>}
        </button>
      ))}
    </div>
  );
}
