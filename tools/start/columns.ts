/** Rows as aligned columns, with nothing behind the last word. */
export const columns = (rows: readonly (readonly string[])[], indent = "  "): string => {
  const widths = (rows[0] ?? []).map((_cell, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `${indent}${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd();
  return rows.map(line).join("\n");
};
