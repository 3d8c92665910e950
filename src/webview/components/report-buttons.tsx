/** The reports that a page can save, a button a format. */
import type { ComponentChildren } from 'preact';

interface Props<Format extends string> {
  readonly formats: readonly Format[];
  readonly disabled?: boolean;
  readonly onSave: (format: Format) => void;
  /** What else is to be said of them. */
  readonly children?: ComponentChildren;
}

export function ReportButtons<Format extends string>({
  formats,
  disabled = false,
  onSave,
  children,
}: Props<Format>) {
  return (
    <div class="buttons" role="group" aria-label="Save report">
      <span class="quiet">Report</span>
      {children}
      {formats.map((format) => (
        <button
          key={format}
          type="button"
          class="secondary"
          data-testid={`export-${format}`}
          aria-label={`Save report as ${format.toUpperCase()}`}
          disabled={disabled}
          onClick={() => onSave(format)}
        >
          {format.toUpperCase()}
        </button>
      ))}
    </div>
  );
}
