/** Whether the picture could be loaded, and its size. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface ImageStatus {
  readonly kind: 'loading' | 'loaded' | 'failed';
  /** In pixels; 0 until loaded. */
  readonly width: number;
  readonly height: number;
  readonly onLoad: (event: { readonly currentTarget: HTMLImageElement }) => void;
  readonly onError: () => void;
}

/** @param shown the element, where it may have been there before it was asked about */
export function useImage(src: string, shown?: RefObject<HTMLImageElement>): ImageStatus {
  const loading = { src, kind: 'loading', width: 0, height: 0 } as const;
  const [known, setKnown] = useState<
    Pick<ImageStatus, 'kind' | 'width' | 'height'> & { readonly src: string }
  >(loading);
  // What is known of another picture says nothing about this one.
  const { kind, width, height } = known.src === src ? known : loading;
  useLayoutEffect(() => {
    const image = shown?.current;
    if (image?.complete !== true) return;
    const size = { width: image.naturalWidth, height: image.naturalHeight };
    setKnown({ src, kind: size.width > 0 ? 'loaded' : 'failed', ...size });
  }, [src]);
  return {
    kind,
    width,
    height,
    onLoad: ({ currentTarget: image }) =>
      setKnown({ src, kind: 'loaded', width: image.naturalWidth, height: image.naturalHeight }),
    onError: () => setKnown({ src, kind: 'failed', width: 0, height: 0 }),
  };
}
