/** As much of it as is used; its own types come with those of a whole compiler. */
declare module 'sql.js' {
  export type SqlValue = number | string | Uint8Array | null;
  export interface Database {
    exec(sql: string): { readonly columns: string[]; readonly values: SqlValue[][] }[];
    close(): void;
  }
  export interface SqlJs {
    readonly Database: new (image: Uint8Array) => Database;
  }
  export default function initSqlJs(options: { readonly wasmBinary: Uint8Array }): Promise<SqlJs>;
}
