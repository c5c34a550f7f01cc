export function withFields(text: string, schema: unknown): string;
