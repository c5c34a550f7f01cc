import type { Rule } from '../rule.ts';

/** Found by the engine once all other rules have spoken (lint/unused.ts). */
const rule: Rule = {
  name: 'unused-suppression',
  severity: 'info',
  summary: 'A suppression comment silences nothing, or names no rule.',
  rationale: 'A comment that silences nothing today would silence a true finding tomorrow.',
  bad: '# persistence-ignore missing-volume\nservices:\n  web:\n    image: nginx:1.27\n',
  good: 'services:\n  web:\n    image: nginx:1.27\n',
  fixSafety: 'none',
  since: '0.1.0',
  *check() {},
};

export default rule;
