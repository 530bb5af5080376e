/** Rows as aligned columns; the last one is not padded. */
export const columns = (rows: readonly (readonly string[])[], indent = "  "): string => {
  const widths = (rows[0] ?? []).map((_cell, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join("  ");
  return rows.map((row) => `${indent}${line(row)}`).join("\n");
};
