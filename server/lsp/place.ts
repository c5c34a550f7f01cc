/** Where people find a span: a text that is a value in another file (`dockerfile_inline`) is shown in that file. */
import type { Finding } from '../rules/rule.ts';
import { shownAt } from '../syntax/origin.ts';
import type { Span } from '../syntax/source.ts';

export const placeOf = (span: Span): Span => shownAt(span);

export const fileOf = (finding: Finding): string => placeOf(finding.span).source.path;
