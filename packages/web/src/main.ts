import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
// First: without it the schema library tries to compile code, which the content security policy refuses.
import './jitless.ts';
import App from './App.vue';
import { whenMarked } from './call/marks.ts';
import { enterByLink } from './composables/entry.ts';
import { useLanguage } from './composables/use-language.ts';
import { useTheme } from './composables/use-theme.ts';
import { i18n } from './i18n/index.ts';
import { routes } from './router.ts';
import { usePreferencesStore } from './stores/preferences.ts';
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js';
import './styles/main.css';

/** Milliseconds. */
const DRAW_WITHIN_MS = 200;

const pinia = createPinia();
setActivePinia(pinia);

// Before anything is drawn: a person who came by link is already on the way in while the page is being built.
const onTheWay = enterByLink(
  new URL(location.href),
  () => usePreferencesStore().name || i18n.global.t('common.guest'),
);

const app = createApp(App);
app
  .use(pinia)
  .use(i18n)
  .use(icons)
  .use(createRouter({ history: createWebHistory(), routes }));
app.runWithContext(() => {
  useTheme();
  useLanguage();
});
// The answer to `join` takes a while: that is the time to draw in. A slow way in must not leave the page blank, though.
if (onTheWay) await whenMarked('joinSent', DRAW_WITHIN_MS);
app.mount('#app');
