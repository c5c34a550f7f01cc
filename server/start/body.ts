/** All of the program as one script: what is compiled of it is kept, and what each entry does not need is not run. */
export const cli = (): Promise<unknown> => import('../cli.ts');
export const server = (): Promise<unknown> => import('../main.ts');
