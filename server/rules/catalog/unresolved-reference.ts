import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: 'unresolved-reference',
  severity: 'info',
  summary: 'A file that the project is made of is missing, remote or broken.',
  rationale:
    'An `include`, an `extends` or a `.env` that cannot be read leaves a hole: which volumes it brings, and which paths its variables make, is not known, so nothing can be said about them. Compose refuses most of these; what is remote is not fetched.',
  bad: 'include:\n  - parts/database.yaml   # there is no such file\nservices:\n  app:\n    image: example.org/app:1\n',
  good: 'services:\n  app:\n    image: example.org/app:1\n',
  fixSafety: 'none',
  since: '0.1.0',
  refusal: true,
  *check({ analysed: { project } }) {
    for (const { span, message, reference } of project.problems) {
      if (!reference) continue;
      yield {
        severity: 'info',
        message,
        span,
        related: [],
        fixes: () => [],
      };
    }
  },
};

export default rule;
