export function grammarText(): string;
export function generateGrammar(): void;
