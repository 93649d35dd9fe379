import { afterEach, expect, it } from 'vitest';
import { i18n } from './index.ts';

const { t, d } = i18n.global;
afterEach(() => {
  i18n.global.locale.value = 'en';
});

it('fills in names', () => {
  expect(t('notices.joined', { name: 'Ada' })).toBe('Ada has joined');
  expect(t('notices.message', { name: 'Ada', text: 'a | b {c}' })).toBe('Ada writes: a | b {c}');
});

it('takes the plural form of the language', () => {
  expect(t('prejoin.people', 1)).toBe('One person is there.');
  expect(t('prejoin.people', 2)).toBe('2 people are there.');
  i18n.global.locale.value = 'zh-CN';
  expect(t('prejoin.people', 1)).toBe('会议里已有 1 人。');
  expect(t('prejoin.people', 12)).toBe('会议里已有 12 人。');
});

it('writes times as the language does', () => {
  const at = new Date(2026, 2, 24, 15, 4);
  expect(d(at, 'time')).toMatch(/3:04/);
  i18n.global.locale.value = 'zh-CN';
  expect(d(at, 'time')).toBe('15:04');
});
