/** Whether the picture could be loaded, and its size. */
import { useEffect, useState } from 'preact/hooks';

export interface ImageStatus {
  readonly kind: 'loading' | 'loaded' | 'failed';
  /** In pixels; 0 until loaded. */
  readonly width: number;
  readonly height: number;
  readonly onLoad: (event: { readonly currentTarget: HTMLImageElement }) => void;
  readonly onError: () => void;
}

export function useImage(src: string): ImageStatus {
  const fresh = { src, kind: 'loading', width: 0, height: 0 } as const;
  const [state, setState] = useState<Pick<ImageStatus, 'kind' | 'width' | 'height'>>(fresh);
  useEffect(() => setState({ kind: 'loading', width: 0, height: 0 }), [src]);
  return {
    ...state,
    onLoad: ({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
      setState({ kind: 'loaded', width, height }),
    onError: () => setState({ kind: 'failed', width: 0, height: 0 }),
  };
}
