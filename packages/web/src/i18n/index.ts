import { createI18n } from 'vue-i18n';
import { compile } from './compile.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'zh-CN', name: '简体中文' },
] as const;
export type LanguageCode = (typeof LANGUAGES)[number]['code'];

/** The language to show: the chosen one, else the first of the browser's that there is, else English. */
export function pickLanguage(chosen: string | null, wanted: readonly string[]): LanguageCode {
  for (const tag of [chosen, ...wanted]) {
    if (!tag) continue;
    const exact = LANGUAGES.find(({ code }) => code.toLowerCase() === tag.toLowerCase());
    if (exact) return exact.code;
    const base = tag.split('-')[0]?.toLowerCase();
    const near = LANGUAGES.find(({ code }) => code.split('-')[0] === base);
    if (near) return near.code;
  }
  return 'en';
}

/** Index of the form to take, by the plural rules of the language; the forms stand in the order that `Intl` names them. */
function pluralRule(code: LanguageCode) {
  const rules = new Intl.PluralRules(code);
  const categories = rules.resolvedOptions().pluralCategories;
  const order = ['zero', 'one', 'two', 'few', 'many', 'other'].filter((name) =>
    categories.includes(name as never),
  );
  return (count: number, forms: number) => Math.min(order.indexOf(rules.select(count)), forms - 1);
}

const time = { hour: 'numeric', minute: '2-digit' } as const;
const day = { weekday: 'short', day: 'numeric', month: 'short' } as const;

export const i18n = createI18n({
  legacy: false,
  locale: 'en' as LanguageCode,
  fallbackLocale: 'en',
  messages: { en, 'zh-CN': zhCN },
  messageCompiler: compile,
  pluralRules: { en: pluralRule('en'), 'zh-CN': pluralRule('zh-CN') },
  datetimeFormats: { en: { time, day }, 'zh-CN': { time, day } },
  missingWarn: false,
  fallbackWarn: false,
});
