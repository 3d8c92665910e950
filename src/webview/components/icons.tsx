/** Small pictures beside words; never the only carrier of a meaning. */
import type { ComponentChildren } from 'preact';

function Icon({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {children}
    </svg>
  );
}

export function WarningIcon() {
  return (
    <Icon>
      <path d="M8 1.8 15 14H1L8 1.8Z" />
      <path d="M8 6.2v3.6M8 11.4v1" />
    </Icon>
  );
}

export function InfoIcon() {
  return (
    <Icon>
      <circle cx="8" cy="8" r="6.3" />
      <path d="M8 7.2v4M8 4.6v1" />
    </Icon>
  );
}

export function CheckIcon() {
  return (
    <Icon>
      <circle cx="8" cy="8" r="6.3" />
      <path d="m5 8.2 2.2 2.2L11 6" />
    </Icon>
  );
}

export function PinIcon() {
  return (
    <Icon>
      <path d="M5.5 1.8h5l-.7 5 2.4 2.4H3.8L6.2 6.8l-.7-5ZM8 9.2v5" />
    </Icon>
  );
}

/** Triangles as on a player; with a bar where it goes to the end. */
export function WalkIcon({ to }: { readonly to: 'first' | 'previous' | 'next' | 'last' }) {
  const back = to === 'first' || to === 'previous';
  const end = to === 'first' || to === 'last';
  return (
    <Icon>
      <path d={back ? 'M10.5 3.5 5.5 8l5 4.5' : 'M5.5 3.5l5 4.5-5 4.5'} />
      {end && <path d={back ? 'M3 3.5v9' : 'M13 3.5v9'} />}
    </Icon>
  );
}

export function PictureIcon() {
  return (
    <Icon>
      <rect x="1.7" y="2.7" width="12.6" height="10.6" rx="1" />
      <circle cx="5.3" cy="6.2" r="1.2" />
      <path d="m2 12 3.6-3.4 2.4 2 3-3.4 3.2 3.4" />
    </Icon>
  );
}
