/** How many cells a line has as the head of a GFM table; 0 when it cannot be one (GFM 0.29, section 4.10). */
export function headCells(line: string): number {
  let cells = 0;
  let atCellStart = line.charAt(0) !== '|';
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if (character === ' ' || character === '\t') continue;
    if (atCellStart) cells++;
    atCellStart = character === '|';
    if (character === '\\' && /[\\|]/.test(line.charAt(index + 1))) index++;
  }
  return cells;
}

/** How many cells a line has as the delimiter row of a GFM table; 0 when it is none. */
export function delimiterCells(line: string): number {
  if (!/^[|:-][|: \t-]*$/.test(line) || !/[|:]/.test(line)) return 0;
  const cells = line.replace(/^\|/, '').split('|');
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells.every((cell) => /^:?-+:?$/.test(cell.trim())) ? cells.length : 0;
}
