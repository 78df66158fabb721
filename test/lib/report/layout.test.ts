/** Columns align, Chinese or not. */
import { expect, test } from 'vitest';
import { columns, displayWidth } from '../../../lib/report/layout.ts';

test('a Chinese character takes two columns', () => {
  expect(displayWidth('主机 a：')).toBe(8);
});

test('every column but the last is padded to its widest cell', () => {
  expect(
    columns([
      ['a', '未恢复', 'x'],
      ['bbb', 'ok', 'y'],
      ['c', '', ''],
    ]),
  ).toEqual(['a    未恢复  x', 'bbb  ok      y', 'c']);
});

test('no rows are no lines', () => {
  expect(columns([])).toEqual([]);
});
