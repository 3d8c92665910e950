import * as v from 'valibot';
import { shortened } from './shortened';

/** A file may have as many faults as it has values, and values as long as itself. */
const mostIssues = 5;
const mostCharacters = 120;

/** Where in the data a schema found fault, and what, as clauses: `“output” is "sigmod" instead of …`. */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  const clauses = issues.slice(0, mostIssues).map(describeIssue);
  const others = issues.length - clauses.length;
  if (others > 0) clauses.push(`and ${others} more like these`);
  return clauses.join('; ');
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const { type, expected, message } = issue;
  const received = shortened(issue.received, mostCharacters);
  const dotted = v.getDotPath(issue);
  if (dotted === null) return message;
  const where = shortened(dotted, mostCharacters);
  if (expected === null) return `“${where}”: ${message}`;
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
