/** Tables as CSV (RFC 4180). */

export type CsvField = string | number | undefined;

export function csvText(rows: readonly (readonly CsvField[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

/** A spreadsheet would run text that is a formula; an apostrophe keeps it text. */
function quoted(field: CsvField): string {
  if (field === undefined) return '';
  if (typeof field === 'number') return String(field);
  const safe = couldBeFormula(field) ? `'${field}` : field;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const looksLikeNumber = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;
/** Numbers, references to cells, and what calculates with them. */
const arithmetic = /^([A-Z]{1,3}\d+|\d+([.,]\d+)?|[-+*/^&%:$\s])+$/i;

/** Behind a sign only what calls a function or a program, or calculates. */
function couldBeFormula(text: string): boolean {
  if (/^[=@\t\r]/.test(text)) return true;
  return (
    /^[+-]/.test(text) &&
    !looksLikeNumber.test(text) &&
    (/[(|!]/.test(text) || arithmetic.test(text))
  );
}
