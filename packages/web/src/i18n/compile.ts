import type { MessageCompiler, MessageContext, MessageFunction } from 'vue-i18n';

/**
 * Our messages know two things, `{name}` and ` | ` between plural forms. This takes the place of the general compiler,
 * which is ten times as large as all that it would be used for.
 */
export const compile: MessageCompiler<string, string> = (message) => {
  const forms = String(message)
    .split(' | ')
    .map((form) => form.split(/\{(\w+)\}/));
  const speak: MessageFunction<string> = (context: MessageContext<string>) => {
    const texts = forms.map((parts) =>
      parts.map((part, i) => (i % 2 === 1 ? String(context.named(part) ?? '') : part)).join(''),
    );
    return texts.length === 1 ? texts[0]! : context.plural(texts);
  };
  return speak;
};
