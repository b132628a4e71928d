import { describe, expect, test } from 'vitest';
import { extractElements, extractSectionElements } from './elements.js';

const read = (source: string) => extractSectionElements({ key: 'architecture', heading: 'Architecture', source });
const names = (found: readonly { name: string; introduced: boolean }[]) =>
  found.map(({ name, introduced }) => `${name}${introduced ? '' : ' (mentioned)'}`);

describe('commands and events', () => {
  test('the labels of the template', () => {
    const { commands, events } = read(
      '## A\n\n### Commands & Events\n- **Command**: `shop.order.place`\n- **Event**: `shop.order.placed`\n',
    );
    expect(names(commands)).toEqual(['shop.order.place']);
    expect(names(events)).toEqual(['shop.order.placed']);
    expect(commands[0]?.position).toEqual({ section: 'architecture', line: 4, endLine: 4, start: 43, end: 61 });
  });

  test('the labels of the template without its heading, in the architecture alone', () => {
    const source =
      '## A\n\n- **Command**: `shop.order.place`\n- **Event:** `shop.order.placed`\n- **Command**: `mail.message.send` (existing)\n- The command `shop.order.cancel` stays\n';
    const { commands, events } = read(source);
    expect(names(commands)).toEqual([
      'shop.order.place',
      'mail.message.send (mentioned)',
      'shop.order.cancel (mentioned)',
    ]);
    expect(names(events)).toEqual(['shop.order.placed']);
    const elsewhere = extractSectionElements({ key: 'api-contracts', heading: 'API Contracts', source });
    expect(names(elsewhere.commands)[0]).toBe('shop.order.place (mentioned)');
  });

  test('lists below a label, nested or not, and shorthand', () => {
    const { commands, events } = read(
      '## A\n\n### Commands & Events\n\nCommands:\n- `shop.order.place` / `.cancel`\n- `shipOrder`\n\n- **Events**\n  - `shop.order.placed|cancelled`\n',
    );
    expect(names(commands)).toEqual(['shop.order.place', 'shop.order.cancel', 'shipOrder']);
    expect(names(events)).toEqual(['shop.order.placed', 'shop.order.cancelled']);
  });

  test('tables and code', () => {
    const { commands, events } = read(
      "## A\n\n### Commands\n| Command ID | Undo |\n|-|-|\n| `shop.cart.add` | yes |\n\n### Events\n```ts\n{ id: 'shop.cart.added', label: 'x.y' },\n```\n```\nshop.cart.emptied\n```\n",
    );
    expect(names(commands)).toEqual(['shop.cart.add']);
    expect(names(events)).toEqual(['shop.cart.added', 'shop.cart.emptied']);
  });

  test('consumed and existing ones are mentioned, not introduced', () => {
    const { events, commands } = read(
      '## A\n\n### Commands & Events\n- **Consumed events:** `mail.message.received`\n- **Command**: `mail.message.send` (existing)\n',
    );
    expect(names(events)).toEqual(['mail.message.received (mentioned)']);
    expect(names(commands)).toEqual(['mail.message.send (mentioned)']);
  });

  test('prose elsewhere counts beside the word, and files, features and settings do not', () => {
    const { commands, events } = read(
      '## A\n\nThe command `shop.order.place` emits `shop.order.placed`; see `shop.order.ts`, the event `a.b` and `shop.order.view`.\n',
    );
    expect(names(commands)).toEqual(['shop.order.place (mentioned)']);
    expect(names(events)).toEqual(['shop.order.placed (mentioned)']);
  });

  test('a name that nothing calls command or event is unread', () => {
    const { unread } = read('## A\n\n### Commands & Events\n- `shop.order.view`\n');
    expect(unread.map((found) => found.kind)).toEqual(['command']);
  });
});

test('over a document the mention that introduces a name wins', () => {
  const markdown = '## One\n\nThe event `a.b.done` is new.\n\n## Events\n\n- `a.b.done`\n';
  const cut = markdown.indexOf('## Events');
  const { events } = extractElements(markdown, [
    { key: 'one', heading: 'One', start: 0, end: cut },
    { key: 'events', heading: 'Events', start: cut, end: markdown.length },
  ]);
  expect(events).toMatchObject([{ name: 'a.b.done', introduced: true, position: { section: 'events', line: 7 } }]);
});
