/** The reports that a page can save, a button a format. */

interface Props<Format extends string> {
  readonly formats: readonly Format[];
  readonly disabled?: boolean;
  readonly onSave: (format: Format) => void;
}

export function ReportButtons<Format extends string>({
  formats,
  disabled = false,
  onSave,
}: Props<Format>) {
  return (
    <div class="buttons" role="group" aria-label="Save report">
      <span class="quiet">Report</span>
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
