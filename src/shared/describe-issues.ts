import * as v from 'valibot';

/** Where in the data a schema found fault, and what, as clauses: `“output” is "sigmod" instead of …`. */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map(describeIssue).join('; ');
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const { type, expected, received, message } = issue;
  const where = v.getDotPath(issue);
  if (where === null || expected === null)
    return where === null ? message : `“${where}”: ${message}`;
  if (expected === 'never') {
    return type === 'strict_object'
      ? `it has no field “${where}”`
      : `“${where}” is ${received}, which is one too many`;
  }
  const wanted = expected.replace(/^\((.*)\)$/, '$1').replaceAll(' | ', ', ');
  if (received === 'undefined') return `“${where}” is missing`;
  const choice = type === 'picklist' || type === 'variant' ? 'one of ' : '';
  return `“${where}” is ${received} instead of ${choice}${wanted}`;
}
