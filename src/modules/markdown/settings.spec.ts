import { expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (body: string) =>
  extractSectionElements({ key: 'configuration', heading: 'Configuration', source: `## Configuration\n\n${body}` });
const settings = (body: string) =>
  read(body).settings.map(({ name, default: value, description }) => [name, value, description]);

test('tables', () => {
  expect(
    settings('| Variable | Default | Purpose |\n|-|-|-|\n| `SHOP_ON=1` | | switch |\n| `SHOP_MAX` | `10` | |\n'),
  ).toEqual([
    ['SHOP_ON', '1', 'switch'],
    ['SHOP_MAX', '10', null],
  ]);
  expect(read('| Service | Image |\n|-|-|\n| a | b |\n').unread.map((found) => found.kind)).toEqual(['setting']);
});

test('list items that start with code', () => {
  expect(
    settings('- `SHOP_ON=false` (for now)\n- **`shop.max`**: at most this, defaults to `10`\n- see `SHOP_X`\n'),
  ).toEqual([
    ['SHOP_ON', 'false', '(for now)'],
    ['shop.max', '10', 'at most this, defaults to 10'],
  ]);
});

test('lines of an environment file', () => {
  expect(settings('```bash\nSHOP_ON=1   # switch\n# SHOP_OFF=\nexport SHOP_X=a b\nyarn dev\n```\n')).toEqual([
    ['SHOP_ON', '1', 'switch'],
    ['SHOP_OFF', null, null],
    ['SHOP_X', 'a b', null],
  ]);
});
